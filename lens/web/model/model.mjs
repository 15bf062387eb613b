// One trained model in the browser: its decoder, the codes of the test images, and on demand its encoder.

import { fetchBytes, fileAddress, parseNpy } from "./formats.mjs";
import { Graph } from "./runtime.mjs";

/** @typedef {import("../contract").Model} Entry */

export class Model {
  /**
   * @param {Entry} entry @param {(name: string) => string} address of a file @param {Graph} decoder
   * @param {Float32Array} codes of the test images @param {Float32Array | null} logVars of their posteriors
   */
  constructor(entry, address, decoder, codes, logVars) {
    this.entry = entry;
    this.address = address;
    this.decoder = decoder;
    this.codes = codes;
    this.logVars = logVars;
    /** Of what was decoded, by its grey levels. @type {WeakMap<Float32Array, Float32Array>} */
    this.decodedLogits = new WeakMap();
    this.dim = entry.latent_dim;
    this.count = codes.length / this.dim;
    /** @type {Promise<Graph> | null} */
    this.encoder = null;
  }

  /** @param {number} i @returns {Float32Array} the code of test image i (for a VAE its mean) */
  code(i) {
    return this.codes.subarray(this.dim * i, this.dim * (i + 1));
  }

  /** @param {number} i @returns {Float32Array | null} log σ² of each latent for test image i, null without a posterior */
  logVar(i) {
    return this.logVars && this.logVars.subarray(this.dim * i, this.dim * (i + 1));
  }

  /** @param {Float32Array} codes one or several @returns {Promise<Float32Array>} 784 grey levels each, 0 to 1 */
  async decode(codes) {
    const { images, logits } = await this.decoder.runAll(codes);
    if (logits) this.decodedLogits.set(images, logits);
    return images;
  }

  /**
   * What grey levels were before the sigmoid, which rounds them to 0 or 1 where cross-entropy still tells them apart.
   * @param {Float32Array} decoded as `decode` gave them @returns {Float32Array | null} null where no cross-entropy is asked for
   */
  logits(decoded) {
    return this.decodedLogits.get(decoded) ?? null;
  }

  /** Fetch and compile the encoder, once; views that only decode don't need it. @returns {Promise<Graph>} */
  openEncoder() {
    if (this.encoder) return this.encoder;
    const weights = fetchBytes(this.address("weights.safetensors"));
    const opening = Graph.open(this.address("encoder.onnx"), weights, 784);
    this.encoder = opening;
    opening.catch(() => {
      this.encoder = null;
    });
    return opening;
  }

  /** @param {Float32Array} images 784 grey levels each @returns {Promise<Float32Array>} codes (a VAE's means) */
  async encode(images) {
    return (await this.openEncoder()).run(images);
  }

  /**
   * The posterior of images; only its mean, the code, where the model has none.
   * @param {Float32Array} images 784 grey levels each @returns {Promise<{mean: Float32Array, logVar: Float32Array | null}>}
   */
  async posterior(images) {
    const { codes, log_var: logVar } = await (await this.openEncoder()).runAll(images);
    return { mean: codes, logVar: logVar ?? null };
  }

  /** Free the memory of its graphs; it can't be used again. */
  async close() {
    await this.decoder.release();
    if (this.encoder) await (await this.encoder).release();
  }

  /** Mean distance between the codes of neighbouring test images in the file's order. @returns {number} */
  meanCodeDistance() {
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
   * The test images whose codes lie closest to z, nearest first.
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

/**
 * The right to use a model until `end` is called.
 * @typedef {object} Lease
 * @property {Promise<Model>} model
 * @property {() => void} end
 */

const KEPT = 4; // models that stay open though no view shows them

/** By address and stamp, the one used last at the end. @type {Map<string, {model: Promise<Model>, users: number}>} */
const opened = new Map();

/**
 * Use a model; the same one is fetched and compiled only once. The last four that are no longer used stay open.
 * @param {string} base
 * @param {Entry} entry
 * @returns {Lease}
 */
export function leaseModel(base, entry) {
  const key = `${base}${entry.url} ${entry.stamp}`;
  const found = opened.get(key) ?? { model: readModel(base + entry.url, entry), users: 0 };
  opened.delete(key);
  opened.set(key, found);
  found.users += 1;
  found.model.catch(() => {
    if (opened.get(key) === found) opened.delete(key);
  });
  let ended = false;
  const end = () => {
    if (ended) return;
    ended = true;
    found.users -= 1;
    closeOldest();
  };
  return { model: found.model, end };
}

/** Close the models that no view shows, except the last few. */
function closeOldest() {
  const idle = [...opened].filter(([, { users }]) => users === 0);
  for (const [key, { model }] of idle.slice(0, Math.max(0, idle.length - KEPT))) {
    opened.delete(key);
    // A model that failed to open has nothing to free.
    model.then((one) => one.close()).catch(() => {});
  }
}

/** @param {string} url @param {Entry} entry @returns {Promise<Model>} */
async function readModel(url, entry) {
  const address = (/** @type {string} */ name) => fileAddress(url, entry.digests, name);
  const weights = fetchBytes(address("weights.safetensors"));
  const [decoder, { shape, data }] = await Promise.all([
    Graph.open(address("decoder.onnx"), weights, entry.latent_dim, entry.objective.loss === "bce" ? "logits" : null),
    fetchBytes(address("codes.npy")).then((bytes) => parseNpy(bytes)),
  ]);
  // A VAE's file holds the means first, then log σ².
  if (shape.length < 3) return new Model(entry, address, decoder, data, null);
  const half = data.length / 2;
  return new Model(entry, address, decoder, data.subarray(0, half), data.subarray(half));
}
