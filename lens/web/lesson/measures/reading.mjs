// Measures by the reader: how many pictures it can read, and how many it reads as the class they should show.

import { lerp, slerp } from "../../maths/interpolation.mjs";
import { generator } from "../../maths/noise.mjs";
import { sample } from "../../maths/posterior.mjs";
import { legibleShare, readCodes } from "../../model/legible_share.mjs";
import { isLegible } from "../../model/reader.mjs";

/** @typedef {import("./source.mjs").Source} Source */

const IMAGES = 1000; // the first test images
const PAIRS = 200;
const SEED = 1;

/**
 * The share of 1,000 draws whose pictures the reader reads with at least 90 %.
 * @param {Source} source @param {string} name @param {"fitted"} [from] by default N(0, I)
 */
export async function legible(source, name, from) {
  const [model, reader] = await Promise.all([source.model(name), source.reader()]);
  const share = await legibleShare(model, reader, source.current, from ?? "prior");
  return share ?? source.giveUp();
}

/**
 * The share of the first 1,000 test images that the reader reads as their class: reconstructed by a model, or as they are.
 * @param {Source} source @param {string} name of a model, or "originals"
 */
export async function kept(source, name) {
  const [model, dataset, reader] = await Promise.all([
    name === "originals" ? null : source.model(name),
    source.dataset(),
    source.reader(),
  ]);
  let count = 0;
  await source.each(IMAGES, async (start, end) => {
    const pixels = model
      ? await model.decode(model.codes.subarray(model.dim * start, model.dim * end))
      : Float32Array.from(dataset.images.subarray(784 * start, 784 * end), (level) => level / 255);
    (await reader.read(pixels)).forEach(({ label }, k) => {
      if (label === dataset.labels[start + k]) count += 1;
    });
  });
  return count / IMAGES;
}

/**
 * The share of the first 1,000 test images whose posterior's mean and one sample of it decode to pictures that are read
 * as the same class.
 * @param {Source} source @param {string} name
 */
export async function classKept(source, name) {
  const [model, reader] = await Promise.all([source.variational(name), source.reader()]);
  const { dim } = model;
  const random = generator(SEED);
  let count = 0;
  await source.each(IMAGES, async (start, end) => {
    const size = end - start;
    const codes = new Float32Array(2 * size * dim);
    codes.set(model.codes.subarray(start * dim, end * dim));
    for (let k = 0; k < size; k += 1) {
      codes.set(sample(model.code(start + k), model.logVar(start + k) ?? [], random), (size + k) * dim);
    }
    const reads = await readCodes(model, reader, codes);
    for (let k = 0; k < size; k += 1) if (reads[k].label === reads[size + k].label) count += 1;
  });
  return count / IMAGES;
}

/**
 * The share of 200 pairs of test images of different classes between which what is halfway is read with at least 90 %.
 * @param {Source} source @param {"fade" | "straight" | "spherical"} way @param {string} [name] of a model, but for the cross-fade
 */
export async function halfway(source, way, name) {
  const [model, dataset, reader] = await Promise.all([name ? source.model(name) : null, source.dataset(), source.reader()]);
  const pairs = pairsOf(dataset);
  const width = model ? model.dim : 784;
  const ends = (/** @type {number} */ i) => (model ? model.code(i) : dataset.greyLevels(i));
  let count = 0;
  await source.each(PAIRS, async (start, end) => {
    const middles = new Float32Array((end - start) * width);
    for (let k = start; k < end; k += 1) {
      const [a, b] = pairs[k].map(ends);
      (way === "spherical" ? slerp : lerp)(a, b, 0.5, middles.subarray((k - start) * width, (k - start + 1) * width));
    }
    const reads = model ? await readCodes(model, reader, middles) : await reader.read(middles);
    count += reads.filter(isLegible).length;
  });
  return count / PAIRS;
}

/** Pairs of test images of different classes, always the same. @param {import("../../model/dataset.mjs").Dataset} dataset */
function pairsOf({ count, labels }) {
  const random = generator(SEED);
  const any = () => Math.floor(count * random());
  /** @type {[number, number][]} */
  const pairs = [];
  while (pairs.length < PAIRS) {
    const [a, b] = [any(), any()];
    if (labels[a] !== labels[b]) pairs.push([a, b]);
  }
  return pairs;
}
