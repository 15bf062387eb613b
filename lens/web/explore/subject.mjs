// What Explore shows: a model, an input, and a code that starts as the input's and can be moved.

import { binarise } from "../maths/corruption.mjs";
import { noiseFor } from "../maths/noise.mjs";
import { numpyDraws } from "../maths/numpy_draws.mjs";
import { MovingCode } from "../maths/plane.mjs";

/** @typedef {import("../model/model.mjs").Model} Model */

/** @typedef {import("../model/dataset.mjs").Dataset} Dataset */

/**
 * An image to encode, and its code.
 * @typedef {object} Input
 * @property {Float32Array} image  784 grey levels, 0 to 1, as the network sees it
 * @property {number | null} digit  its number among the test images, null for a picture of one's own
 * @property {Float32Array} mean  its code; the mean of a posterior
 * @property {Float32Array | null} logVar  log σ² of each latent, null without a posterior
 */

export class Subject {
  /** @param {Model} model @param {Dataset} dataset */
  constructor(model, dataset) {
    this.model = model;
    this.dataset = dataset;
    this.input = this.testInput(0);
    this.code = new MovingCode(model.entry.space, this.input.mean);
    /** Whether z was chosen by hand, and isn't the code of the input. */
    this.own = false;
  }

  /** A test image, with the code of it that the bundle holds. @param {number} i @returns {Input} */
  testInput(i) {
    const { model, dataset } = this;
    return { image: this.seen(dataset.greyLevels(i), i), digit: i, mean: model.code(i), logVar: model.logVar(i) };
  }

  /**
   * An image as the network sees it: in black and white, if it learned from such images.
   * @param {Float32Array} image 784 grey levels, 0 to 1 @param {number | null} digit its number among the test images
   */
  seen(image, digit) {
    const out = new Float32Array(784);
    const { binarisation } = this.model.entry;
    const noise = noiseFor(digit ?? 0, 0);
    // The draw that the code in the bundle belongs to.
    if (binarisation === "stochastic" && digit !== null) noise.draw = Float64Array.from(numpyDraws(784 * digit, 784));
    binarise(binarisation, image, noise, out);
    return out;
  }
}

/**
 * A part of Explore, told what happens.
 * @typedef {object} Panel
 * @property {(subject: Subject) => void} [setModel]  another model is on show
 * @property {(subject: Subject) => void} [setInput]  another input is; also after setModel, and while a pen draws
 * @property {(subject: Subject) => void} [move]  z has moved and is being decoded; at most once a frame
 * @property {(subject: Subject, decoded: Float32Array) => void | Promise<void>} [draw]  z has been decoded
 * @property {(subject: Subject) => void | Promise<void>} [rest]  z and the input have come to rest
 * @property {(theme: import("../theme.mjs").Theme) => void} [setTheme]
 * @property {() => import("../widgets/key_help.mjs").Row[]} [keys]
 * @property {() => void} [destroy]
 */

/** What a person moves z by. @typedef {"map" | "slider" | "centre" | "random" | "traversal" | "pin" | "sum"} Hand */

/** What is told of a latent: its number from 1, and its place by information, 1 the most. @param {Subject} subject @param {number} latent */
export function latentFacts({ model: { entry } }, latent) {
  const { order, inactive } = entry.space;
  return { latent: latent + 1, rank: order.indexOf(latent) + 1, inactive: inactive[latent] };
}

/** The class of the input, "" for a drawing. @param {Subject} subject */
export function inputClass({ dataset, input }) {
  return input.digit === null ? "" : dataset.className(input.digit);
}

/**
 * What a part may ask of Explore.
 * @typedef {object} Host
 * @property {HTMLElement} root
 * @property {Subject | null} subject
 * @property {import("../map/latent_map.mjs").LatentMap} map
 * @property {(z: ArrayLike<number>, by?: Hand) => void} go  z glides there; `by` what a person moved it, which makes it their own
 * @property {(z: ArrayLike<number>, by?: Hand) => void} set  the same at once
 * @property {(image: Float32Array, digit: number | null) => Promise<void>} setInput  encode an image, 784 grey levels:
 *   z becomes its code, for a test image gliding
 * @property {(i: number) => void} jump  a test image becomes the input
 * @property {() => void} back  z returns to the input
 * @property {() => void} moved  z is another one
 * @property {() => void} settle  report what is set once it has come to rest
 * @property {(words: string) => void} announce  to screen readers
 * @property {(event: string, facts?: import("../view.mjs").Facts) => void} tell  what a person has done
 * @property {(error: unknown) => void} fail
 */
