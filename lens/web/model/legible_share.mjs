// How many of a model's random codes decode to an image that the reader can read.

import { DISTRIBUTIONS, drawCode } from "../maths/draws.mjs";
import { generator } from "../maths/noise.mjs";
import { inPieces } from "../pieces.mjs";
import { fittedTo } from "./fitted.mjs";
import { isLegible, LEGIBLE } from "./reader.mjs";

/** @typedef {import("./model.mjs").Model} Model */

/** @typedef {import("./reader.mjs").Reader} Reader */

export const DRAWS = 1000;
export const SEED = 1; // of the draws, the same for every model

/** @typedef {import("../maths/draws.mjs").Distribution} Distribution */

/**
 * The shares that are known or being found, and who wants each, by model and distribution.
 * @type {WeakMap<Model, Map<Distribution, {share: Promise<number | null>, wanted: (() => boolean)[]}>>}
 */
const found = new WeakMap();

/**
 * The share of 1,000 random codes that the reader reads with at least 90 %.
 * @param {Model} model @param {Reader} reader
 * @param {() => boolean} current false once it is no longer wanted
 * @param {Distribution} [distribution] by default the prior of a variational model, else the Gaussian fitted to the codes
 * @returns {Promise<number | null>} null if it was given up
 */
export function legibleShare(model, reader, current, distribution = distributionOf(model)) {
  const mine = found.get(model) ?? new Map();
  found.set(model, mine);
  const known = mine.get(distribution);
  if (known) {
    known.wanted.push(current);
    return known.share;
  }
  const wanted = [current];
  const share = countLegible(model, reader, () => wanted.some((still) => still()), distribution);
  mine.set(distribution, { share, wanted });
  const forget = () => mine.delete(distribution);
  share.then((value) => value ?? forget(), forget);
  return share;
}

/** @param {Model} model @param {Reader} reader @param {() => boolean} current @param {Distribution} distribution @returns {Promise<number | null>} */
async function countLegible(model, reader, current, distribution) {
  const { dim } = model;
  const fitted = await fittedTo(model, distribution);
  const random = generator(SEED);
  let legible = 0;
  const work = async (/** @type {number} */ start, /** @type {number} */ end) => {
    const codes = new Float32Array((end - start) * dim);
    for (let at = 0; at < codes.length; at += dim) codes.set(drawCode(dim, fitted, random), at);
    legible += (await readCodes(model, reader, codes)).filter(isLegible).length;
  };
  return (await inPieces(DRAWS, work, current)) ? legible / DRAWS : null;
}

/** What a model's random codes are drawn from. @param {Model} model @returns {Distribution} */
export function distributionOf({ entry: { variational } }) {
  return variational ? "prior" : "fitted";
}

/**
 * What the reader says about the images that codes decode to.
 * @param {Model} model @param {Reader} reader @param {Float32Array} codes one or several, one after another
 */
export async function readCodes(model, reader, codes) {
  return reader.read(await model.decode(codes));
}

/**
 * What the share is of, as the words after it, with a term in them.
 * @param {Model} model
 */
export function shareInWords(model) {
  const drawn = `${DRAWS.toLocaleString("en")} codes drawn from ${DISTRIBUTIONS[distributionOf(model)]}`;
  return `of ${drawn} are [legible](legible): read with at least ${100 * LEGIBLE} %.`;
}
