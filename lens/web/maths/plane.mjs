// Arithmetic on codes: the plane that a map shows, paths between codes, and the normal distribution.

/** @typedef {import("../model/model.mjs").Space} Space */

/** @param {ArrayLike<number>} a @param {ArrayLike<number>} b */
export function dot(a, b) {
  let sum = 0;
  for (let k = 0; k < a.length; k += 1) sum += a[k] * b[k];
  return sum;
}

/**
 * Where z lies in the plane: its coordinates along the plane's two directions.
 * @param {Space} space @param {ArrayLike<number>} z @returns {[number, number]}
 */
export function project(space, z) {
  return [dot(space.plane[0], z), dot(space.plane[1], z)];
}

/**
 * What a map shows along its two axes.
 * @typedef {object} Frame
 * @property {[number, number]} u  range of the horizontal coordinate
 * @property {[number, number]} v  range of the vertical coordinate, upwards
 * @property {boolean} probability  equal steps hold equal probability of N(0, 1), not equal distance
 */

/** The frame that holds the codes of all test digits. @param {Space} space @returns {Frame} */
export function frameOf(space) {
  const [u, v] = project(space, space.mean);
  const { plane_low: low, plane_high: high } = space;
  return { u: [u + low[0], u + high[0]], v: [v + low[1], v + high[1]], probability: false };
}

/**
 * The coordinates of every code in the plane.
 * @param {import("../model/model.mjs").Model} model @returns {{u: Float32Array, v: Float32Array}}
 */
export function projectAll(model) {
  const u = new Float32Array(model.count);
  const v = new Float32Array(model.count);
  for (let i = 0; i < model.count; i += 1) [u[i], v[i]] = project(model.entry.space, model.code(i));
  return { u, v };
}

/**
 * Move z within the plane until its coordinates are (u, v); what lies off the plane stays.
 * @param {Space} space @param {Float32Array} z @param {number} u @param {number} v
 */
export function moveTo(space, z, u, v) {
  const [now, then] = project(space, z);
  for (let k = 0; k < z.length; k += 1) {
    z[k] += (u - now) * space.plane[0][k] + (v - then) * space.plane[1][k];
  }
}

/**
 * The straight line from a to b.
 * @param {ArrayLike<number>} a @param {ArrayLike<number>} b @param {number} t 0 to 1
 * @param {Float32Array} out
 */
export function straight(a, b, t, out) {
  for (let k = 0; k < out.length; k += 1) out[k] = (1 - t) * a[k] + t * b[k];
}

/**
 * Spherical interpolation (Shoemake 1985) of the direction, with the length going straight from |a| to |b|.
 * Where a direction is undefined (a zero code, or opposite codes) it is the straight line.
 * @param {ArrayLike<number>} a @param {ArrayLike<number>} b @param {number} t 0 to 1
 * @param {Float32Array} out
 */
export function spherical(a, b, t, out) {
  const lengthA = Math.sqrt(dot(a, a));
  const lengthB = Math.sqrt(dot(b, b));
  const cosine = dot(a, b) / (lengthA * lengthB);
  const angle = Math.acos(Math.min(1, Math.max(-1, cosine)));
  if (!(Math.sin(angle) > 1e-6)) {
    straight(a, b, t, out);
    return;
  }
  const length = (1 - t) * lengthA + t * lengthB;
  const shareA = (Math.sin((1 - t) * angle) / Math.sin(angle)) * (length / lengthA);
  const shareB = (Math.sin(t * angle) / Math.sin(angle)) * (length / lengthB);
  for (let k = 0; k < out.length; k += 1) out[k] = shareA * a[k] + shareB * b[k];
}

/** The standard normal distribution function (Abramowitz and Stegun 7.1.26, error < 2e-7). @param {number} x */
export function normalCdf(x) {
  const t = 1 / (1 + (0.3275911 * Math.abs(x)) / Math.SQRT2);
  const poly = t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))));
  const tail = 0.5 * poly * Math.exp((-x * x) / 2);
  return x > 0 ? 1 - tail : tail;
}

/** The inverse of `normalCdf`, by bisection, for 0 < p < 1. @param {number} p */
export function normalQuantile(p) {
  let low = -8;
  let high = 8;
  for (let step = 0; step < 50; step += 1) {
    const middle = (low + high) / 2;
    if (normalCdf(middle) < p) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/** One draw from the standard normal distribution (Box and Muller 1958). */
export function normalDraw() {
  return Math.sqrt(-2 * Math.log(1 - Math.random())) * Math.cos(2 * Math.PI * Math.random());
}
