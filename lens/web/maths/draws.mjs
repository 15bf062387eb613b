// Random codes, from the prior of a VAE or from the Gaussian fitted to a model's codes.

import { normalDraw } from "./normal.mjs";

/** @typedef {import("../contract").Space} Space */

/** @typedef {"prior" | "fitted"} Distribution */

/** The distributions by name, as a sentence has them. @type {Record<Distribution, string>} */
export const DISTRIBUTIONS = {
  prior: "N(0, I)",
  fitted: "the Gaussian fitted to the codes",
};

/**
 * One random code.
 * @param {Space} space @param {Distribution} distribution
 * @param {() => number} random draws from [0, 1) @returns {number[]}
 */
export function drawCode({ mean, factor }, distribution, random) {
  const noise = mean.map(() => normalDraw(random));
  if (distribution === "prior") return noise;
  return mean.map((value, k) => factor[k].reduce((sum, weight, j) => sum + weight * noise[j], value));
}
