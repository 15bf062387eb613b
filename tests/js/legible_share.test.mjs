import assert from "node:assert/strict";
import { test } from "node:test";

import { normalCdf } from "../../lens/web/maths/normal.mjs";
import { DRAWS, legibleShare, readCodes, shareInWords } from "../../lens/web/model/legible_share.mjs";

const always = () => true;

/** A model of one latent whose first pixel is its code. @param {boolean} variational */
function modelOf(variational, mean = 0, spread = 1) {
  return {
    dim: 1,
    entry: { variational },
    codes: Float32Array.of(mean - spread * Math.SQRT1_2, mean + spread * Math.SQRT1_2),
    decode: async (codes) => {
      const pixels = new Float32Array(784 * codes.length);
      codes.forEach((z, k) => (pixels[784 * k] = z));
      return pixels;
    },
  };
}

/** Reads a 3 with certainty where the first pixel is above a threshold, else anything. */
const readerAbove = (threshold, seen = []) => ({
  read: async (pixels) =>
    Array.from({ length: pixels.length / 784 }, (_, k) => {
      seen.push(pixels[784 * k]);
      return pixels[784 * k] > threshold ? { label: 3, confidence: 1 } : { label: 0, confidence: 0.1 };
    }),
});

const near = (share, wanted) => {
  const error = Math.sqrt((wanted * (1 - wanted)) / DRAWS);
  assert.ok(Math.abs(share - wanted) < 3 * error, `${share} is not ${wanted}`);
};

test("the share of a VAE's draws is that of the prior above the threshold", async () => {
  near(await legibleShare(modelOf(true, 7, 3), readerAbove(0.5), always), 1 - normalCdf(0.5));
});

test("another model's draws come from the Gaussian fitted to its codes", async () => {
  near(await legibleShare(modelOf(false, 0.3, 0.2), readerAbove(0.5), always), 1 - normalCdf(1));
});

test("the same model has the same share, and is read once", async () => {
  const model = modelOf(true);
  const seen = [];
  const share = await legibleShare(model, readerAbove(0.5, seen), always);
  assert.equal(await legibleShare(model, readerAbove(0.5, seen), always), share);
  assert.equal(seen.length, DRAWS);
  assert.equal(await legibleShare(modelOf(true), readerAbove(0.5), always), share);
});

test("a share that is no longer wanted isn't kept", async () => {
  const model = modelOf(true);
  const seen = [];
  assert.equal(await legibleShare(model, readerAbove(0.5, seen), () => seen.length < 100), null);
  assert.ok(seen.length < DRAWS);
  near(await legibleShare(model, readerAbove(0.5), always), 1 - normalCdf(0.5));
});

test("two who want the same share at once get it from one reading, though one gives up", async () => {
  const model = modelOf(true);
  const seen = [];
  const reader = readerAbove(0.5, seen);
  const shares = await Promise.all([legibleShare(model, reader, () => seen.length < 100), legibleShare(model, reader, always)]);
  assert.equal(shares[0], shares[1]);
  assert.equal(seen.length, DRAWS);
});

test("every code is read by itself", async () => {
  const verdicts = await readCodes(modelOf(false), readerAbove(0.5), Float32Array.of(-2, 0.25, 4));
  assert.deepEqual(verdicts.map(({ confidence }) => confidence > 0.99), [false, false, true]);
  assert.equal(verdicts[2].label, 3);
});

test("the share is told with what the codes are drawn from", () => {
  assert.equal(shareInWords(modelOf(true)), "of 1,000 codes drawn from N(0, I) are [legible](legible): read with at least 90 %.");
  assert.match(shareInWords(modelOf(false)), /drawn from the Gaussian fitted to the codes are \[legible\]\(legible\)/);
});
