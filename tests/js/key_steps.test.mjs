import assert from "node:assert/strict";
import { test } from "node:test";

import { keyStep, spoken } from "../../lens/web/widgets/key_steps.mjs";

const range = { low: -3.1234567890123456, high: 4, step: 0.07 };

test("arrows make one step, page keys ten", () => {
  assert.equal(keyStep("ArrowRight", 1, range), 1.07);
  assert.equal(keyStep("ArrowUp", 1, range), 1.07);
  assert.equal(keyStep("ArrowLeft", 1, range), 0.93);
  assert.equal(keyStep("ArrowDown", 1, range), 0.93);
  assert.equal(keyStep("PageUp", 1, range), 1.7);
  assert.equal(keyStep("PageDown", 1, range), 0.3);
});

test("a value between two steps stays there", () => {
  assert.equal(keyStep("ArrowRight", 0.374, { low: 0, high: 1, step: 0.01 }), 0.384);
});

test("steps there and back end where they began", () => {
  let t = 0.1;
  for (let k = 0; k < 30; k += 1) t = keyStep("ArrowRight", t, { low: 0, high: 1, step: 0.01 });
  assert.equal(t, 0.4);
  for (let k = 0; k < 30; k += 1) t = keyStep("ArrowLeft", t, { low: 0, high: 1, step: 0.01 });
  assert.equal(t, 0.1);
});

test("ends are exact and hold", () => {
  assert.equal(keyStep("Home", 1, range), range.low);
  assert.equal(keyStep("End", 1, range), 4);
  assert.equal(keyStep("PageUp", 3.9, range), 4);
});

test("other keys are not the slider's", () => {
  for (const key of ["Tab", "a", " ", "toString"]) assert.equal(keyStep(key, 1, range), null);
});

test("numbers are read out with two decimals at most and a minus sign", () => {
  assert.deepEqual([2.40268468856812, -0.217, 1, -0.001, 0.5].map(spoken), ["2.4", "−0.22", "1", "0", "0.5"]);
});
