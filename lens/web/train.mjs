// Train: one run's latent map unfolding over its epochs, and ten test digits above their reconstructions.

import { classFilter, part, spreadColours } from "./dom.mjs";
import { openDigits } from "./files.mjs";
import { LatentMap } from "./map.mjs";
import { Picture } from "./picture.mjs";
import { readTheme } from "./theme.mjs";

const MOVE = 700; // ms from one snapshot to the next
const PACE = 45; // ms between two frames of the way
const REPLAY = 220; // the same while replaying
const STILL = window.matchMedia("(prefers-reduced-motion: reduce)");

/**
 * What a run looked like after an epoch.
 * @typedef {object} Snapshot
 * @property {number} epoch
 * @property {string} map  base64 of (points, 2) uint16, 0 to 65535 between low and high
 * @property {string} pictures  base64 of (10, 784) uint8
 * @property {number[]} low
 * @property {number[]} high
 *
 * @typedef {object} Moment
 * @property {Float32Array} u
 * @property {Float32Array} v
 * @property {number[]} frame  u low, u high, v low, v high
 * @property {Uint8Array} pictures
 */

/**
 * Python sends {base, run, digits: number[10], snapshots: Snapshot[]}: the new ones, and all at first.
 * @param {HTMLElement} root
 */
export function open(root) {
  return new Train(root);
}

class Train {
  /** @param {HTMLElement} root */
  constructor(root) {
    this.root = root;
    this.run = "";
    /** @type {Map<number, Moment>} */
    this.moments = new Map();
    /** @type {number[]} */
    this.epochs = [];
    this.following = true;
    this.shown = -1;
    this.animation = 0;
    this.turn = 0;
    /** @type {Moment | null} */
    this.now = null;
    this.map = new LatentMap(part(root, ".map"), "latent map of the run", {});
    this.slider = part(root, ".epoch");
    this.slider.addEventListener("input", () => {
      this.stop();
      this.following = this.slider.valueAsNumber === this.epochs.length - 1;
      this.go(this.slider.valueAsNumber, 0);
    });
    part(root, ".replay").addEventListener("click", () => this.replay());
    classFilter(part(root, ".filter"), (shown) => {
      this.map.shown = shown.slice();
      this.map.drawBase();
    });
    this.pairs = Array.from({ length: 10 }, () => this.buildPair());
  }

  buildPair() {
    const pair = document.createElement("div");
    pair.className = "pair";
    pair.innerHTML = `<canvas role="img"></canvas><canvas role="img"></canvas>`;
    const [original, redrawn] = pair.querySelectorAll("canvas");
    part(this.root, ".pair-list").append(pair);
    return { original: new Picture(original), redrawn: new Picture(redrawn) };
  }

  /** @param {{base: string, run: string, digits: number[], snapshots: Snapshot[]}} data */
  async update(data) {
    this.turn += 1;
    const { turn } = this;
    const theme = readTheme(this.root);
    spreadColours(this.root, theme.digits);
    if (data.run !== this.run) this.change(data.run);
    // Kept before anything is waited for: the next update holds only what is newer.
    for (const snapshot of data.snapshots) this.moments.set(snapshot.epoch, unpack(snapshot));
    const digits = await openDigits(data.base);
    if (turn !== this.turn) return;
    this.labels = digits.labels;
    this.showOriginals(data.digits, digits);
    const before = this.epochs.length;
    this.epochs = [...this.moments.keys()].sort((a, b) => a - b);
    this.slider.max = String(Math.max(0, this.epochs.length - 1));
    this.map.setTheme(theme);
    if (this.epochs.length && (this.shown < 0 || (this.following && this.epochs.length > before))) {
      this.go(this.epochs.length - 1, this.shown < 0 ? 0 : MOVE);
    }
  }

  /** Another run: forget the one before. @param {string} run */
  change(run) {
    this.stop();
    cancelAnimationFrame(this.animation);
    this.run = run;
    this.moments.clear();
    this.epochs = [];
    this.following = true;
    this.shown = -1;
    this.now = null;
    this.map.setPoints(new Float32Array(0), new Float32Array(0), new Uint8Array(0));
    part(this.root, ".epoch-value").textContent = "";
    for (const { redrawn } of this.pairs) redrawn.drawBytes(new Uint8Array(784));
  }

