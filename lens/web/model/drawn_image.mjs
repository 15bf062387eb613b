// A drawing as an end of an interpolation: its image, and its code by each model.

import { binarise } from "../maths/corruption.mjs";
import { noiseFor } from "../maths/noise.mjs";

/** @typedef {import("./model.mjs").Model} Model */

export class DrawnImage {
  /** @param {Float32Array} image 784 grey levels, 0 to 1 */
  constructor(image) {
    this.image = image;
    /** @type {Map<Model, Float32Array>} */
    this.codes = new Map();
  }

  /** Encode it by those models that haven't yet. @param {Model[]} models */
  async encode(models) {
    for (const model of models) {
      if (this.codes.has(model)) continue;
      const seen = new Float32Array(784);
      binarise(model.entry.binarisation, this.image, noiseFor(0, 0), seen);
      this.codes.set(model, await model.encode(seen));
    }
  }

  /** @param {Model} model one that has encoded it @returns {Float32Array} a VAE's mean */
  code(model) {
    const code = this.codes.get(model);
    if (!code) throw new Error("the drawing hasn't been encoded");
    return code;
  }
}
