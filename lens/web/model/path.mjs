// The five ways from one digit to another that Interpolate lays under one another.

import { spherical, straight } from "../maths/plane.mjs";

/** @typedef {import("./model.mjs").Model} Model */

/**
 * A way from A to B: through a model's codes, or without one from pixel to pixel.
 * @typedef {object} Way
 * @property {string} name
 * @property {string} family  "" for the cross-fade
 * @property {(a: ArrayLike<number>, b: ArrayLike<number>, t: number, out: Float32Array) => void} between
 * @property {boolean} dash
 */

/** @type {Way[]} */
export const WAYS = [
  { name: "VAE, straight line", family: "vae", between: straight, dash: false },
  { name: "VAE, spherical", family: "vae", between: spherical, dash: true },
  { name: "Autoencoder, straight line", family: "ae", between: straight, dash: false },
  { name: "PCA, straight line", family: "pca", between: straight, dash: false },
  { name: "Pixel cross-fade", family: "", between: straight, dash: false },
];

/** One way with its model and its ends: pictures at any t. */
export class Path {
  /** @param {Way} way @param {Model | undefined} model */
  constructor(way, model) {
    this.way = way;
    this.model = model;
    this.code = new Float32Array(model ? model.dim : 784);
  }

  /** @param {import("./formats.mjs").Digits} digits @param {number} a @param {number} b test digits */
  setEnds(digits, a, b) {
    const { model } = this;
    const grey = (/** @type {number} */ i) => Float32Array.from(digits.image(i), (level) => level / 255);
    this.start = model ? model.code(a) : grey(a);
    this.end = model ? model.code(b) : grey(b);
  }

  /** @param {number} t 0 to 1 @returns {Float32Array} the code (for the cross-fade the picture) at t */
  at(t) {
    this.way.between(this.start, this.end, t, this.code);
    return this.code;
  }

  /** @param {number} t @returns {Promise<Float32Array>} 784 grey levels, 0 to 1 */
  async picture(t) {
    const code = this.at(t);
    return this.model ? this.model.decode(code) : code.slice();
  }
}
