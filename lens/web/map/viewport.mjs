// The part of the plane that a map shows: converts between coordinates, shares of the map's square and pixels.

import { normalCdf, normalQuantile } from "../maths/normal.mjs";

/** @typedef {import("../maths/plane.mjs").Place} Place */

/**
 * The range that a map shows along its two axes.
 * @typedef {object} Frame
 * @property {[number, number]} u  range of the horizontal coordinate
 * @property {[number, number]} v  range of the vertical coordinate, upwards
 * @property {boolean} probability  equal steps hold equal probability of N(0, 1), not equal distance
 */

const EDGE = 0.002; // probability left out at each end of a probability axis
const MARGIN = 0.04; // of the frame, between its edge and a place that it was widened for
const CLOSEST = 20; // how many times as large as at first things can be shown
const FARTHEST = 0.2;

/** A frame on a square of `size` CSS pixels; changes make a new one. */
export class Viewport {
  /** @param {Frame} frame @param {number} size */
  constructor(frame, size) {
    this.frame = frame;
    this.size = size;
  }

  /** @param {number} value @param {[number, number]} range @returns {number} 0 to 1 along an axis */
  toUnit(value, range) {
    return this.frame.probability ? normalCdf(value) : (value - range[0]) / (range[1] - range[0]);
  }

  /** @param {number} share 0 to 1, else the nearer end @param {[number, number]} range @returns {number} */
  fromUnit(share, range) {
    const held = Math.min(1, Math.max(0, share));
    if (this.frame.probability) return normalQuantile(Math.min(1 - EDGE, Math.max(EDGE, held)));
    return range[0] + held * (range[1] - range[0]);
  }

  /** @param {number} u @param {number} v @returns {Place} CSS pixels from the top left */
  toPixels(u, v) {
    return [this.toUnit(u, this.frame.u) * this.size, (1 - this.toUnit(v, this.frame.v)) * this.size];
  }

  /** @param {number} x @param {number} y CSS pixels from the top left @returns {Place} coordinates */
  fromPixels(x, y) {
    return [this.fromUnit(x / this.size, this.frame.u), this.fromUnit(1 - y / this.size, this.frame.v)];
  }

  /** @param {number} u @param {number} v whether the place is in view */
  holds(u, v) {
    const { frame } = this;
    return u >= frame.u[0] && u <= frame.u[1] && v >= frame.v[0] && v <= frame.v[1];
  }

  /**
   * The coordinates of a pixel, also outside the square as far as the initial frame goes.
   * @param {number} x @param {number} y CSS pixels from the top left @param {Frame} home @returns {Place}
   */
  beyond(x, y, home) {
    const { frame, size } = this;
    if (frame.probability) return this.fromPixels(x, y);
    const along = (/** @type {number} */ share, /** @type {"u" | "v"} */ axis) => {
      const [low, high] = frame[axis];
      const value = low + share * (high - low);
      return Math.min(Math.max(high, home[axis][1]), Math.max(Math.min(low, home[axis][0]), value));
    };
    return [along(x / size, "u"), along(1 - y / size, "v")];
  }

  /** The frame moved just so far that a place is inside. @param {number} u @param {number} v @returns {Frame} */
  shifted(u, v) {
    const moved = (/** @type {[number, number]} */ [low, high], /** @type {number} */ value) => {
      const by = Math.max(0, value - high) + Math.min(0, value - low);
      return /** @type {[number, number]} */ ([low + by, high + by]);
    };
    return { u: moved(this.frame.u, u), v: moved(this.frame.v, v), probability: false };
  }

  /** The lowest coordinates in view, and pixels a unit; not for a probability frame. */
  get scales() {
    const { size, frame } = this;
    const [u, v] = [frame.u[0], frame.v[0]];
    return { u, v, scaleU: size / (frame.u[1] - u), scaleV: size / (frame.v[1] - v) };
  }

  /**
   * How many of some points are in view.
   * @param {{u: Float32Array, v: Float32Array}} points @param {(i: number) => boolean} counts whether a point counts
   */
  count({ u, v }, counts) {
    let found = 0;
    for (let i = 0; i < u.length; i += 1) if (this.holds(u[i], v[i]) && counts(i)) found += 1;
    return found;
  }

  /** The middle of the frame. @returns {Place} */
  get centre() {
    const { u, v } = this.frame;
    return [(u[0] + u[1]) / 2, (v[0] + v[1]) / 2];
  }

  /**
   * The frame that shows more (factor > 1) or less, with a place staying where it is.
   * @param {number} factor @param {Place} around @returns {Frame}
   */
  zoomed(factor, [x, y]) {
    const { u, v } = this.frame;
    return {
      u: [x + (u[0] - x) * factor, x + (u[1] - x) * factor],
      v: [y + (v[0] - y) * factor, y + (v[1] - y) * factor],
      probability: false,
    };
  }

  /**
   * What a factor of the width comes to, so that no zoom leads further in or out than the limits.
   * @param {number} factor @param {Frame} home the initial frame @returns {number}
   */
  limited(factor, home) {
    const width = (/** @type {[number, number]} */ [low, high]) => high - low;
    const [u, v] = [width(this.frame.u) / width(home.u), width(this.frame.v) / width(home.v)];
    const least = Math.min(1, 1 / (CLOSEST * Math.min(u, v)));
    const most = Math.max(1, 1 / (FARTHEST * Math.max(u, v)));
    return Math.min(most, Math.max(least, factor));
  }

  /**
   * The frame after two fingers moved: what was under their middle stays under it.
   * @param {Place} from their middle in pixels, before @param {Place} to and now
   * @param {number} spread their distance now, as a multiple of that before @returns {Frame}
   */
  pinched(from, to, spread) {
    const { size } = this;
    const factor = 1 / spread;
    const around = (/** @type {[number, number]} */ [low, high], /** @type {number} */ was, /** @type {number} */ is) => {
      const held = low + was * (high - low);
      const width = (high - low) * factor;
      return /** @type {[number, number]} */ ([held - is * width, held + (1 - is) * width]);
    };
    return {
      u: around(this.frame.u, from[0] / size, to[0] / size),
      v: around(this.frame.v, 1 - from[1] / size, 1 - to[1] / size),
      probability: false,
    };
  }

  /** The frame widened until a place is inside, both axes alike. @param {number} u @param {number} v @returns {Frame} */
  widened(u, v) {
    const wider = (/** @type {[number, number]} */ [low, high], /** @type {number} */ value) => {
      const margin = MARGIN * (high - low);
      return /** @type {[number, number]} */ ([Math.min(low, value - margin), Math.max(high, value + margin)]);
    };
    const [wideU, wideV] = [wider(this.frame.u, u), wider(this.frame.v, v)];
    const span = (/** @type {[number, number]} */ [low, high]) => high - low;
    const factor = Math.max(span(wideU) / span(this.frame.u), span(wideV) / span(this.frame.v));
    const scaled = (/** @type {[number, number]} */ [low, high], /** @type {number} */ wanted) => {
      const middle = (low + high) / 2;
      return /** @type {[number, number]} */ ([middle - wanted / 2, middle + wanted / 2]);
    };
    return {
      u: scaled(wideU, factor * span(this.frame.u)),
      v: scaled(wideV, factor * span(this.frame.v)),
      probability: false,
    };
  }
}
