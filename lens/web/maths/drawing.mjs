// A drawing by a round pen on a square of ink, computed rather than read back from a canvas, which some browsers disturb.

export const SIDE = 280; // pixels, ten for each of the network's
export const PEN = 24; // its width: 2.4 of 28 pixels, the median of MNIST's strokes
const NEAR = 1; // pixels that the pen must move to leave a mark
const BEND = 4; // pixels of a curve that are drawn as one line

/** @typedef {[number, number]} Point  pixels from the square's top left */

/** @typedef {import("./preparation.mjs").Plane} Plane */

/** A picture that covers the square: its ink there, SIDE · SIDE, and in its own pixels. @typedef {{square: Float32Array, ink: Plane}} Picture */

/** A stroke by its points, a picture, or null where all was cleared. @typedef {Point[] | Picture | null} Item */

export class Drawing {
  constructor() {
    /** What was done, one thing after another. @type {Item[]} */
    this.items = [];
    /** Whether the last one is a stroke that goes on. */
    this.drawing = false;
    /** Ink without the end of a stroke that goes on, which may yet bend. */
    this.settled = new Float32Array(SIDE * SIDE);
    this.levels = new Float32Array(SIDE * SIDE);
  }

  get empty() {
    return (this.items.at(-1) ?? null) === null;
  }

  /** Put the pen down. @param {Point} place */
  begin(place) {
    this.end();
    this.items.push([place]);
    this.drawing = true;
  }

  /** Move the pen that is down. @param {Point} place */
  extend(place) {
    const stroke = this.items.at(-1);
    if (!this.drawing || !Array.isArray(stroke)) return;
    const [last, before] = [stroke[stroke.length - 1], stroke[stroke.length - 2]];
    if (Math.hypot(place[0] - last[0], place[1] - last[1]) < NEAR) return;
    stroke.push(place);
    bend(this.settled, before ? between(before, last) : last, last, between(last, place));
  }

  /** Lift the pen. */
  end() {
    if (!this.drawing) return;
    this.drawing = false;
    this.finish(this.settled);
  }

  /** Cover the square. @param {Picture} picture */
  place(picture) {
    this.end();
    this.items.push(picture);
    this.settled.set(picture.square);
  }

  clear() {
    this.end();
    if (!this.empty) this.items.push(null);
    this.settled.fill(0);
  }

  /** Take back the last stroke, picture or clearing. */
  undo() {
    const items = this.items.slice(0, -1);
    this.items = [];
    this.drawing = false;
    this.settled.fill(0);
    for (const item of items) {
      if (item === null) this.clear();
      else if ("square" in item) this.place(item);
      else this.draw(item);
    }
  }

  /** @param {Point[]} stroke */
  draw([first, ...rest]) {
    this.begin(first);
    for (const place of rest) this.extend(place);
    this.end();
  }

  /** What is on the square, up to where the pen is: SIDE · SIDE, 0 to 1. */
  square() {
    this.levels.set(this.settled);
    if (this.drawing) this.finish(this.levels);
    return this.levels;
  }

  /** The ink to prepare: that on the square, or all that a picture has. @returns {Plane} */
  ink() {
    const last = this.items.at(-1) ?? null;
    if (last !== null && "ink" in last) return last.ink;
    return { width: SIDE, height: SIDE, levels: this.square() };
  }

  /** The last stroke's end, from halfway to its last point. @param {Float32Array} levels */
  finish(levels) {
    const stroke = this.items.at(-1);
    if (!Array.isArray(stroke)) return;
    const [last, before] = [stroke[stroke.length - 1], stroke[stroke.length - 2]];
    line(levels, before ? between(before, last) : last, last);
  }
}

/** @param {Point} a @param {Point} b @returns {Point} */
function between(a, b) {
  return [(a[0] + b[0]) / 2, (a[1] + b[1]) / 2];
}

/** A parabola from a to c that heads for b at first. @param {Float32Array} levels @param {Point} a @param {Point} b @param {Point} c */
function bend(levels, a, b, c) {
  const pieces = Math.ceil((Math.hypot(b[0] - a[0], b[1] - a[1]) + Math.hypot(c[0] - b[0], c[1] - b[1])) / BEND);
  let from = a;
  for (let k = 1; k <= pieces; k += 1) {
    const t = k / pieces;
    const at = (/** @type {0 | 1} */ i) => (1 - t) ** 2 * a[i] + 2 * t * (1 - t) * b[i] + t ** 2 * c[i];
    /** @type {Point} */
    const to = [at(0), at(1)];
    line(levels, from, to);
    from = to;
  }
}

/** A line with round ends, and edges that fade over a pixel. @param {Float32Array} levels @param {Point} a @param {Point} b */
function line(levels, a, b) {
  const [right, down] = [b[0] - a[0], b[1] - a[1]];
  const squares = right * right + down * down;
  const reach = PEN / 2 + 0.5;
  const [left, low] = [a, b].reduce(([x, y], [u, v]) => [Math.min(x, u), Math.min(y, v)]);
  const [end, high] = [a, b].reduce(([x, y], [u, v]) => [Math.max(x, u), Math.max(y, v)]);
  const [first, last] = [Math.max(0, Math.floor(left - reach)), Math.min(SIDE, Math.ceil(end + reach))];
  for (let y = Math.max(0, Math.floor(low - reach)); y < Math.min(SIDE, Math.ceil(high + reach)); y += 1) {
    for (let x = first; x < last; x += 1) {
      const [u, v] = [x + 0.5 - a[0], y + 0.5 - a[1]];
      const t = squares ? Math.min(1, Math.max(0, (u * right + v * down) / squares)) : 0;
      const level = Math.min(1, reach - Math.hypot(u - t * right, v - t * down));
      if (level > levels[SIDE * y + x]) levels[SIDE * y + x] = level;
    }
  }
}
