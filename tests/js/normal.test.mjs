import assert from "node:assert/strict";
import { test } from "node:test";

import { normalCdf, normalDraw, normalQuantile } from "../../lens/web/maths/normal.mjs";
import { generator } from "../../lens/web/maths/noise.mjs";

// From tables of the standard normal distribution.
const QUANTILES = [
  [0.002, -2.878162], [0.025, -1.959964], [0.1, -1.281552], [0.5, 0], [0.75, 0.67449], [0.9, 1.281552], [0.998, 2.878162],
];

test("the distribution function", () => {
  for (const [p, x] of QUANTILES) assert.ok(Math.abs(normalCdf(x) - p) < 2e-7, `at ${x}`);
});

test("the quantile", () => {
  for (const [p, x] of QUANTILES) assert.ok(Math.abs(normalQuantile(p) - x) < 5e-5, `at ${p}`);
});

test("draws have mean 0, variance 1 and the right share beyond 1.96", () => {
  const random = generator(3);
  const draws = Array.from({ length: 20_000 }, () => normalDraw(random));
  const mean = draws.reduce((sum, x) => sum + x, 0) / draws.length;
  const variance = draws.reduce((sum, x) => sum + x * x, 0) / draws.length;
  const beyond = draws.filter((x) => Math.abs(x) > 1.959964).length / draws.length;
  assert.ok(Math.abs(mean) < 0.03);
  assert.ok(Math.abs(variance - 1) < 0.05);
  assert.ok(Math.abs(beyond - 0.05) < 0.007);
});

test("a draw is finite whatever chance gives", () => {
  assert.ok(Number.isFinite(normalDraw(() => 0)));
  assert.ok(Number.isFinite(normalDraw(() => 1 - 2 ** -32)));
});
