// Where z has been on a map: its last places, joined by a line that fades towards the oldest.

/** @typedef {import("../maths/plane.mjs").Place} Place */

const LENGTH = 400; // places that are kept
const BANDS = 8; // of opacity

export class Trail {
  constructor() {
    this.places = new Float32Array(2 * LENGTH);
    this.count = 0; // places so far, those that are forgotten too
  }

  get length() {
    return Math.min(this.count, LENGTH);
  }

  /** @param {Place} place where z is now */
  add([u, v]) {
    if (this.count) {
      const [lastU, lastV] = this.at(this.length - 1);
      if (Math.fround(u) === lastU && Math.fround(v) === lastV) return;
    }
    this.places.set([u, v], 2 * (this.count % LENGTH));
    this.count += 1;
  }

  /** @param {number} k 0 is the oldest @returns {Place} */
  at(k) {
    const slot = (Math.max(0, this.count - LENGTH) + k) % LENGTH;
    return [this.places[2 * slot], this.places[2 * slot + 1]];
  }

  clear() {
    this.count = 0;
  }
}

/**
 * @param {CanvasRenderingContext2D} context @param {import("./viewport.mjs").Viewport} viewport @param {Trail} trail
 * @param {string} colour
 */
export function drawTrail(context, viewport, trail, colour) {
  const last = trail.length - 1;
  context.strokeStyle = colour;
  context.lineWidth = 2;
  context.lineJoin = "round";
  for (let band = 0; band < BANDS; band += 1) {
    const [from, to] = [band, band + 1].map((k) => Math.floor((k * last) / BANDS));
    if (to <= from) continue;
    context.globalAlpha = (band + 1) / BANDS;
    context.beginPath();
    for (let k = from; k <= to; k += 1) context.lineTo(...viewport.toPixels(...trail.at(k)));
    context.stroke();
  }
  context.globalAlpha = 1;
}
