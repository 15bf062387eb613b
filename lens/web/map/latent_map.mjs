// The latent map: 10,000 points drawn once, and an overlay (cross-hair, found digits, paths) that moves.

import { normalCdf, normalQuantile } from "../maths/plane.mjs";
import { listen } from "./gestures.mjs";
import { disc, ring, ticks } from "./marks.mjs";

/** @typedef {import("../theme.mjs").Theme} Theme */

/** @typedef {import("../maths/plane.mjs").Frame} Frame */

const EDGE = 0.002; // probability left out at each end of a probability axis

export class LatentMap {
  /**
   * @param {HTMLElement} root the element that fills the map's square
   * @param {string} label what a screen reader says, starting with "latent map"
   * @param {{
   *   drag?: (u: number, v: number) => void, release?: () => void,
   *   hover?: (i: number) => void, pick?: (i: number) => void, enter?: () => void, view?: () => void,
   * }} on
   */
  constructor(root, label, on) {
    this.root = root;
    this.on = on;
    this.base = root.appendChild(document.createElement("canvas"));
    this.overlay = root.appendChild(document.createElement("canvas"));
    root.tabIndex = 0;
    root.setAttribute("role", "application");
    root.setAttribute("aria-label", label);
    /** @type {Frame} */
    this.frame = { u: [-1, 1], v: [-1, 1], probability: false };
    this.home = this.frame;
    this.count = 0;
    this.u = new Float32Array(0);
    this.v = new Float32Array(0);
    this.labels = new Uint8Array(0);
    this.shown = new Array(10).fill(true);
    /** @type {HTMLCanvasElement | null} */
    this.picture = null;
    /** @type {[number, number] | null} */
    this.cross = null;
    /** @type {number} */
    this.lit = -1;
    /** @type {{points: Float32Array, dash: boolean}[]} */
    this.paths = [];
    /** @type {{u: number, v: number, text: string}[]} */
    this.marks = [];
    this.size = 0;
    this.zoomBar = root.appendChild(this.buildZoom());
    this.resizer = new ResizeObserver(() => this.resize());
    this.resizer.observe(root);
    listen(this);
  }

  destroy() {
    this.resizer.disconnect();
  }

  /** @param {Theme} theme */
  setTheme(theme) {
    this.theme = theme;
    this.drawBase();
    this.drawOverlay();
  }

  /**
   * The points: coordinates in the plane and the class of each.
   * @param {Float32Array} u @param {Float32Array} v @param {Uint8Array} labels
   */
  setPoints(u, v, labels) {
    Object.assign(this, { u, v, labels, count: u.length });
  }

  /** @param {Frame} frame what to show now and after "first view" */
  setFrame(frame) {
    this.frame = frame;
    this.home = frame;
    this.zoomBar.hidden = frame.probability;
  }

  buildZoom() {
    const bar = document.createElement("div");
    bar.className = "zoom";
    /** @type {[string, string, () => void][]} */
    const buttons = [
      ["+", "zoom in", () => this.zoom(0.6)],
      ["−", "zoom out", () => this.zoom(1 / 0.6)],
      ["⟲", "first view", () => this.show(this.home)],
    ];
    for (const [text, label, act] of buttons) {
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = text;
      button.title = label;
      button.setAttribute("aria-label", label);
      button.addEventListener("click", act);
      bar.append(button);
    }
    // A press on a button is no press on the map.
    for (const kind of ["pointerdown", "keydown"]) bar.addEventListener(kind, (event) => event.stopPropagation());
    return bar;
  }

  /**
   * Show more (factor > 1) or less around a place.
   * @param {number} factor @param {[number, number]} [around] map coordinates; else the cross-hair or the middle
   */
  zoom(factor, around) {
    if (this.frame.probability) return;
    const { u, v } = this.frame;
    const inside = this.cross && this.holds(...this.cross) ? this.cross : null;
    const [x, y] = around ?? inside ?? [(u[0] + u[1]) / 2, (v[0] + v[1]) / 2];
    this.show({
      u: [x + (u[0] - x) * factor, x + (u[1] - x) * factor],
      v: [y + (v[0] - y) * factor, y + (v[1] - y) * factor],
      probability: false,
    });
  }

  /** @param {Frame} frame */
  show(frame) {
    this.frame = frame;
    this.drawBase();
    this.drawOverlay();
    this.on.view?.();
  }

  /** Zoom out until the place is inside. @param {number} u @param {number} v */
  reveal(u, v) {
    if (this.frame.probability || this.holds(u, v)) return;
    const wider = (/** @type {[number, number]} */ [low, high], /** @type {number} */ value) => {
      const margin = 0.04 * (high - low);
      return /** @type {[number, number]} */ ([Math.min(low, value - margin), Math.max(high, value + margin)]);
    };
    this.show({ u: wider(this.frame.u, u), v: wider(this.frame.v, v), probability: false });
  }

  /** @param {number} u @param {number} v */
  holds(u, v) {
    const { frame } = this;
    return u >= frame.u[0] && u <= frame.u[1] && v >= frame.v[0] && v <= frame.v[1];
  }

  /** How many of the points lie outside the view. */
  outside() {
    let count = 0;
    for (let i = 0; i < this.count; i += 1) if (!this.holds(this.u[i], this.v[i])) count += 1;
    return count;
  }

  /** @param {number} value @param {[number, number]} range @returns {number} 0 to 1 along an axis */
  share(value, range) {
    return this.frame.probability ? normalCdf(value) : (value - range[0]) / (range[1] - range[0]);
  }

