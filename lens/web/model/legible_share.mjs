// How many of a model's random codes decode to an image that the reader can read.

import { DISTRIBUTIONS, drawCode } from "../maths/draws.mjs";
import { generator } from "../maths/noise.mjs";
import { inPieces } from "../pieces.mjs";
import { isLegible, LEGIBLE, verdicts } from "./reader.mjs";

/** @typedef {import("./model.mjs").Model} Model */

/** @typedef {import("./reader.mjs").Reader} Reader */

export const DRAWS = 1000;
export const SEED = 1; // of the draws, the same for every model

/**
 * The shares that are known or being found, and who wants each.
 * @type {WeakMap<Model, {share: Promise<number | null>, wanted: (() => boolean)[]}>}
 */
const found = new WeakMap();

/**
 * The share of 1,000 draws from the model's distribution of codes that the reader reads with at least 90 %: from the
 * prior of a VAE, else from the Gaussian fitted to the codes.
 * @param {Model} model @param {Reader} reader
 * @param {() => boolean} current false once it is no longer wanted
 * @returns {Promise<number | null>} null if it was given up
 */
export function legibleShare(model, reader, current) {
  const known = found.get(model);
  if (known) {
    known.wanted.push(current);
    return known.share;
  }
  const wanted = [current];
  const share = countLegible(model, reader, () => wanted.some((still) => still()));
  found.set(model, { share, wanted });
  const forget = () => found.delete(model);
  share.then((value) => value ?? forget(), forget);
  return share;
}

/** @param {Model} model @param {Reader} reader @param {() => boolean} current @returns {Promise<number | null>} */
async function countLegible(model, reader, current) {
  const { dim, entry } = model;
  const random = generator(SEED);
  let legible = 0;
  const work = async (/** @type {number} */ start, /** @type {number} */ end) => {
    const codes = new Float32Array((end - start) * dim);
    for (let at = 0; at < codes.length; at += dim) codes.set(drawCode(entry.space, distributionOf(model), random), at);
    legible += (await readCodes(model, reader, codes)).filter(isLegible).length;
  };
  return (await inPieces(DRAWS, work, current)) ? legible / DRAWS : null;
}

/** What a model's random codes are drawn from. @param {Model} model @returns {import("../maths/draws.mjs").Distribution} */
export function distributionOf({ entry: { family } }) {
  return family === "vae" ? "prior" : "fitted";
}

/**
 * What the reader says about the images that codes decode to.
 * @param {Model} model @param {Reader} reader @param {Float32Array} codes one or several, one after another
 */
export async function readCodes(model, reader, codes) {
  return verdicts(await reader.read(await model.decode(codes)));
}

/**
 * What the share is of, as the words after it.
 * @param {Model} model
 */
export function shareInWords(model) {
  const drawn = `${DRAWS.toLocaleString("en")} codes drawn from ${DISTRIBUTIONS[distributionOf(model)]}`;
  return `of ${drawn} are legible: read with at least ${100 * LEGIBLE} %.`;
}
