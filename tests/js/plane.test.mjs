import assert from "node:assert/strict";
import { test } from "node:test";

import { codeAt, frameOf, MovingCode, project, projectAll } from "../../lens/web/maths/plane.mjs";

// Two orthonormal directions in four dimensions.
const half = Math.SQRT1_2;
const space = {
  plane: [[half, half, 0, 0], [0, 0, 0.6, 0.8]],
  mean: [1, 1, 0, 0],
  plane_low: [-2, -3],
  plane_high: [4, 5],
};

const close = (a, b, gap = 1e-6) => {
  assert.equal(a.length, b.length);
  a.forEach((value, k) => assert.ok(Math.abs(value - b[k]) < gap, `${a} is not ${b}`));
};

test("coordinates are the dot products with the directions", () => {
  close(project(space, [1, 2, 3, 4]), [3 * half, 1.8 + 3.2]);
});

test("the frame lies around the mean", () => {
  const mean = 2 * half;
  assert.deepEqual(frameOf(space), { u: [mean - 2, mean + 4], v: [-3, 5], probability: false });
});

test("a code moves in the plane and what lies off it stays", () => {
  const z = [1, 2, 3, 4];
  const code = new MovingCode(space, z);
  code.moveTo(5, -7);
  close(project(space, code.z), [5, -7]);
  // These two directions are orthogonal to the plane.
  const off = (each) => [(each[0] - each[1]) * half, 0.8 * each[2] - 0.6 * each[3]];
  close(off(code.z), off(z));
  assert.deepEqual(code.place, [5, -7]);
});

test("ten thousand moves add up no error", () => {
  const code = new MovingCode(space, [1, 2, 3, 4]);
  const start = code.place;
  for (let k = 0; k < 10_000; k += 1) code.moveTo(Math.cos(k), Math.sin(k));
  code.moveTo(...start);
  close(code.z, [1, 2, 3, 4]);
});

test("a slider and a jump change where the code lies", () => {
  const code = new MovingCode(space, [1, 2, 3, 4]);
  code.moveTo(0, 0);
  code.setLatent(0, 2);
  close(code.place, project(space, code.z));
  code.set([4, 3, 2, 1]);
  close(code.place, project(space, [4, 3, 2, 1]));
  code.moveTo(1, 1);
  close(project(space, code.z), [1, 1]);
});

test("the code at a place of the plane through another code", () => {
  const code = new MovingCode(space, [1, 2, 3, 4]);
  const out = new Float32Array(4);
  codeAt(space, code.offPlane, ...code.place, out);
  close(out, [1, 2, 3, 4]);
});

test("all codes are projected", () => {
  const codes = Float32Array.from([1, 2, 3, 4, 5, 6, 7, 8]);
  const model = { count: 2, entry: { space }, code: (i) => codes.subarray(4 * i, 4 * i + 4) };
  const { u, v } = projectAll(model);
  close([...u], [3 * half, 11 * half], 1e-5);
  close([...v], [5, 4.2 + 6.4], 1e-5);
});
