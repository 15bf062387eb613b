// Where z has been lately, at the pace of a film.

import { DELAY } from "../export.mjs";

const MOST = 120; // codes

export class RecentWay {
  constructor() {
    /** The oldest first. @type {Float32Array[]} */
    this.codes = [];
    this.last = -Infinity;
  }

  clear() {
    this.codes = [];
    this.last = -Infinity;
  }

  /** z is here now; of several moves within one frame of the film the last counts. @param {Float32Array} z @param {number} time ms */
  add(z, time) {
    const before = this.codes[this.codes.length - 1];
    if (before?.every((value, k) => value === z[k])) return;
    // The start of a way stays.
    if (time - this.last < DELAY && this.codes.length > 1) this.codes.pop();
    else this.last = time;
    this.codes.push(z.slice());
    if (this.codes.length > MOST) this.codes.shift();
  }
}
