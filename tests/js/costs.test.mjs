import assert from "node:assert/strict";
import { test } from "node:test";

import { barEnd, entropy, whatIsSummed } from "../../lens/web/explore/cost_bar.mjs";
import { absoluteError, crossEntropy, klOfLatents, reconstructionError, squaredError, total } from "../../lens/web/maths/costs.mjs";

const close = (found, expected, gap = 1e-9) =>
  assert.ok(Math.abs(found - expected) <= gap * Math.max(1, Math.abs(expected)), `${found} is not ${expected}`);
const image = Float64Array.from({ length: 784 }, (_, k) => (k % 5) / 4);
const logits = Float64Array.from({ length: 784 }, (_, k) => 3 * Math.sin(k));

test("cross-entropy is -Σ x log p + (1 - x) log(1 - p)", () => {
  const expected = logits.reduce((sum, logit, k) => {
    const p = 1 / (1 + Math.exp(-logit));
    return sum - image[k] * Math.log(p) - (1 - image[k]) * Math.log(1 - p);
  }, 0);
  close(crossEntropy(logits, image), expected);
});

test("cross-entropy stays finite where p rounds to 0 or 1", () => {
  close(crossEntropy([1000, -1000, 1000], [1, 0, 0]), 1000);
  close(crossEntropy([-40, 40], [0.5, 1]), 20);
});

test("the gradient of cross-entropy is p - x, by finite differences", () => {
  for (const k of [0, 11, 400]) {
    const around = [-1e-4, 1e-4].map((step) => crossEntropy(logits.map((logit, j) => (j === k ? logit + step : logit)), image));
    close((around[1] - around[0]) / 2e-4, 1 / (1 + Math.exp(-logits[k])) - image[k], 1e-5);
  }
});

test("squared and absolute errors are sums over the pixels", () => {
  close(squaredError([1, 0.5, -1], [0, 0.5, 1]), 5);
  close(absoluteError([1, 0.5, -1], [0, 0.5, 1]), 3);
});

test("the loss is the one that the model was trained on", () => {
  close(reconstructionError("mse", [1, 2], null, [0, 0]), 5);
  close(reconstructionError("l1", [1, 2], null, [0, 0]), 3);
  close(reconstructionError("bce", [0.5], [0], [1]), Math.log(2));
  assert.throws(() => reconstructionError("bce", [0.5], null, [1]), /logits/);
});

test("KL to N(0, 1) is the integral of q log q/p", () => {
  const pairs = [[0, 0], [1.5, -3], [-2, 0.7]];
  const log = (z, mean, variance) => -((z - mean) ** 2) / (2 * variance) - Math.log(2 * Math.PI * variance) / 2;
  pairs.forEach(([mean, logVar]) => {
    const variance = Math.exp(logVar);
    let sum = 0;
    for (let z = -30; z < 30; z += 1e-3) sum += 1e-3 * Math.exp(log(z, mean, variance)) * (log(z, mean, variance) - log(z, 0, 1));
    close(klOfLatents([mean], [logVar])[0], sum, 1e-6);
  });
  close(total(klOfLatents([0, 1.5], [0, 0])), 1.125);
});

test("a perfect copy costs the entropy of its grey levels, none if they are black and white", () => {
  const expected = image.reduce((sum, x) => sum - (x ? x * Math.log(x) : 0) - (x < 1 ? (1 - x) * Math.log(1 - x) : 0), 0);
  close(entropy(image), expected);
  close(entropy([0, 1, 1]), 0, 1e-9);
  assert.ok(crossEntropy(logits, image) > entropy(image));
});

test("the bar ends at a round number above the cost, and stays while the cost fills enough of it", () => {
  for (const cost of [0.02, 3, 43.6, 128.7, 199, 543.4, 4000]) {
    const end = barEnd(cost, 0);
    assert.ok(end >= cost && cost >= 0.45 * end, `${cost} in ${end}`);
    assert.equal(barEnd(cost, end), end);
  }
  assert.equal(barEnd(128.7, 0), 200);
  assert.equal(barEnd(190, 200), 200);
  assert.equal(barEnd(210, 200), 300);
  assert.equal(barEnd(50, 200), 60);
});

const NOTE = "Training added something else.";

/** A subject with z at μ, and what its family says of its objective. */
const subjectOf = (objective, own = false) => ({
  dataset: { entry: { noun: "digit" } },
  model: { entry: { objective: { loss: "bce", beta: null, note: NOTE, ...objective } } },
  input: { mean: Float32Array.of(0.5) },
  code: { z: Float32Array.of(0.5) },
  own,
});

test("what the family says of its objective stands after the words on the sum", () => {
  const cost = { reconstruction: 80, squares: 30, kl: 5 };
  const weighted = "With β = 4, as in training: reconstruction + β × KL = 100.0.";
  assert.match(whatIsSummed(subjectOf({ beta: 4 }), cost), /^z is the mean μ/);
  assert.ok(whatIsSummed(subjectOf({ beta: 4 }), cost).endsWith(`${weighted} ${NOTE}`));
  assert.ok(whatIsSummed(subjectOf({ beta: null }), cost).endsWith(`over samples of z. ${NOTE}`));
  assert.equal(whatIsSummed(subjectOf({ loss: "mse", beta: 1 }), cost), NOTE);
  assert.equal(whatIsSummed(subjectOf({}), { ...cost, kl: null }), NOTE);
  // A z of one's own is no code of the input, on which the model was trained.
  assert.match(whatIsSummed(subjectOf({ beta: 4 }, true), cost), /^z is yours.*= 100\.0\.$/);
});
