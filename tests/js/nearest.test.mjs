// What is said of the test images whose codes are nearest.

import assert from "node:assert/strict";
import { test } from "node:test";

import { nearestWords } from "../../lens/web/widgets/nearest_digits.mjs";

test("a code of a test image is said to be one, others tell how far the next is", () => {
  assert.equal(nearestWords(0, 0.016, false, "digit", "digits"), "Nearest test digits: the first is right here.");
  assert.equal(nearestWords(0.0234, 0.016, false, "digit", "digits"), "Nearest test digits: 0.023 [away](distance) (usually 0.016).");
  assert.equal(nearestWords(3, 0.016, true, "picture", "pictures"), "No real picture near: the nearest code is 3.0 [away](distance) (usually 0.016).");
});
