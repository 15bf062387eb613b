// The five interpolations that are compared: codes and images at any point between two test digits.

import { lerp, slerp } from "../maths/interpolation.mjs";

/** @typedef {import("./model.mjs").Model} Model */

/**
 * A kind of interpolation: through a model's codes, or without one from pixel to pixel.
 * @typedef {object} Interpolation
 * @property {string} name
 * @property {string} family  "" for the cross-fade
 * @property {(a: ArrayLike<number>, b: ArrayLike<number>, t: number, out: Float32Array) => void} between
 * @property {boolean} dash
 */

/** @type {Interpolation[]} */
export const INTERPOLATIONS = [
  { name: "VAE, straight line", family: "vae", between: lerp, dash: false },
  { name: "VAE, spherical", family: "vae", between: slerp, dash: true },
  { name: "Autoencoder, straight line", family: "ae", between: lerp, dash: false },
  { name: "PCA, straight line", family: "pca", between: lerp, dash: false },
  { name: "Pixel cross-fade", family: "", between: lerp, dash: false },
];

/** One interpolation with its model and its endpoints. */
export class Path {
  /** @param {Interpolation} interpolation @param {Model | undefined} model */
  constructor(interpolation, model) {
    this.interpolation = interpolation;
    this.model = model;
    this.code = new Float32Array(model ? model.dim : 784);
    /** @type {Float32Array} */
    this.start = this.code.slice();
    /** @type {Float32Array} */
    this.end = this.code.slice();
  }

  /** @param {import("./dataset.mjs").Dataset} dataset @param {number} a @param {number} b test images */
  setEndpoints(dataset, a, b) {
    const { model } = this;
    this.start = model ? model.code(a) : dataset.greyLevels(a);
    this.end = model ? model.code(b) : dataset.greyLevels(b);
  }

  /** @param {number} t 0 to 1 @returns {Float32Array} the code (for the cross-fade the image) at t */
  at(t) {
    this.interpolation.between(this.start, this.end, t, this.code);
    return this.code;
  }

  /** @param {number} t @returns {Promise<Float32Array>} 784 grey levels, 0 to 1 */
  async picture(t) {
    const code = this.at(t);
    return this.model ? this.model.decode(code) : code.slice();
  }
}
