// What a reconstruction adds to its original, and what it leaves out.

/** @typedef {import("../contract").Model["binarisation"]} Binarisation */

/**
 * An image as a model sees it: one that was trained on thresholded pixels sees nothing between black and white.
 * @param {ArrayLike<number>} image 784 grey levels, 0 to 255 @param {Binarisation} binarisation
 * @returns {Float32Array} 0 to 1
 */
export function seenBy(image, binarisation) {
  return Float32Array.from(image, (level) => (binarisation === "threshold" ? Number(level > 127.5) : level / 255));
}

/**
 * Decoded minus seen: below 0 where ink is missing, above 0 where it was invented.
 * @param {ArrayLike<number>} decoded @param {Float32Array} seen @returns {Float32Array}
 */
export function difference(decoded, seen) {
  return seen.map((level, k) => decoded[k] - level);
}

/** The sum of its squares. @param {Float32Array} signed @returns {number} */
export function squaredError(signed) {
  return signed.reduce((sum, value) => sum + value * value, 0);
}

/** How much ink is missing and how much invented, in words; a whole pixel of ink is 1. @param {Float32Array} signed */
export function inkInWords(signed) {
  let [missing, invented] = [0, 0];
  for (const value of signed) {
    if (value < 0) missing -= value;
    else invented += value;
  }
  return `ink missing ${missing.toFixed(1)}, ink invented ${invented.toFixed(1)}`;
}
