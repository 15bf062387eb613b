// The interpolations that are compared: codes and images at any point between two test images.

import { lerp, slerp } from "../maths/interpolation.mjs";

/** @typedef {import("./model.mjs").Model} Model */

/** A test image by its number, or a drawing. @typedef {number | import("./drawn_image.mjs").DrawnImage} Endpoint */

/** @typedef {(a: ArrayLike<number>, b: ArrayLike<number>, t: number, out: Float32Array) => void} Between */

/**
 * A way from A to B: through the codes of a model, or without one from pixel to pixel.
 * @typedef {object} Way
 * @property {string} name  title and kind
 * @property {string} title  of the model
 * @property {string} kind  "straight line", "spherical" or ""
 * @property {number} place  of its model among those compared, or -1
 * @property {Between} between
 * @property {boolean} dash  whether its path is dashed
 */

/**
 * The ways through these models, in their order, and the cross-fade.
 *
 * Only a VAE has a spherical one: its prior puts most codes of many latents at about one distance from the origin.
 * @param {Pick<import("../contract").Model, "title" | "variational">[]} models @returns {Way[]}
 */
export function waysThrough(models) {
  const ways = models.flatMap(({ title, variational }, place) => {
    const straight = { name: `${title}, straight line`, title, kind: "straight line", place, between: lerp, dash: false };
    if (!variational) return [straight];
    return [straight, { ...straight, name: `${title}, spherical`, kind: "spherical", between: slerp, dash: true }];
  });
  const fade = "Pixel cross-fade";
  return [...ways, { name: fade, title: fade, kind: "", place: -1, between: lerp, dash: false }];
}

/** One way with its model and its endpoints. */
export class Path {
  /** @param {Way} way @param {Model | undefined} model */
  constructor(way, model) {
    this.way = way;
    this.model = model;
    this.code = new Float32Array(model ? model.dim : 784);
    /** @type {Float32Array} */
    this.start = this.code.slice();
    /** @type {Float32Array} */
    this.end = this.code.slice();
  }

  /** @param {import("./dataset.mjs").Dataset} dataset @param {Endpoint} a @param {Endpoint} b drawings have been encoded */
  setEndpoints(dataset, a, b) {
    const { model } = this;
    [this.start, this.end] = [a, b].map((end) => {
      if (typeof end === "number") return model ? model.code(end) : dataset.greyLevels(end);
      return model ? end.code(model) : end.image;
    });
  }

  /** @param {number} t 0 to 1 @returns {Float32Array} the code (for the cross-fade the image) at t */
  at(t) {
    this.way.between(this.start, this.end, t, this.code);
    return this.code;
  }

  /** @param {number} t @returns {Promise<Float32Array>} 784 grey levels, 0 to 1 */
  async picture(t) {
    const code = this.at(t);
    return this.model ? this.model.decode(code) : code.slice();
  }

  /** @param {number[]} ts @returns {Promise<Float32Array>} 784 grey levels each, decoded in one run */
  async pictures(ts) {
    const width = this.code.length;
    const codes = new Float32Array(ts.length * width);
    ts.forEach((t, k) => codes.set(this.at(t), k * width));
    return this.model ? this.model.decode(codes) : codes;
  }
}
