// A run's snapshots: what its latent map and ten reconstructions looked like after an epoch, fetched when looked at.

import { fetchBytes, parseSafetensors } from "../model/formats.mjs";

/**
 * @typedef {object} Moment
 * @property {Float32Array} u
 * @property {Float32Array} v
 * @property {number[]} frame  u low, u high, v low, v high
 * @property {Uint8Array} pictures  (10, 784)
 */

export class Snapshots {
  /** @param {string} url the folder of the run's snapshots */
  constructor(url) {
    this.url = url;
    /** @type {Map<number, Promise<Moment | null>>} */
    this.fetched = new Map();
  }

  /**
   * The snapshot of an epoch, fetched once; null where it is lost or damaged.
   * @param {number} epoch
   * @returns {Promise<Moment | null>}
   */
  get(epoch) {
    if (!this.fetched.has(epoch)) {
      const name = `${String(epoch).padStart(4, "0")}.safetensors`;
      const fetching = this.fetch(`${this.url}/${name}`);
      this.fetched.set(epoch, fetching);
      fetching.then((moment) => {
        // It may be there the next time.
        if (!moment && this.fetched.get(epoch) === fetching) this.fetched.delete(epoch);
      });
    }
    return this.fetched.get(epoch);
  }

  /** @param {string} url @returns {Promise<Moment | null>} */
  async fetch(url) {
    try {
      return unpack(await fetchBytes(url));
    } catch {
      return null;
    }
  }
}

/** @param {ArrayBuffer} content @returns {Moment} */
function unpack(content) {
  const tensors = parseSafetensors(content);
  const map = new Float32Array(tensors.map);
  const pictures = new Uint8Array(tensors.pictures);
  if (map.length < 2 || pictures.length !== 7840) throw new Error("a snapshot of another size");
  const count = map.length / 2;
  const u = Float32Array.from({ length: count }, (_, i) => map[2 * i]);
  const v = Float32Array.from({ length: count }, (_, i) => map[2 * i + 1]);
  return { u, v, frame: [...around(u), ...around(v)], pictures };
}

/** Lowest and highest value, and a margin. @param {Float32Array} values */
function around(values) {
  const low = values.reduce((a, b) => Math.min(a, b), Infinity);
  const high = values.reduce((a, b) => Math.max(a, b), -Infinity);
  const margin = 0.04 * (high - low || 1);
  return [low - margin, high + margin];
}

/** On the way from one to another. @param {Moment} a @param {Moment} b @param {number} share @returns {Moment} */
export function between(a, b, share) {
  const mix = (/** @type {number} */ x, /** @type {number} */ y) => x + share * (y - x);
  return {
    u: b.u.map((value, i) => mix(a.u[i], value)),
    v: b.v.map((value, i) => mix(a.v[i], value)),
    frame: b.frame.map((value, k) => mix(a.frame[k], value)),
    pictures: b.pictures,
  };
}
