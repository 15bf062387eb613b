import assert from "node:assert/strict";
import { test } from "node:test";

import { CELLS, EXTENT, Layout, manifoldCodes } from "../../lens/web/beta/aligned_model.mjs";
import { curve, FIGURES } from "../../lens/web/beta/numbers.mjs";

function layout(u, v, reach, posteriors) {
  const made = new Layout(Float32Array.from(u), Float32Array.from(v), reach);
  made.posteriors = posteriors;
  return made;
}

test("between two maps everything lies between both, at the ends it is theirs", () => {
  const from = layout([0, 4], [1, 1], 4, [{ mean: [0, 1], covariance: [0.1, 0, 0.2] }]);
  const to = layout([2, 0], [3, -1], 16, [{ mean: [2, 3], covariance: [0.3, 0.2, 0.2] }]);
  const between = layout([0, 0], [0, 0], 1, []);
  between.between(from, to, 0.25);
  assert.deepEqual([...between.u, ...between.v], [0.5, 3, 1.5, 0.5]);
  assert.deepEqual(between.posteriors[0].mean, [0.5, 1.5]);
  assert.ok(Math.abs(between.posteriors[0].covariance[0] - 0.15) < 1e-12);
  // A quarter of the way from 4 to 16 by equal factors.
  assert.ok(Math.abs(between.reach - 4 * Math.SQRT2) < 1e-12);
  between.between(from, to, 0);
  assert.deepEqual([...between.u, ...between.v, between.reach], [0, 4, 1, 1, 4]);
  between.between(from, to, 1);
  assert.deepEqual([...between.u, ...between.v, between.reach], [2, 0, 3, -1, 16]);
});

test("the manifold's codes, turned as the map is, are an upright grid", () => {
  const angle = 2.1;
  const turn = [[Math.cos(angle), Math.sin(angle)], [Math.sin(angle), -Math.cos(angle)]];
  const codes = manifoldCodes(turn);
  assert.equal(codes.length, 2 * CELLS * CELLS);
  for (let k = 0; k < CELLS * CELLS; k += 1) {
    const [x, y] = [codes[2 * k], codes[2 * k + 1]];
    const [u, v] = [x * turn[0][0] + y * turn[1][0], x * turn[0][1] + y * turn[1][1]];
    const step = (2 * EXTENT) / (CELLS - 1);
    assert.ok(Math.abs(u - (-EXTENT + step * (k % CELLS))) < 1e-6);
    assert.ok(Math.abs(v - (EXTENT - step * Math.floor(k / CELLS))) < 1e-6);
  }
});

const entry = (reconstruction, kl, active_units, legible_share) => ({
  reconstruction,
  kl,
  active_units,
  legible_share,
  latent_dim: 2,
});

test("numbers have few digits and a unit", () => {
  const one = entry(123.456, 7.5, 2, 0.604);
  const words = FIGURES.map((figure) => figure.words(figure.value(one), one));
  assert.deepEqual(words, ["123.5 nats", "7.5 nats", "2 of 2", "60 %"]);
});

test("a curve goes from edge to edge, its largest value on top; one that never changes lies in the middle", () => {
  const entries = [entry(100, 5, 2, null), entry(150, 5, 2, null), entry(200, 5, 1, null)];
  const [reconstruction, kl] = FIGURES;
  assert.deepEqual(curve(entries, reconstruction), [[4, 26], [60, 15], [116, 4]]);
  assert.deepEqual(curve(entries, kl).map(([, y]) => y), [15, 15, 15]);
});
