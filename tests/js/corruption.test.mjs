import assert from "node:assert/strict";
import { test } from "node:test";

import { binarise, CORRUPTIONS, PERTURBATIONS } from "../../lens/web/maths/corruption.mjs";
import { noiseFor } from "../../lens/web/maths/noise.mjs";

const noise = noiseFor(0, 0);
const grey = Float32Array.from({ length: 784 }, (_, k) => (k % 100) / 100);
const run = (kind, image, level, angle = 0) => {
  const out = new Float32Array(784);
  kind.apply(image, noise, level, angle, out);
  return out;
};
const share = (out, test) => out.filter(test).length / 784;

test("level 0 changes nothing", () => {
  for (const kind of [...Object.values(CORRUPTIONS), ...Object.values(PERTURBATIONS)]) assert.deepEqual(run(kind, grey, 0), grey);
});

test("masking sets the stated share of pixels to black", () => {
  const white = new Float32Array(784).fill(1);
  assert.ok(Math.abs(share(run(CORRUPTIONS.masking, white, 0.3), (x) => x === 0) - 0.3) < 0.06);
  assert.ok(run(CORRUPTIONS.masking, white, 1).every((x) => x === 0));
});

test("salt and pepper are as frequent as each other", () => {
  const middle = new Float32Array(784).fill(0.5);
  const out = run(CORRUPTIONS["salt-pepper"], middle, 0.6);
  assert.ok(Math.abs(share(out, (x) => x === 1) - 0.3) < 0.06);
  assert.ok(Math.abs(share(out, (x) => x === 0) - 0.3) < 0.06);
});

test("Gaussian noise has the stated σ and is not clipped", () => {
  const out = run(CORRUPTIONS.gaussian, new Float32Array(784), 0.5);
  const variance = out.reduce((sum, x) => sum + x * x, 0) / 784;
  assert.ok(Math.abs(Math.sqrt(variance) - 0.5) < 0.05);
  assert.ok(out.some((x) => x < 0));
});

test("whole shifts and quarter turns move pixels exactly", () => {
  const dot = new Float32Array(784);
  dot[28 * 10 + 5] = 1; // row 10, column 5
  const find = (out) => [...out].findIndex((x) => x > 0.999);
  assert.equal(find(run(PERTURBATIONS.shift, dot, 3, 0)), 28 * 10 + 8);
  assert.equal(find(run(PERTURBATIONS.shift, dot, 2, 90)), 28 * 8 + 5);
  // Anticlockwise, (row, column) goes to (27 - column, row).
  assert.equal(find(run(PERTURBATIONS.rotate, dot, 90)), 28 * 22 + 10);
});

test("binarisation", () => {
  const see = (kind) => {
    const out = new Float32Array(784);
    binarise(kind, grey, noise, out);
    return out;
  };
  assert.deepEqual(see("grey"), grey);
  assert.deepEqual([...see("threshold")], [...grey].map((x) => (x > 0.5 ? 1 : 0)));
  const drawn = see("stochastic");
  assert.ok(drawn.every((x) => x === 0 || x === 1));
  const mean = (all) => all.reduce((sum, x) => sum + x, 0) / 784;
  assert.ok(Math.abs(mean(drawn) - mean(grey)) < 0.05);
});
