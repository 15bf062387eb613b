// The holes of a space: over the plane that a map shows, what the reader sees in the image decoded at each place, and how
// sure it is.

import { codeAt } from "../maths/plane.mjs";
import { readCodes } from "../model/legible_share.mjs";
import { context2d } from "../dom.mjs";
import { inPieces } from "../pieces.mjs";
import { same } from "../same.mjs";

export const SIDE = 40; // cells along each edge

/** Blocks of so many rows and columns, the cell in them that is read first and stands for all of them. @type {[number, number][]} */
const LEVELS = [[4, 2], [2, 0], [1, 0]];

/** A cell, and how far the block that it stands for reaches. @typedef {{row: number, column: number, block: number, before: number}} Cell */

/**
 * The cells in the order in which they are read: every fourth row and column first, so that all of the plane is known
 * roughly before any of it is known in detail.
 * @param {boolean} [fine] row by row instead @returns {Cell[]}
 */
export function cellOrder(fine = false) {
  const known = new Uint8Array(SIDE * SIDE);
  /** @type {Cell[]} */
  const cells = [];
  for (const [block, before] of fine ? LEVELS.slice(-1) : LEVELS) {
    for (let row = before; row < SIDE; row += block) {
      for (let column = before; column < SIDE; column += block) {
        if (known[row * SIDE + column]) continue;
        known[row * SIDE + column] = 1;
        cells.push({ row, column, block, before });
      }
    }
  }
  return cells;
}

/**
 * How opaque a cell's colour is: nothing at the confidence of a guess.
 * @param {number} confidence 1 at most @param {number} classes among which one guesses
 */
export function strength(confidence, classes) {
  return Math.max(0, (confidence - 1 / classes) / (1 - 1 / classes)) ** 2;
}

/**
 * What the layer shows.
 * @param {import("../contract").Dataset} dataset
 * @param {string} [through] what the plane goes through, where it is one of many
 */
export function holesInWords({ noun, plural, reader }, through) {
  if (!reader) return `No classifier here reads ${plural}, so the holes between them can't be shown.`;
  const plane = through ? ` in the plane through ${through}` : "";
  return (
    `${SIDE} × ${SIDE} cells${plane}, each in the colour of the class that a [classifier](reader) reads in the ${noun} decoded there. ` +
    "Strong colour: it is sure. Faint: hardly [legible](legible)."
  );
}

/** The layer of one map; it lies beneath the points. */
export class Holes {
  /** @param {import("./latent_map.mjs").LatentMap} map */
  constructor(map) {
    this.map = map;
    this.canvas = document.createElement("canvas");
    this.canvas.className = "holes";
    this.canvas.width = SIDE;
    this.canvas.height = SIDE;
    this.canvas.hidden = true;
    map.overlay.before(this.canvas);
    map.layers.push(this);
    this.turn = 0;
    /** What was read last, in this frame and plane. @type {{model: object, frame: import("./viewport.mjs").Frame, offPlane: Float32Array} | null} */
    this.read = null;
    this.labels = new Int8Array(SIDE * SIDE).fill(-1);
    this.strengths = new Float32Array(SIDE * SIDE);
    /** @type {string[]} */
    this.colours = [];
  }

  /**
   * Read the plane that the map shows, unless that is what is on show.
   * @param {import("../model/model.mjs").Model} model @param {import("../model/reader.mjs").Reader} reader
   * @param {Float32Array} offPlane the plane goes through this code
   * @returns {Promise<boolean>} whether all of it is on show, read by this call or before
   */
  async show(model, reader, offPlane) {
    const { frame } = this.map.viewport;
    const before = this.read;
    const plane = before?.model === model && before.offPlane.every((value, k) => Math.abs(value - offPlane[k]) < 1e-4);
    this.canvas.hidden = false;
    this.map.update({ faint: true });
    if (before && plane && same(before.frame, frame)) return Boolean(this.canvas.dataset.whole);
    this.turn += 1;
    const { turn } = this;
    const current = () => turn === this.turn;
    const fine = Boolean(before && plane && covers(before.frame, frame));
    if (before?.model !== model) this.read = null;
    this.startOver();
    this.read = { model, frame, offPlane: offPlane.slice() };
    if (this.map.props.theme) this.draw(this.map.props.theme);
    const cells = cellOrder(fine);
    const { viewport } = this.map;
    const work = async (/** @type {number} */ start, /** @type {number} */ end) => {
      const codes = new Float32Array((end - start) * model.dim);
      for (let k = start; k < end; k += 1) {
        const { row, column } = cells[k];
        const [u, v] = [viewport.fromUnit((column + 0.5) / SIDE, frame.u), viewport.fromUnit(1 - (row + 0.5) / SIDE, frame.v)];
        codeAt(model.entry.space, offPlane, u, v, codes.subarray((k - start) * model.dim, (k - start + 1) * model.dim));
      }
      const verdicts = await readCodes(model, reader, codes);
      if (!current()) return;
      verdicts.forEach(({ label, confidence }, k) => this.put(cells[start + k], label, strength(confidence, reader.names.length)));
    };
    try {
      const whole = await inPieces(cells.length, work, current);
      if (whole) this.canvas.dataset.whole = "true";
      return whole;
    } catch (error) {
      if (!current()) return false;
      this.read = null;
      throw error;
    }
  }