  /** @param {number[]} wanted test digits @param {import("./files.mjs").Digits} digits */
  showOriginals(wanted, digits) {
    wanted.forEach((i, place) => {
      const { original, redrawn } = this.pairs[place];
      original.drawBytes(digits.image(i));
      original.canvas.setAttribute("aria-label", `a real ${digits.labels[i]}`);
      redrawn.canvas.setAttribute("aria-label", `decoded digit, reconstruction of a ${digits.labels[i]}`);
    });
  }

  /** Move the map to the snapshot at `place`. @param {number} place @param {number} duration ms */
  go(place, duration) {
    const target = this.moments.get(this.epochs[place]);
    const start = this.now;
    this.shown = place;
    this.slider.value = String(place);
    part(this.root, ".epoch-value").textContent = `epoch ${this.epochs[place]}`;
    this.slider.setAttribute("aria-valuetext", `epoch ${this.epochs[place]}`);
    this.pairs.forEach(({ redrawn }, k) => redrawn.drawBytes(target.pictures.subarray(784 * k, 784 * (k + 1))));
    cancelAnimationFrame(this.animation);
    if (!start || !duration || STILL.matches) {
      this.draw(target);
      return;
    }
    const begun = performance.now();
    let drawn = 0;
    const step = (/** @type {number} */ time) => {
      const share = Math.min(1, Math.max(0, time - begun) / duration);
      // Every frame would take the processor from the training that is being watched.
      if (share < 1 && time - drawn < PACE) {
        this.animation = requestAnimationFrame(step);
        return;
      }
      drawn = time;
      this.draw(between(start, target, share * share * (3 - 2 * share)));
      if (share < 1) this.animation = requestAnimationFrame(step);
    };
    this.animation = requestAnimationFrame(step);
  }

  /** @param {Moment} moment */
  draw(moment) {
    this.now = moment;
    const [left, right, bottom, top] = moment.frame;
    this.map.setPoints(moment.u, moment.v, this.labels);
    this.map.setFrame({ u: [left, right], v: [bottom, top], probability: false });
    this.map.drawBase();
  }

  replay() {
    if (this.timer) {
      this.stop();
      return;
    }
    if (this.epochs.length < 2) return;
    part(this.root, ".replay").textContent = "Stop";
    this.following = false;
    this.go(0, 0);
    const pace = Math.max(60, Math.min(REPLAY, 12_000 / this.epochs.length));
    this.timer = setInterval(() => {
      if (this.shown >= this.epochs.length - 1) this.stop();
      else this.go(this.shown + 1, pace);
    }, pace);
  }

  stop() {
    clearInterval(this.timer);
    this.timer = 0;
    part(this.root, ".replay").textContent = "Replay";
    this.following = this.shown === this.epochs.length - 1;
  }

  destroy() {
    clearInterval(this.timer);
    cancelAnimationFrame(this.animation);
    this.map.destroy();
  }
}

/** @param {string} text base64 @returns {ArrayBuffer} */
function bytes(text) {
  return Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0)).buffer;
}

/** @param {Snapshot} snapshot @returns {Moment} */
function unpack({ map, pictures, low, high }) {
  const steps = new Uint16Array(bytes(map));
  const count = steps.length / 2;
  const u = new Float32Array(count);
  const v = new Float32Array(count);
  for (let i = 0; i < count; i += 1) {
    u[i] = low[0] + (steps[2 * i] / 65535) * (high[0] - low[0]);
    v[i] = low[1] + (steps[2 * i + 1] / 65535) * (high[1] - low[1]);
  }
  const margin = [0.04 * (high[0] - low[0] || 1), 0.04 * (high[1] - low[1] || 1)];
  const frame = [low[0] - margin[0], high[0] + margin[0], low[1] - margin[1], high[1] + margin[1]];
  return { u, v, frame, pictures: new Uint8Array(bytes(pictures)) };
}

/** @param {Moment} a @param {Moment} b @param {number} share @returns {Moment} */
function between(a, b, share) {
  const mix = (/** @type {number} */ x, /** @type {number} */ y) => x + share * (y - x);
  return {
    u: b.u.map((value, i) => mix(a.u[i], value)),
    v: b.v.map((value, i) => mix(a.v[i], value)),
    frame: b.frame.map((value, k) => mix(a.frame[k], value)),
    pictures: b.pictures,
  };
}
