// The posterior q(z | x) = N(μ, σ²) of an image, each latent independent of the others.

import { normalDraw } from "./normal.mjs";

/** @typedef {import("../contract").Space} Space */

/** @typedef {import("./ellipse.mjs").Covariance} Covariance */

/**
 * σ = exp(½ log σ²).
 * @param {ArrayLike<number>} logVar @returns {Float32Array}
 */
export function deviations(logVar) {
  return Float32Array.from(logVar, (value) => Math.exp(value / 2));
}

// Of a drawing that is like no digit, log σ² can be so large that a decoder can't compute with z.
const LARGEST_LOG_VAR = 20;

/**
 * A sample z = μ + σ ε with ε ~ N(0, I) (Kingma & Welling 2014, section 2.4); log σ² is at most 20.
 * @param {ArrayLike<number>} mean @param {ArrayLike<number>} logVar
 * @param {() => number} random draws from [0, 1) @returns {Float32Array}
 */
export function sample(mean, logVar, random) {
  const sigma = (/** @type {number} */ k) => Math.exp(Math.min(logVar[k], LARGEST_LOG_VAR) / 2);
  return Float32Array.from(mean, (value, k) => value + sigma(k) * normalDraw(random));
}

/**
 * The covariance of a posterior projected on a map's plane: P diag(σ²) Pᵀ.
 * @param {Space} space @param {ArrayLike<number>} logVar @returns {Covariance}
 */
export function planeCovariance({ plane: [first, second] }, logVar) {
  let [uu, uv, vv] = [0, 0, 0];
  for (let k = 0; k < logVar.length; k += 1) {
    const variance = Math.exp(logVar[k]);
    uu += first[k] * first[k] * variance;
    uv += first[k] * second[k] * variance;
    vv += second[k] * second[k] * variance;
  }
  return [uu, uv, vv];
}
