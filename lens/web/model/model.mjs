// One trained model in the browser: its decoder, the codes of the 10,000 test digits, and on demand its encoder.

import { Graph } from "./runtime.mjs";
import { fetchBytes, parseNpy } from "./formats.mjs";

/**
 * What Python says of a model.
 * @typedef {object} Entry
 * @property {string} name
 * @property {string} family
 * @property {string} title
 * @property {number} latentDim
 * @property {string} url
 * @property {string} stamp
 * @property {Space} space
 * @property {string} [data]  "mnist" (where it says nothing) or "fashion-mnist"
 * @property {string} [pixels]  "grey" (where it says nothing), "threshold" or "dynamic"
 *
 * @typedef {object} Space
 * @property {number[]} information  nats (VAE) or variance of each latent
 * @property {number[]} order  latents, the most telling first
 * @property {boolean[]} dead
 * @property {number[]} low
 * @property {number[]} high
 * @property {number[]} mean
 * @property {number[][]} plane  two orthonormal directions
 * @property {number[]} plane_low  least coordinates of the codes in the plane, from their mean
 * @property {number[]} plane_high
 * @property {number[]} prior_mean
 * @property {number[][]} prior_factor
 */

export class Model {
  /** @param {Entry} entry @param {string} url of the bundle @param {Graph} decoder @param {Float32Array} codes */
  constructor(entry, url, decoder, codes) {
    this.entry = entry;
    this.url = url;
    this.decoder = decoder;
    this.codes = codes;
    this.dim = entry.latentDim;
    this.count = codes.length / this.dim;
    /** @type {Promise<Graph> | null} */
    this.encoder = null;
  }

  /** @param {number} i @returns {Float32Array} the code of test digit i (for a VAE its mean) */
  code(i) {
    return this.codes.subarray(this.dim * i, this.dim * (i + 1));
  }

  /** @param {Float32Array} codes one or several @returns {Promise<Float32Array>} 784 grey levels each, 0 to 1 */
  decode(codes) {
    return this.decoder.run(codes);
  }

  /** Fetch and compile the encoder, once; views that only decode do without. @returns {Promise<Graph>} */
  openEncoder() {
    if (!this.encoder) {
      const weights = fetchBytes(`${this.url}/weights.safetensors`);
      this.encoder = Graph.open(this.url, "encoder.onnx", weights, 784, "codes");
      this.encoder.catch(() => {
        this.encoder = null;
      });
    }
    return this.encoder;
  }

  /** @param {Float32Array} images 784 grey levels each @returns {Promise<Float32Array>} codes (a VAE's means) */
  async encode(images) {
    return (await this.openEncoder()).run(images);
  }

  /** Mean distance between the codes of two test digits that follow each other. @returns {number} */
  apart() {
    const { codes, dim, count } = this;
    let total = 0;
    for (let i = 0; i < count; i += 1) {
      const [here, there] = [i * dim, ((i + 1) % count) * dim];
      let squares = 0;
      for (let k = 0; k < dim; k += 1) squares += (codes[here + k] - codes[there + k]) ** 2;
      total += Math.sqrt(squares);
    }
    return total / count;
  }

  /**
   * The test digits whose codes lie closest to z, nearest first.
   * @param {ArrayLike<number>} z
   * @param {number} wanted
   * @returns {number[]}
   */
  nearest(z, wanted) {
    const { codes, dim, count } = this;
    const best = new Float64Array(wanted).fill(Infinity);
    const found = new Array(wanted).fill(-1);
    for (let i = 0, at = 0; i < count; i += 1, at += dim) {
      let sum = 0;
      for (let k = 0; k < dim; k += 1) {
        const gap = codes[at + k] - z[k];
        sum += gap * gap;
      }
      if (sum >= best[wanted - 1]) continue;
      let slot = wanted - 1;
      while (slot > 0 && best[slot - 1] > sum) {
        best[slot] = best[slot - 1];
        found[slot] = found[slot - 1];
        slot -= 1;
      }
      best[slot] = sum;
      found[slot] = i;
    }
    return found;
  }
}

/** @type {Map<string, Promise<Model>>} */
const opened = new Map();

/**
 * Open a model; the same one is fetched and compiled only once.
 * @param {string} base
 * @param {Entry} entry
 * @returns {Promise<Model>}
 */
export function openModel(base, entry) {
  const key = `${base}${entry.url} ${entry.stamp}`;
  if (!opened.has(key)) {
    const url = base + entry.url;
    const decoder = Graph.open(url, "decoder.onnx", fetchBytes(`${url}/weights.safetensors`), entry.latentDim);
    const codes = fetchBytes(`${url}/codes.npy`).then(parseNpy);
    const model = Promise.all([decoder, codes]).then(([graph, { shape, data }]) => {
      // A VAE's file holds the means first, then log σ².
      const means = shape.length === 3 ? data.subarray(0, data.length / 2) : data;
      return new Model(entry, url, graph, means);
    });
    model.catch(() => opened.delete(key));
    opened.set(key, model);
  }
  return opened.get(key);
}