  /** Read all anew; what was read of another part of the plane stays on show until then. */
  startOver() {
    delete this.canvas.dataset.whole;
    const old = document.createElement("canvas");
    [old.width, old.height] = [SIDE, SIDE];
    context2d(old).drawImage(this.canvas, 0, 0);
    const context = context2d(this.canvas);
    context.clearRect(0, 0, SIDE, SIDE);
    if (this.read) {
      const { u, v } = this.map.viewport.frame;
      const [left, right] = share(u, this.read.frame.u);
      const [bottom, top] = share(v, this.read.frame.v);
      context.imageSmoothingEnabled = false;
      context.drawImage(old, SIDE * left, SIDE * (1 - top), SIDE * (right - left), SIDE * (top - bottom));
    }
    this.labels.fill(-1);
  }

  /** @param {Cell} cell @param {number} label @param {number} opacity */
  put(cell, label, opacity) {
    const k = cell.row * SIDE + cell.column;
    this.labels[k] = label;
    this.strengths[k] = opacity;
    this.paint(cell);
  }

  /** @param {Cell} cell that was read */
  paint({ row, column, block, before }) {
    const k = row * SIDE + column;
    const context = context2d(this.canvas);
    const [left, top] = [column - before, row - before];
    context.clearRect(left, top, block, block);
    context.globalAlpha = this.strengths[k];
    context.fillStyle = this.colours[this.labels[k]];
    context.fillRect(left, top, block, block);
    context.globalAlpha = 1;
  }

  /**
   * Keep what was read in the colours of the theme, and at its place of the plane while another part of it comes into
   * view.
   * @param {import("../theme.mjs").Theme} theme
   */
  draw(theme) {
    if (!same(theme.digits, this.colours)) {
      this.colours = theme.digits.slice();
      for (const cell of cellOrder()) if (this.labels[cell.row * SIDE + cell.column] >= 0) this.paint(cell);
    }
    if (!this.read) return;
    const [left, right] = share(this.map.viewport.frame.u, this.read.frame.u);
    const [bottom, top] = share(this.map.viewport.frame.v, this.read.frame.v);
    const { style } = this.canvas;
    style.left = `${100 * left}%`;
    style.top = `${100 * (1 - top)}%`;
    style.width = `${100 * (right - left)}%`;
    style.height = `${100 * (top - bottom)}%`;
  }

  /** Show nothing, and read no more. */
  hide() {
    this.canvas.hidden = true;
    this.map.update({ faint: false });
    if (!this.canvas.dataset.whole) this.forget();
  }

  /** Read no more, and all of it anew the next time. */
  forget() {
    this.turn += 1;
    this.read = null;
  }
}

/** Where a range lies in another one, as shares of that. @param {[number, number]} whole @param {[number, number]} part @returns {[number, number]} */
function share([low, high], [from, to]) {
  return [(from - low) / (high - low), (to - low) / (high - low)];
}

/** Whether a frame holds all of another one. @param {import("./viewport.mjs").Frame} whole @param {import("./viewport.mjs").Frame} part */
function covers(whole, part) {
  return whole.u[0] <= part.u[0] && whole.u[1] >= part.u[1] && whole.v[0] <= part.v[0] && whole.v[1] >= part.v[1];
}
