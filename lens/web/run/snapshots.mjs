// A run's snapshots: its latent map and ten reconstructions at a moment, fetched when they are looked at.

import { fetchBytes, parseSafetensors, toFloats } from "../model/formats.mjs";

/** After so many whole epochs, and so many steps of the next. @typedef {[number, number]} Moment */

/**
 * @typedef {object} Snapshot
 * @property {Float32Array} u
 * @property {Float32Array} v
 * @property {number[]} frame  u low, u high, v low, v high
 * @property {Uint8Array} reconstructions  (10, 784)
 */

export class Snapshots {
  /** @param {string} url the folder of the run's snapshots */
  constructor(url) {
    this.url = url;
    /** By the name of the file. @type {Map<string, Promise<Snapshot | null>>} */
    this.fetched = new Map();
  }

  /**
   * The snapshot of a moment, fetched once; null where it is lost or damaged.
   * @param {Moment} moment
   * @returns {Promise<Snapshot | null>}
   */
  get(moment) {
    const name = fileName(moment);
    const known = this.fetched.get(name);
    if (known) return known;
    const fetching = this.fetch(`${this.url}/${name}`);
    this.fetched.set(name, fetching);
    fetching.then((snapshot) => {
      // It may be there the next time.
      if (!snapshot && this.fetched.get(name) === fetching) this.fetched.delete(name);
    });
    return fetching;
  }

  /** Fetch all of them again the next time. */
  forgetAll() {
    this.fetched.clear();
  }

  /** @param {string} url @returns {Promise<Snapshot | null>} */
  async fetch(url) {
    try {
      return unpack(await fetchBytes(url));
    } catch {
      return null;
    }
  }
}

/** [0, 8] -> "step 8", [3, 0] -> "epoch 3", [3, 8] -> "in epoch 4". @param {Moment} moment */
export function momentName([epoch, step]) {
  if (!step) return `epoch ${epoch}`;
  return epoch ? `in epoch ${epoch + 1}` : `step ${step}`;
}

/** The file of its snapshot. @param {Moment} moment */
function fileName([epoch, step]) {
  const within = step ? `-${String(step).padStart(5, "0")}` : "";
  return `${String(epoch).padStart(4, "0")}${within}.safetensors`;
}

/** @param {ArrayBuffer} content of a safetensors file @returns {Snapshot} */
export function unpack(content) {
  const tensors = parseSafetensors(content);
  const map = toFloats(tensors.map);
  const reconstructions = new Uint8Array(tensors.pictures.bytes);
  if (map.length < 2 || reconstructions.length !== 7840) throw new Error("a snapshot of another size");
  const count = map.length / 2;
  const u = Float32Array.from({ length: count }, (_, i) => map[2 * i]);
  const v = Float32Array.from({ length: count }, (_, i) => map[2 * i + 1]);
  return { u, v, frame: squareAround(u, v), reconstructions };
}

/**
 * A square that holds all points, and a margin: a direction in which they hardly vary looks like it.
 * @param {Float32Array} u @param {Float32Array} v
 */
function squareAround(u, v) {
  const ranges = [u, v].map((values) => ({
    low: values.reduce((a, b) => Math.min(a, b), Infinity),
    high: values.reduce((a, b) => Math.max(a, b), -Infinity),
  }));
  const half = 0.54 * (Math.max(...ranges.map(({ low, high }) => high - low)) || 1);
  return ranges.flatMap(({ low, high }) => [(low + high) / 2 - half, (low + high) / 2 + half]);
}

/** A share of the way from one to another. @param {Snapshot} a @param {Snapshot} b @param {number} share @returns {Snapshot} */
export function between(a, b, share) {
  const mix = (/** @type {number} */ x, /** @type {number} */ y) => x + share * (y - x);
  return {
    u: b.u.map((value, i) => mix(a.u[i], value)),
    v: b.v.map((value, i) => mix(a.v[i], value)),
    frame: b.frame.map((value, k) => mix(a.frame[k], value)),
    reconstructions: b.reconstructions,
  };
}