  /** @param {number} share @param {[number, number]} range */
  unshare(share, range) {
    const held = Math.min(1, Math.max(0, share));
    if (this.frame.probability) return normalQuantile(Math.min(1 - EDGE, Math.max(EDGE, held)));
    return range[0] + held * (range[1] - range[0]);
  }

  /** @param {number} u @param {number} v @returns {[number, number]} CSS pixels from the top left */
  toPixels(u, v) {
    return [this.share(u, this.frame.u) * this.size, (1 - this.share(v, this.frame.v)) * this.size];
  }

  /** @param {number} x @param {number} y @returns {[number, number]} */
  fromPixels(x, y) {
    return [this.unshare(x / this.size, this.frame.u), this.unshare(1 - y / this.size, this.frame.v)];
  }

  /**
   * The visible point nearest to a pixel, or -1 where none is near.
   * @param {number} x @param {number} y @param {number} reach in CSS pixels
   */
  pointAt(x, y, reach) {
    if (this.picture) return -1;
    const { frame, size } = this;
    const scaleU = size / (frame.u[1] - frame.u[0]);
    const scaleV = size / (frame.v[1] - frame.v[0]);
    let found = -1;
    let best = reach * reach;
    for (let i = 0; i < this.count; i += 1) {
      const dx = (this.u[i] - frame.u[0]) * scaleU - x;
      const dy = size - (this.v[i] - frame.v[0]) * scaleV - y;
      const gap = dx * dx + dy * dy;
      if (gap < best && this.shown[this.labels[i]]) {
        best = gap;
        found = i;
      }
    }
    return found;
  }

  resize() {
    const size = this.root.clientWidth;
    if (!size) return;
    this.size = size;
    const scale = window.devicePixelRatio || 1;
    for (const canvas of [this.base, this.overlay]) {
      canvas.width = Math.round(size * scale);
      canvas.height = Math.round(size * scale);
      canvas.getContext("2d").setTransform(scale, 0, 0, scale, 0, 0);
    }
    this.drawBase();
    this.drawOverlay();
  }

  drawBase() {
    if (!this.size || !this.theme) return;
    const context = this.base.getContext("2d");
    const { size, frame } = this;
    context.clearRect(0, 0, size, size);
    if (this.picture) {
      context.imageSmoothingEnabled = true;
      context.drawImage(this.picture, 0, 0, size, size);
      return;
    }
    this.drawAxes(context);
    const scaleU = size / (frame.u[1] - frame.u[0]);
    const scaleV = size / (frame.v[1] - frame.v[0]);
    const side = Math.max(2, size / 220);
    context.globalAlpha = 0.72;
    for (let i = 0; i < this.count; i += 1) {
      const label = this.labels[i];
      if (!this.shown[label]) continue;
      context.fillStyle = this.theme.digits[label];
      const x = (this.u[i] - frame.u[0]) * scaleU;
      const y = size - (this.v[i] - frame.v[0]) * scaleV;
      context.fillRect(x - side / 2, y - side / 2, side, side);
    }
    context.globalAlpha = 1;
  }

  /** @param {CanvasRenderingContext2D} context */
  drawAxes(context) {
    const { size, frame, theme } = this;
    context.strokeStyle = theme.faint;
    context.fillStyle = theme.text;
    context.lineWidth = 1;
    context.font = "11px sans-serif";
    context.globalAlpha = 0.9;
    for (const value of ticks(frame.u)) {
      const x = Math.round(this.share(value, frame.u) * size) + 0.5;
      context.beginPath();
      context.moveTo(x, 0);
      context.lineTo(x, size);
      context.stroke();
      if (x > 24 && x < size - 24) context.fillText(String(value), x + 3, size - 4);
    }
    for (const value of ticks(frame.v)) {
      const y = Math.round((1 - this.share(value, frame.v)) * size) + 0.5;
      context.beginPath();
      context.moveTo(0, y);
      context.lineTo(size, y);
      context.stroke();
      if (y > 16 && y < size - 24) context.fillText(String(value), 4, y - 3);
    }
    context.globalAlpha = 1;
  }

  drawOverlay() {
    if (!this.size || !this.theme) return;
    const context = this.overlay.getContext("2d");
    const { size, theme } = this;
    context.clearRect(0, 0, size, size);
    for (const path of this.paths) this.drawPath(context, path);
    if (this.cross) {
      const [x, y] = this.toPixels(...this.cross);
      context.strokeStyle = this.picture ? "#ffffff" : theme.text;
      context.globalAlpha = 0.45;
      context.lineWidth = 1;
      context.beginPath();
      context.moveTo(x, 0);
      context.lineTo(x, size);
      context.moveTo(0, y);
      context.lineTo(size, y);
      context.stroke();
      context.globalAlpha = 1;
      ring(context, x, y, 9, theme.accent, "#ffffff");
    }
    if (this.lit >= 0 && !this.picture) {
      const [x, y] = this.toPixels(this.u[this.lit], this.v[this.lit]);
      ring(context, x, y, 7, theme.text, theme.digits[this.labels[this.lit]]);
    }
    for (const { u, v, text } of this.marks) {
      const [x, y] = this.toPixels(u, v);
      disc(context, x, y, text, theme);
    }
  }

  /** @param {CanvasRenderingContext2D} context @param {{points: Float32Array, dash: boolean}} path */
  drawPath(context, path) {
    context.strokeStyle = this.theme.text;
    context.lineWidth = 2.5;
    context.setLineDash(path.dash ? [5, 5] : []);
    context.beginPath();
    for (let k = 0; k < path.points.length; k += 2) {
      const [x, y] = this.toPixels(path.points[k], path.points[k + 1]);
      if (k === 0) context.moveTo(x, y);
      else context.lineTo(x, y);
    }
    context.stroke();
    context.setLineDash([]);
  }
}
