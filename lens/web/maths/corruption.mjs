// From a test image to a model's input: corrupted or moved, then binarised if the model was trained on that.

/** @typedef {import("./noise.mjs").Noise} Noise */

/**
 * A way to change an image, by a slider from `low` to `high`.
 * @typedef {object} Kind
 * @property {string} title
 * @property {string} label  of the slider
 * @property {number} low
 * @property {number} high
 * @property {number} step
 * @property {(value: number) => string} words
 * @property {(clean: Float32Array, noise: Noise, value: number, angle: number, out: Float32Array) => void} apply
 *   784 grey levels, 0 to 1, into `out`; `angle` (degrees) is the direction of a shift
 */

const percent = (/** @type {number} */ share) => `${Math.round(100 * share)} %`;

/** The corruptions of a denoising autoencoder (Vincent et al. 2010, section 3.3). @type {Record<string, Kind>} */
export const CORRUPTIONS = {
  masking: {
    title: "Masking", label: "noise", low: 0, high: 1, step: 0.01,
    words: (level) => `${percent(level)} masked`,
    apply: (clean, { hit }, level, _, out) => {
      for (let k = 0; k < 784; k += 1) out[k] = hit[k] < level ? 0 : clean[k];
    },
  },
  "salt-pepper": {
    title: "Salt and pepper", label: "noise", low: 0, high: 1, step: 0.01,
    words: (level) => `${percent(level)} corrupted`,
    apply: (clean, { hit, coin }, level, _, out) => {
      for (let k = 0; k < 784; k += 1) out[k] = hit[k] < level ? Number(coin[k] < 0.5) : clean[k];
    },
  },
  gaussian: {
    title: "Gaussian", label: "noise", low: 0, high: 1, step: 0.01,
    words: (level) => `σ = ${level.toFixed(2)}`,
    // Not clipped: models were trained on grey levels below black and above white.
    apply: (clean, { normal }, level, _, out) => {
      for (let k = 0; k < 784; k += 1) out[k] = clean[k] + level * normal[k];
    },
  },
};

/** Small changes that don't change what an image shows. @type {Record<string, Kind>} */
export const PERTURBATIONS = {
  noise: { ...CORRUPTIONS.gaussian, title: "Noise", high: 0.5 },
  shift: {
    title: "Shift", label: "shift", low: 0, high: 3, step: 0.05,
    words: (distance) => `${distance.toFixed(2)} pixels`,
    apply: (clean, _, distance, angle, out) => {
      const turn = (angle * Math.PI) / 180;
      warp(clean, 1, 0, distance * Math.cos(turn), -distance * Math.sin(turn), out);
    },
  },
  rotate: {
    title: "Rotate", label: "rotation", low: -45, high: 45, step: 0.5,
    words: (angle) => `${angle.toFixed(1)}°`,
    apply: (clean, _, degrees, __, out) => {
      const turn = (degrees * Math.PI) / 180;
      warp(clean, Math.cos(turn), Math.sin(turn), 0, 0, out);
    },
  },
};

/**
 * Turn an image anticlockwise about its centre, then move it right and down; bilinear, black outside.
 * @param {Float32Array} image @param {number} cos @param {number} sin @param {number} right @param {number} down
 * @param {Float32Array} out
 */
function warp(image, cos, sin, right, down, out) {
  const at = (/** @type {number} */ x, /** @type {number} */ y) =>
    x < 0 || y < 0 || x > 27 || y > 27 ? 0 : image[28 * y + x];
  for (let k = 0; k < 784; k += 1) {
    const u = (k % 28) - 13.5 - right;
    const v = Math.floor(k / 28) - 13.5 - down;
    const x = 13.5 + cos * u - sin * v;
    const y = 13.5 + sin * u + cos * v;
    const left = Math.floor(x);
    const top = Math.floor(y);
    const [a, b] = [x - left, y - top];
    out[k] =
      (1 - b) * ((1 - a) * at(left, top) + a * at(left + 1, top)) +
      b * ((1 - a) * at(left, top + 1) + a * at(left + 1, top + 1));
  }
}

/**
 * An image as a model sees it that was trained on such pixels.
 * @param {import("../contract").Model["binarisation"]} binarisation "grey", "threshold" (brighter than 0.5 is white,
 *   the rest black) or "stochastic" (a pixel is white with its grey level as the probability)
 * @param {Float32Array} image 784 grey levels @param {Noise} noise @param {Float32Array} out
 */
export function binarise(binarisation, image, { draw }, out) {
  if (binarisation === "threshold") for (let k = 0; k < 784; k += 1) out[k] = Number(image[k] > 0.5);
  else if (binarisation === "stochastic") for (let k = 0; k < 784; k += 1) out[k] = Number(draw[k] < image[k]);
  else out.set(image);
}
