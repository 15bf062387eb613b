// The plane of codes that a map shows, and a code that moves in it.

/** @typedef {import("../contract").Space} Space */

/** @typedef {[number, number]} Place  coordinates (u, v) along the plane's two directions */

/** @param {ArrayLike<number>} a @param {ArrayLike<number>} b */
export function dot(a, b) {
  let sum = 0;
  for (let k = 0; k < a.length; k += 1) sum += a[k] * b[k];
  return sum;
}

/** @param {ArrayLike<number>} a @param {ArrayLike<number>} b of the same length @returns {number} */
export function distance(a, b) {
  let sum = 0;
  for (let k = 0; k < a.length; k += 1) sum += (a[k] - b[k]) ** 2;
  return Math.sqrt(sum);
}

/**
 * The coordinates of z in the plane.
 * @param {Space} space @param {ArrayLike<number>} z @returns {Place}
 */
export function project(space, z) {
  return [dot(space.plane[0], z), dot(space.plane[1], z)];
}

/** The part of the plane that holds the codes of all test images. @param {Space} space @returns {import("../map/viewport.mjs").Frame} */
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

/** A code that sliders set latent by latent and a map moves within its plane. */
export class MovingCode {
  /** @param {Space} space @param {ArrayLike<number>} z */
  constructor(space, z) {
    this.space = space;
    this.z = Float32Array.from(z);
    /** @type {Place | null} the coordinates of z in the plane, once known */
    this.known = null;
    /** @type {Float32Array | null} the part of z off the plane, once known */
    this.rest = null;
  }

  /** @param {ArrayLike<number>} z */
  set(z) {
    this.z.set(z);
    this.known = null;
    this.rest = null;
  }

  /** @param {number} latent @param {number} value */
  setLatent(latent, value) {
    this.z[latent] = value;
    this.known = null;
    this.rest = null;
  }

  /** Its coordinates in the plane. @returns {Place} */
  get place() {
    this.known ??= project(this.space, this.z);
    return this.known;
  }

  /** Its part off the plane: the code at place (0, 0). @returns {Float32Array} */
  get offPlane() {
    if (!this.rest) {
      const [u, v] = this.place;
      const [first, second] = this.space.plane;
      this.rest = this.z.map((value, k) => value - u * first[k] - v * second[k]);
    }
    return this.rest;
  }

  /** Move it within the plane; its part off the plane stays. @param {number} u @param {number} v */
  moveTo(u, v) {
    codeAt(this.space, this.offPlane, u, v, this.z);
    this.known = [u, v];
  }
}

/**
 * The code at a place of the plane through `offPlane`.
 * @param {Space} space @param {ArrayLike<number>} offPlane @param {number} u @param {number} v
 * @param {Float32Array} out
 */
export function codeAt(space, offPlane, u, v, out) {
  const [first, second] = space.plane;
  for (let k = 0; k < out.length; k += 1) out[k] = offPlane[k] + u * first[k] + v * second[k];
}
