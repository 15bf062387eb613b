import assert from "node:assert/strict";
import { test } from "node:test";

import { ellipse, turnedCovariance } from "../../lens/web/maths/ellipse.mjs";

const angle = 0.7;
const rotation = [[Math.cos(angle), -Math.sin(angle)], [Math.sin(angle), Math.cos(angle)]];
const mirror = [[Math.cos(angle), Math.sin(angle)], [Math.sin(angle), -Math.cos(angle)]];

test("the covariance of turned codes is that of turned draws", () => {
  const [s, t] = [0.3, 1.7];
  for (const turn of [rotation, mirror]) {
    const [uu, uv, vv] = turnedCovariance([2 * Math.log(s), 2 * Math.log(t)], turn);
    // A distribution of four points with these two deviations.
    const draws = [[s, t], [-s, t], [s, -t], [-s, -t]].map(([x, y]) => [
      x * turn[0][0] + y * turn[1][0],
      x * turn[0][1] + y * turn[1][1],
    ]);
    const mean = (product) => draws.reduce((sum, draw) => sum + product(draw), 0) / draws.length;
    assert.ok(Math.abs(uu - mean(([u]) => u * u)) < 1e-12);
    assert.ok(Math.abs(uv - mean(([u, v]) => u * v)) < 1e-12);
    assert.ok(Math.abs(vv - mean(([, v]) => v * v)) < 1e-12);
  }
});

test("every corner of an ellipse has the Mahalanobis distance asked for, and the last is the first", () => {
  for (const [mean, [uu, uv, vv], distance] of [
    [[0, 0], [1, 0, 1], 1],
    [[2, -3], [0.5, 0.3, 0.4], 2],
    [[-1, 4], [2, -1.2, 0.9], 1],
  ]) {
    const points = ellipse(mean, [uu, uv, vv], distance);
    const determinant = uu * vv - uv * uv;
    for (let k = 0; k < points.length; k += 2) {
      const [x, y] = [points[k] - mean[0], points[k + 1] - mean[1]];
      const squared = (vv * x * x - 2 * uv * x * y + uu * y * y) / determinant;
      assert.ok(Math.abs(Math.sqrt(squared) - distance) < 1e-4, `${squared}`);
    }
    assert.deepEqual([...points.slice(-2)], [...points.slice(0, 2)]);
  }
});

test("a posterior without any spread is a point", () => {
  assert.ok(ellipse([1, 2], [0, 0, 0], 2).every((value, k) => value === (k % 2 ? 2 : 1)));
});
