import assert from "node:assert/strict";
import { test } from "node:test";

import { drawCode } from "../../lens/web/maths/draws.mjs";
import { generator } from "../../lens/web/maths/noise.mjs";

const fitted = { mean: Float64Array.of(3, -1), factor: Float64Array.of(2, 0, 1.5, 0.5) };
const COUNT = 20_000;
const draws = (gaussian) => {
  const random = generator(7);
  return Array.from({ length: COUNT }, () => drawCode(2, gaussian, random));
};
const mean = (values) => values.reduce((sum, x) => sum + x, 0) / values.length;

/** Means and covariances of the two latents. */
function moments(codes) {
  const centre = [0, 1].map((k) => mean(codes.map((z) => z[k])));
  const covariance = (i, j) => mean(codes.map((z) => (z[i] - centre[i]) * (z[j] - centre[j])));
  return [...centre, covariance(0, 0), covariance(0, 1), covariance(1, 1)];
}

const close = (found, wanted) => found.forEach((value, k) => assert.ok(Math.abs(value - wanted[k]) < 0.1, `${found}`));

test("draws from the prior are standard normal, wherever the codes lie", () => {
  close(moments(draws(null)), [0, 0, 1, 0, 1]);
});

test("draws from the fitted Gaussian have the codes' mean and covariance, factor · factorᵀ", () => {
  close(moments(draws(fitted)), [3, -1, 4, 3, 2.5]);
});

test("the same seed gives the same draws", () => {
  assert.deepEqual(draws(fitted).slice(0, 5), draws(fitted).slice(0, 5));
});
