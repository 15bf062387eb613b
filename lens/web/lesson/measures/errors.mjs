// Measures of what a reconstruction loses.

import { seenBy } from "../../compare/difference.mjs";
import { CORRUPTIONS } from "../../maths/corruption.mjs";
import { reconstructionError, squaredError } from "../../maths/costs.mjs";
import { generator, noiseFor } from "../../maths/noise.mjs";
import { sample } from "../../maths/posterior.mjs";

/** @typedef {import("./source.mjs").Source} Source */

/** @typedef {import("../../model/model.mjs").Model} Model */

const REPAIRED = 500; // the first test images
const SEED = 1;

/**
 * The squared error of a reconstruction, the sum over 784 pixels, mean over all test images; for a VAE from μ.
 * @param {Source} source @param {string} name
 */
export async function error(source, name) {
  const [model, dataset] = await Promise.all([source.model(name), source.dataset()]);
  const seen = seenByModel(model, dataset);
  let sum = 0;
  await source.each(dataset.count, async (start, end) => {
    const decoded = await model.decode(model.codes.subarray(model.dim * start, model.dim * end));
    for (let i = start; i < end; i += 1) sum += squaredError(image(decoded, i - start), seen(i));
  });
  return sum / dataset.count;
}

/**
 * The reconstruction term of the negative ELBO: the loss of the picture of one z from each posterior, mean over all test
 * images, in nats for cross-entropy.
 * @param {Source} source @param {string} name
 */
export async function reconstruction(source, name) {
  const [model, dataset] = await Promise.all([source.variational(name), source.dataset()]);
  const seen = seenByModel(model, dataset);
  const { loss } = model.entry.objective;
  const random = generator(SEED);
  let sum = 0;
  await source.each(dataset.count, async (start, end) => {
    const codes = new Float32Array((end - start) * model.dim);
    for (let i = start; i < end; i += 1) codes.set(sample(model.code(i), model.logVar(i) ?? [], random), (i - start) * model.dim);
    const decoded = await model.decode(codes);
    const logits = model.logits(decoded);
    for (let i = start; i < end; i += 1) {
      const k = i - start;
      sum += reconstructionError(loss, image(decoded, k), logits && image(logits, k), seen(i));
    }
  });
  return sum / dataset.count;
}

/** By how much, as a share, a number of the second model differs from that of the first. @param {"error" | "reconstruction"} what */
export function change(what) {
  return async (/** @type {Source} */ source, /** @type {string} */ before, /** @type {string} */ after) => {
    const [first, second] = await Promise.all([before, after].map((name) => source.value(`${what} ${name}`)));
    return Math.abs(second / first - 1);
  };
}

/**
 * The squared error against the clean image when the input is corrupted, mean over the first 500 test images.
 * @param {Source} source @param {string} name @param {string} kind of corruption @param {string} level
 */
export async function repair(source, name, kind, level) {
  const [model, dataset] = await Promise.all([source.model(name), source.dataset(), source.model(name).then((one) => one.openEncoder())]);
  const seen = seenByModel(model, dataset);
  let sum = 0;
  await source.each(REPAIRED, async (start, end) => {
    const corrupted = new Float32Array(784 * (end - start));
    for (let i = start; i < end; i += 1) {
      CORRUPTIONS[kind].apply(seen(i), noiseFor(i, 0), Number(level), 0, image(corrupted, i - start));
    }
    const decoded = await model.decode(await model.encode(corrupted));
    for (let i = start; i < end; i += 1) sum += squaredError(image(decoded, i - start), seen(i));
  });
  return sum / REPAIRED;
}

/** @param {Float32Array} images 784 numbers each @param {number} k @returns {Float32Array} */
function image(images, k) {
  return images.subarray(784 * k, 784 * (k + 1));
}

/** Test images as a model sees them. @param {Model} model @param {import("../../model/dataset.mjs").Dataset} dataset */
function seenByModel({ entry: { name, binarisation } }, dataset) {
  if (binarisation === "stochastic") throw new Error(`${name} was trained on random black-and-white pixels, so it has no error on grey ones`);
  return (/** @type {number} */ i) => seenBy(dataset.image(i), binarisation);
}
