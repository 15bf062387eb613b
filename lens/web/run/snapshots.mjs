// A run's snapshots: its latent map and ten reconstructions after an epoch, fetched when they are looked at.

import { fetchBytes, parseSafetensors } from "../model/formats.mjs";

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
    /** @type {Map<number, Promise<Snapshot | null>>} */
    this.fetched = new Map();
  }

  /**
   * The snapshot of an epoch, fetched once; null where it is lost or damaged.
   * @param {number} epoch
   * @returns {Promise<Snapshot | null>}
   */
  get(epoch) {
    const known = this.fetched.get(epoch);
    if (known) return known;
    const fetching = this.fetch(`${this.url}/${String(epoch).padStart(4, "0")}.safetensors`);
    this.fetched.set(epoch, fetching);
    fetching.then((snapshot) => {
      // It may be there the next time.
      if (!snapshot && this.fetched.get(epoch) === fetching) this.fetched.delete(epoch);
    });
    return fetching;
  }

  /** Fetch it again the next time. @param {number} epoch */
  forget(epoch) {
    this.fetched.delete(epoch);
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

/** @param {ArrayBuffer} content of a safetensors file @returns {Snapshot} */
export function unpack(content) {
  const tensors = parseSafetensors(content);
  const map = new Float32Array(tensors.map);
  const reconstructions = new Uint8Array(tensors.pictures);
  if (map.length < 2 || reconstructions.length !== 7840) throw new Error("a snapshot of another size");
  const count = map.length / 2;
  const u = Float32Array.from({ length: count }, (_, i) => map[2 * i]);
  const v = Float32Array.from({ length: count }, (_, i) => map[2 * i + 1]);
  return { u, v, frame: [...around(u), ...around(v)], reconstructions };
}

/** Lowest and highest value, and a margin. @param {Float32Array} values */
function around(values) {
  const low = values.reduce((a, b) => Math.min(a, b), Infinity);
  const high = values.reduce((a, b) => Math.max(a, b), -Infinity);
  const margin = 0.04 * (high - low || 1);
  return [low - margin, high + margin];
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
