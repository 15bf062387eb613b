// Chance that repeats: the random fields of a picture, the same each time for the same seed.

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
 * What chance says of each of a picture's 784 pixels.
 * @typedef {object} Field
 * @property {Float64Array} hit  uniform: a pixel is spoilt once the level has passed it
 * @property {Float64Array} coin  uniform: where a spoilt pixel turns black, where white
 * @property {Float64Array} normal  standard normal
 * @property {Float64Array} draw  uniform, the same for every pattern: a dynamically binarised pixel is white
 *   where it is brighter than this
 */

/** @param {number} image test picture @param {number} pattern @returns {Field} */
export function fieldOf(image, pattern) {
  const seed = (/** @type {number} */ part) => Math.imul(image + 1, 0x9e3779b1) ^ Math.imul(part, 0x85ebca77);
  const random = generator(seed(pattern + 1));
  const uniform = (/** @type {() => number} */ source) => Float64Array.from({ length: 784 }, source);
  const hit = uniform(random);
  const coin = uniform(random);
  // Box and Muller 1958; 1 - u keeps the logarithm finite.
  const normal = uniform(() => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random()));
  return { hit, coin, normal, draw: uniform(generator(seed(0))) };
}
