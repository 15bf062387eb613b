import assert from "node:assert/strict";
import { test } from "node:test";

import { numpyDraws } from "../../lens/web/maths/numpy_draws.mjs";

// Printed by numpy.random.default_rng(0).random((3, 784), numpy.float32).
const FIRST = [0.8506242036819458, 0.6369616389274597, 0.5111364722251892, 0.26978665590286255];
const LAST = [0.728836, 0.3229723];

test("the numbers are NumPy's", () => {
  assert.deepEqual([...numpyDraws(0, 4)], FIRST);
});

test("passing over some leads to the same numbers", () => {
  numpyDraws(2 * 784 + 782, 2).forEach((value, k) => assert.ok(Math.abs(value - LAST[k]) < 1e-7));
  assert.deepEqual(numpyDraws(5 * 784, 784), numpyDraws(0, 6 * 784).slice(5 * 784));
});
