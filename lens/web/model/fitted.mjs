// The Gaussian fitted to a model's codes, found once it is asked for.

import { fitGaussian } from "../maths/gaussian.mjs";

/** @typedef {import("../maths/gaussian.mjs").Gaussian} Gaussian */

/** @typedef {Pick<import("./model.mjs").Model, "codes" | "dim">} Coded */

/** @type {WeakMap<Coded, Promise<Gaussian>>} */
const found = new WeakMap();

/**
 * What `drawCode` needs to draw from a distribution.
 * @param {Coded} model @param {import("../maths/draws.mjs").Distribution} distribution
 * @returns {Promise<Gaussian | null>} null for the prior
 */
export async function fittedTo(model, distribution) {
  if (distribution === "prior") return null;
  const known = found.get(model) ?? fitGaussian(model.codes, model.dim);
  found.set(model, known);
  return known;
}
