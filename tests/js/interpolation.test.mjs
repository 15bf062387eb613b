import assert from "node:assert/strict";
import { test } from "node:test";

import { lerp, slerp } from "../../lens/web/maths/interpolation.mjs";

const at = (between, a, b, t) => {
  const out = new Float32Array(a.length);
  between(a, b, t, out);
  return [...out];
};
const close = (a, b) => a.forEach((value, k) => assert.ok(Math.abs(value - b[k]) < 1e-6, `${a} is not ${b}`));
const length = (z) => Math.hypot(...z);

test("the straight line", () => {
  close(at(lerp, [0, 4], [8, 0], 0.25), [2, 3]);
  close(at(lerp, [0, 4], [8, 0], 0), [0, 4]);
  close(at(lerp, [0, 4], [8, 0], 1), [8, 0]);
});

test("on the unit circle the arc has constant speed", () => {
  // In polar coordinates it is a line of the angle.
  for (const t of [0, 0.1, 0.5, 0.9, 1]) {
    const angle = 0.3 + t * (2.1 - 0.3);
    const [a, b] = [0.3, 2.1].map((each) => [Math.cos(each), Math.sin(each)]);
    close(at(slerp, a, b, t), [Math.cos(angle), Math.sin(angle)]);
  }
});

test("the length changes linearly and the path stays in the plane of both ends", () => {
  const a = [3, 0, 0];
  const b = [0, 1, 0];
  for (const t of [0.2, 0.5, 0.7]) {
    const z = at(slerp, a, b, t);
    assert.ok(Math.abs(length(z) - (3 - 2 * t)) < 1e-6);
    assert.equal(z[2], 0);
    assert.ok(Math.abs(Math.atan2(z[1], z[0]) - (t * Math.PI) / 2) < 1e-6);
  }
});

test("where there is no direction it is the straight line", () => {
  for (const [a, b] of [[[0, 0], [2, 2]], [[1, 0], [-1, 0]], [[1, 1], [2, 2]]]) {
    close(at(slerp, a, b, 0.3), at(lerp, a, b, 0.3));
  }
});
