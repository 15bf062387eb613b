// Random numbers that repeat: the noise of an image, the same each time for the same seed.

import { normalDraw } from "./normal.mjs";

/**
 * Mulberry32, a small generator of 32 bits of state.
 * @param {number} seed @returns {() => number} draws from [0, 1)
 */
export function generator(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

/**
 * Random numbers for each of an image's 784 pixels.
 * @typedef {object} Noise
 * @property {Float64Array} hit  uniform: a pixel is corrupted once the level has passed it
 * @property {Float64Array} coin  uniform: whether a corrupted pixel turns white (below 0.5) or black
 * @property {Float64Array} normal  standard normal
 * @property {Float64Array} draw  uniform, the same for every pattern: a stochastically binarised pixel is white
 *   where it is brighter than this
 */

/** @param {number} image test image @param {number} pattern @returns {Noise} */
export function noiseFor(image, pattern) {
  const seed = (/** @type {number} */ part) => Math.imul(image + 1, 0x9e3779b1) ^ Math.imul(part, 0x85ebca77);
  const random = generator(seed(pattern + 1));
  const uniform = (/** @type {() => number} */ source) => Float64Array.from({ length: 784 }, source);
  const hit = uniform(random);
  const coin = uniform(random);
  const normal = uniform(() => normalDraw(random));
  return { hit, coin, normal, draw: uniform(generator(seed(0))) };
}
