import assert from "node:assert/strict";
import { test } from "node:test";

import { generator, noiseFor } from "../../lens/web/maths/noise.mjs";

test("Mulberry32 gives its known numbers", () => {
  // Its first three outputs for the seed 1, as other implementations have them.
  const random = generator(1);
  assert.deepEqual([random(), random(), random()].map((x) => Math.round(x * 4294967296)), [2693262067, 11749833, 2265367787]);
});

test("the same image and pattern have the same noise, others have another", () => {
  const one = noiseFor(5, 0);
  assert.deepEqual(one, noiseFor(5, 0));
  assert.notDeepEqual(one.hit, noiseFor(6, 0).hit);
  assert.notDeepEqual(one.hit, noiseFor(5, 1).hit);
});

test("stochastic binarisation is the same for every pattern", () => {
  assert.deepEqual(noiseFor(5, 0).draw, noiseFor(5, 9).draw);
});

test("uniform numbers fill [0, 1) evenly", () => {
  const all = Array.from({ length: 20 }, (_, i) => [...noiseFor(i, 0).hit, ...noiseFor(i, 0).coin]).flat();
  const bins = new Array(10).fill(0);
  for (const value of all) bins[Math.floor(10 * value)] += 1;
  const expected = all.length / 10;
  const chi = bins.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
  // 99.9 % quantile of the chi-squared distribution with nine degrees of freedom.
  assert.ok(chi < 27.88, `chi² = ${chi}`);
});
