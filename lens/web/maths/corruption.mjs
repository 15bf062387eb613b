// From a test picture to what a model is shown: spoilt or moved, then black and white where it was trained so.

/** @typedef {import("./noise.mjs").Field} Field */

/**
 * A way to disturb a picture, by a slider from `low` to `high`.
 * @typedef {object} Kind
 * @property {string} title
 * @property {string} label  of the slider
 * @property {number} low
 * @property {number} high
 * @property {number} step
 * @property {(value: number) => string} words
 * @property {(clean: Float32Array, field: Field, value: number, angle: number, out: Float32Array) => void} apply
 *   784 grey levels, 0 to 1, into `out`; `angle` (degrees) is the direction of a shift
 */

const percent = (/** @type {number} */ share) => `${Math.round(100 * share)} %`;

/** The corruptions of a denoising autoencoder (Vincent et al. 2010, section 3.3). @type {Record<string, Kind>} */
export const NOISE = {
  masking: {
    title: "Masking", label: "noise", low: 0, high: 1, step: 0.01,
    words: (level) => `${percent(level)} hidden`,
    apply: (clean, { hit }, level, _, out) => {
      for (let k = 0; k < 784; k += 1) out[k] = hit[k] < level ? 0 : clean[k];
    },
  },
  "salt-pepper": {
    title: "Salt and pepper", label: "noise", low: 0, high: 1, step: 0.01,
    words: (level) => `${percent(level)} spoilt`,
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

/** Small changes that leave a digit what it is. @type {Record<string, Kind>} */
export const NUDGE = {
  noise: { ...NOISE.gaussian, title: "Noise", high: 0.5 },
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
 * Turn a picture anticlockwise about its middle, then move it right and down; bilinear, black outside.
 * @param {Float32Array} picture @param {number} cos @param {number} sin @param {number} right @param {number} down
 * @param {Float32Array} out
 */
function warp(picture, cos, sin, right, down, out) {
  const at = (/** @type {number} */ x, /** @type {number} */ y) =>
    x < 0 || y < 0 || x > 27 || y > 27 ? 0 : picture[28 * y + x];
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
 * What a model that was trained on such pixels sees of a picture.
 * @param {string} pixels "grey", "threshold" (brighter than 0.5 is white, the rest black) or "dynamic" (a
 *   pixel is white with the probability that it is bright) @param {Float32Array} picture 784 grey levels
 * @param {Field} field @param {Float32Array} out
 */
export function asSeen(pixels, picture, { draw }, out) {
  if (pixels === "threshold") for (let k = 0; k < 784; k += 1) out[k] = Number(picture[k] > 0.5);
  else if (pixels === "dynamic") for (let k = 0; k < 784; k += 1) out[k] = Number(draw[k] < picture[k]);
  else out.set(picture);
}
