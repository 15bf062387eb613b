// Random codes, from the prior of a VAE or from the Gaussian fitted to a model's codes.

import { normalDraw } from "./normal.mjs";

/** @typedef {import("./gaussian.mjs").Gaussian} Gaussian */

/** @typedef {"prior" | "fitted"} Distribution */

/** The distributions by name, as a sentence has them. @type {Record<Distribution, string>} */
export const DISTRIBUTIONS = {
  prior: "N(0, I)",
  fitted: "the Gaussian fitted to the codes",
};

/**
 * One random code.
 * @param {number} dim latents @param {Gaussian | null} fitted null for the prior, N(0, I)
 * @param {() => number} random draws from [0, 1) @returns {number[]}
 */
export function drawCode(dim, fitted, random) {
  const noise = Array.from({ length: dim }, () => normalDraw(random));
  if (!fitted) return noise;
  const { mean, factor } = fitted;
  return noise.map((_, k) => {
    let value = mean[k];
    for (let j = 0; j <= k; j += 1) value += factor[k * dim + j] * noise[j];
    return value;
  });
}
