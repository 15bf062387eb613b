import assert from "node:assert/strict";
import { test } from "node:test";

import { difference, inkInWords, seenBy, squaredError } from "../../lens/web/compare/difference.mjs";
import { findWorst, WORST } from "../../lens/web/compare/worst.mjs";

test("a model sees grey levels, or only black and white", () => {
  assert.deepEqual([...seenBy([0, 51, 127, 128, 255], "threshold")], [0, 0, 0, 1, 1]);
  assert.deepEqual([...seenBy([0, 51, 255], "grey")].map((level) => level.toFixed(2)), ["0.00", "0.20", "1.00"]);
});

test("what is below 0 is missing, what is above was invented", () => {
  const signed = difference([0, 1, 0.5, 0.25], Float32Array.of(1, 0, 0.5, 1));
  assert.deepEqual([...signed], [-1, 1, 0, -0.75]);
  assert.equal(squaredError(signed), 2.5625);
  assert.equal(inkInWords(signed), "ink missing 1.8, ink invented 1.0");
});

// Forty images of two classes; image i has the grey level i in all pixels, and is decoded as black.
const count = 40;
const labels = Uint8Array.from({ length: count }, (_, i) => i % 2);
const dataset = {
  byClass: [[], []],
  image: (i) => new Uint8Array(784).fill(i),
};
labels.forEach((label, i) => dataset.byClass[label].push(i));

function model() {
  const made = {
    dim: 1,
    entry: { binarisation: "grey" },
    runs: 0,
    code: (i) => Float32Array.of(i),
    decode: async (codes) => {
      made.runs += 1;
      return new Float32Array(784 * codes.length);
    },
  };
  return made;
}

test("the worst are those of the class with the largest errors, the worst first, and are found once", async () => {
  const one = model();
  const done = [];
  const found = await findWorst(one, dataset, 1, () => true, (images) => done.push(images));
  assert.deepEqual(found.map(({ digit }) => digit), [39, 37, 35, 33, 31, 29, 27, 25, 23, 21, 19, 17]);
  assert.equal(found.length, WORST);
  assert.ok(Math.abs(found[0].error - 784 * (39 / 255) ** 2) < 1e-3);
  assert.equal(done.at(-1), 20);
  const { runs } = one;
  assert.equal(await findWorst(one, dataset, 1, () => true, () => {}), found);
  assert.equal(one.runs, runs);
});

test("a search that is given up finds nothing, and the next one starts anew", async () => {
  const one = model();
  assert.equal(await findWorst(one, dataset, 0, () => one.runs < 2, () => {}), null);
  const found = await findWorst(one, dataset, 0, () => true, () => {});
  assert.equal(found[0].digit, 38);
});
