import assert from "node:assert/strict";
import { test } from "node:test";

import { addEllipse, blend, gather, Overlap } from "../../lens/web/map/clouds.mjs";
import { magnifier, reach } from "../../lens/web/map/posterior_marks.mjs";
import { Viewport } from "../../lens/web/map/viewport.mjs";
import { generator } from "../../lens/web/maths/noise.mjs";
import { deviations, planeCovariance, sample } from "../../lens/web/maths/posterior.mjs";

const half = Math.SQRT1_2;
const space = { plane: [[half, half, 0, 0], [half * 0.6, -half * 0.6, 0.8, 0]] };
const mean = [1, -2, 0, 3];
const logVar = [0.4, -2, -5, 1];
const close = (found, expected, gap) => assert.ok(Math.abs(found - expected) < gap, `${found} is not ${expected}`);

/** Draws of the posterior, and what they are on the plane. */
function draws(count) {
  const random = generator(3);
  return Array.from({ length: count }, () => sample(mean, logVar, random));
}

test("samples have the mean and the deviation of the posterior", () => {
  const all = draws(20_000);
  const sigma = deviations(logVar);
  mean.forEach((value, k) => {
    const found = all.reduce((sum, z) => sum + z[k], 0) / all.length;
    const spread = Math.sqrt(all.reduce((sum, z) => sum + (z[k] - found) ** 2, 0) / all.length);
    close(found, value, 0.04 * sigma[k]);
    close(spread, Math.exp(logVar[k] / 2), 0.03 * sigma[k]);
  });
});

test("a sample of what is like no digit is still a number that a decoder can compute with", () => {
  const drawn = [sample([0], [186], generator(3))[0], sample([0], [20], generator(3))[0]];
  assert.equal(drawn[0], drawn[1]);
  assert.ok(Number.isFinite(drawn[0]) && Math.abs(drawn[0]) < 1e6);
});

test("the covariance on the plane is that of the samples there", () => {
  const places = draws(40_000).map((z) => space.plane.map((row) => row.reduce((sum, x, k) => sum + x * (z[k] - mean[k]), 0)));
  const of = (a, b) => places.reduce((sum, place) => sum + place[a] * place[b], 0) / places.length;
  const found = planeCovariance(space, logVar);
  [of(0, 0), of(0, 1), of(1, 1)].forEach((expected, k) => close(found[k], expected, 0.02));
});

const SIDE = 60;

/** Sums of ellipses: x, y, covariance and colour each. */
function summed(ellipses) {
  const sums = new Float32Array(4 * SIDE * SIDE);
  for (const [x, y, covariance, colour] of ellipses) addEllipse(sums, SIDE, x, y, covariance, colour);
  for (let row = 0; row < SIDE; row += 1) gather(sums, SIDE, row);
  return sums;
}

test("a cloud's ellipse holds the pixels within one standard deviation", () => {
  const [x, y] = [31.3, 24.8];
  const [xx, xy, yy] = [160, 70, 90];
  const sums = summed([[x, y, [xx, xy, yy], [10, 20, 30]]]);
  let all = 0;
  for (let place = 0; place < SIDE * SIDE; place += 1) {
    const [right, down] = [(place % SIDE) + 0.5 - x, Math.floor(place / SIDE) + 0.5 - y];
    const squared = (yy * right * right - 2 * xy * right * down + xx * down * down) / (xx * yy - xy * xy);
    const count = sums[4 * place];
    all += count;
    if (squared < 0.8) close(count, 1, 1e-4);
    if (squared > 1.25) close(count, 0, 1e-4);
    close(sums[4 * place + 2], 20 * count, 1e-2);
  }
  close(all, Math.PI * Math.sqrt(xx * yy - xy * xy), 4);
});

test("a cloud that is cut by the map's edge fills what is on the map", () => {
  const sums = summed([[0, 30, [400, 0, 400], [1, 1, 1]], [500, 500, [4, 0, 4], [1, 1, 1]]]);
  const all = sums.reduce((sum, value, k) => (k % 4 ? sum : sum + value), 0);
  close(all, (Math.PI * 400) / 2, 6);
});

test("the order of the clouds makes no difference, and more of them are more opaque", () => {
  const red = [30, 30, [100, 0, 100], [255, 0, 0]];
  const blue = [36, 30, [100, 20, 100], [0, 0, 255]];
  const [one, other] = [[red, blue], [blue, red]].map((ellipses) => {
    const out = new Uint8ClampedArray(4 * SIDE * SIDE);
    const sums = summed(ellipses);
    const overlap = new Overlap();
    for (let row = 0; row < SIDE; row += 1) overlap.add(sums, SIDE, row);
    for (let row = 0; row < SIDE; row += 1) blend(sums, SIDE, row, overlap.usual, out);
    return out;
  });
  assert.deepEqual(one, other);
  const at = (column) => [...one.subarray(4 * (30 * SIDE + column), 4 * (30 * SIDE + column) + 4)];
  const [left, middle, outside] = [at(22), at(33), at(55)];
  assert.deepEqual(left.slice(0, 3), [255, 0, 0]);
  assert.deepEqual(middle.slice(0, 3), [128, 0, 128]);
  assert.ok(middle[3] > left[3] && left[3] > 0);
  assert.deepEqual(outside, [0, 0, 0, 0]);
});

test("small ellipses get a magnifier that says by how much and hides neither them nor z", () => {
  const viewport = new Viewport({ u: [-4, 4], v: [-4, 4], probability: false }, 480);
  const marks = (sigma, at) => ({ mean: at, covariance: [sigma ** 2, 0, (sigma / 2) ** 2], samples: new Float32Array(0), faint: false });
  close(reach(viewport, marks(0.05, [0, 0]), 1), 3, 1e-3);
  assert.equal(magnifier(viewport, marks(0.5, [0, 0]), null), null);
  for (const at of [[0, 0], [-3.6, -3.6], [-3.6, 3.6]]) {
    const cross = [-3.5, -3.5];
    const { x, y, radius, factor } = magnifier(viewport, marks(0.05, at), cross);
    const enlarged = factor * reach(viewport, marks(0.05, at), 2);
    assert.ok(enlarged <= radius && enlarged > radius / 3, `${enlarged} in ${radius}`);
    for (const place of [at, cross]) {
      const [px, py] = viewport.toPixels(...place);
      assert.ok(Math.hypot(px - x, py - y) > radius);
    }
  }
});
