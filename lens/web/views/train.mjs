// Train: one run's latent map unfolding over its epochs, and ten test digits above their reconstructions.
//
// While the run lives this asks the server how far it is, a few hundred bytes each time. Drawing the page anew, with
// its curves, costs a thousand times that and takes it from the training; so it is asked for ever less often.

import { classFilter, part, spreadColours } from "../dom.mjs";
import { openDigits } from "../model/formats.mjs";
import { LatentMap } from "../map/latent_map.mjs";
import { Picture } from "../widgets/digit_canvas.mjs";
import { between, Snapshots } from "../run/snapshots.mjs";
import { readTheme } from "../theme.mjs";

const LOOK = 2000; // ms between two looks at a run that goes on
const REDRAW = 3000; // ms to the second drawing of the curves, and so much more to each one after
const REDRAW_MOST = 20_000;
const MOVE = 700; // ms from one snapshot to the next
const PACE = 45; // ms between two frames of the way
const REPLAY = 220; // the same while replaying
/** Runs that were brought into view, each once. @type {Set<string>} */
const revealed = new Set();
const STILL = window.matchMedia("(prefers-reduced-motion: reduce)");

/** @typedef {import("../run/snapshots.mjs").Moment} Moment */

/**
 * How far a run is.
 * @typedef {object} Facts
 * @property {boolean} alive
 * @property {string} state
 * @property {string} message
 * @property {number} epoch
 * @property {number} epochs
 * @property {number} done  share of all steps
 * @property {number | null} seconds_left
 * @property {number | null} images_per_second
 * @property {number[]} snapshots  epochs
 * @property {number | null} partial  that of them whose snapshot is from within the epoch
 */

/**
 * Python sends {base, run, data: string, digits: number[10], facts: Facts, reveal: boolean}; the view reports {state, message, epoch} when the page
 * should be drawn anew.
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
    this.address = "";
    /** @type {number[]} */
    this.epochs = [];
    /** @type {number | null} */
    this.partial = null;
    this.following = true;
    this.replaying = false;
    this.shown = -1;
    this.animation = 0;
    this.turn = 0;
    this.move = 0;
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
    this.seen = () => this.look();
    document.addEventListener("visibilitychange", this.seen);
  }

  buildPair() {
    const pair = document.createElement("div");
    pair.className = "pair";
    pair.innerHTML = `<canvas role="img"></canvas><canvas role="img"></canvas>`;
    const [original, redrawn] = pair.querySelectorAll("canvas");
    part(this.root, ".pair-list").append(pair);
    return { original: new Picture(original), redrawn: new Picture(redrawn) };
  }

  /**
   * @param {{base: string, run: string, data: string, digits: number[], facts: Facts, reveal: boolean}} data
   * @param {(state: object) => void} report
   */
  async update(data, report) {
    this.turn += 1;
    const { turn } = this;
    const theme = readTheme(this.root);
    spreadColours(this.root, theme.digits);
    if (data.run !== this.run) this.change(data.run, data.base);
    if (data.reveal) this.reveal();
    this.report = report;
    this.drawn = data.facts;
    this.drawnAt = performance.now();
    this.drawings += 1;
    const digits = await openDigits(data.base, data.data);
    if (turn !== this.turn) return;
    this.labels = digits.labels;
    this.showOriginals(data.digits, digits);
    this.map.setTheme(theme);
    await this.take(data.facts);
    this.schedule(data.facts.alive);
  }

  /** A run that was just begun comes into view, where it is below or above it. */
  reveal() {
    if (revealed.has(this.run)) return;
    revealed.add(this.run);
    const { top } = this.root.getBoundingClientRect();
    if (top > 0 && top < 0.6 * window.innerHeight) return;
    this.root.scrollIntoView({ block: "start", behavior: STILL.matches ? "auto" : "smooth" });
  }

  /** Another run: forget the one before. @param {string} run @param {string} base */
  change(run, base) {
    this.stop();
    cancelAnimationFrame(this.animation);
    this.run = run;
    this.address = `${base}/live/${run}`;
    this.snapshots = new Snapshots(`${base}/runs/${run}/snapshots`);
    this.epochs = [];
    this.partial = null;
    this.following = true;
    this.shown = -1;
    this.move += 1;
    this.now = null;
    this.drawings = 0;
    this.map.setPoints(new Float32Array(0), new Float32Array(0), new Uint8Array(0));
    part(this.root, ".epoch-value").textContent = "";
    part(this.root, ".said").textContent = "";
    for (const { redrawn } of this.pairs) redrawn.drawBytes(new Uint8Array(784));
  }

  /** Look again in a while. @param {boolean} alive */
  schedule(alive) {
    clearTimeout(this.watching);
    if (alive) this.watching = setTimeout(() => this.look(), LOOK);
  }

  /** Ask the server how far the run is, unless nobody can see it. */
  async look() {
    if (document.hidden || !this.drawn?.alive) return;
    const { run } = this;
    /** @type {Facts | null} */
    let facts = null;
    try {
      const answer = await fetch(this.address, { cache: "no-store" });
      facts = answer.ok ? await answer.json() : null;
      // A run that is gone: the page says so.
      if (answer.status === 404 && run === this.run) this.report({ state: "gone", message: "", epoch: 0 });
    } catch {
      // The server is away; the page says so, and it may come back.
    }
    if (run !== this.run) return;
    this.schedule(true);
    if (!facts) return;
    await this.take(facts);
    const { state, message, epoch } = facts;
    const changed = state !== this.drawn.state || message !== this.drawn.message;
    const wait = Math.min(REDRAW_MOST, REDRAW * (this.drawings - 1));
    const due = performance.now() - this.drawnAt >= wait && epoch !== this.drawn.epoch;
    const first = epoch > 0 && !this.drawn.epoch;
    if (run === this.run && (changed || due || first)) this.report({ state, message, epoch });
  }

  /** Show how far the run is. @param {Facts} facts */
  async take(facts) {
    part(this.root, ".going").hidden = !facts.alive;
    part(this.root, "progress").value = facts.done;
    part(this.root, ".pace").textContent = pace(facts);
    const said = part(this.root, ".said");
    const words = `The run is ${facts.state}.`;
    if (said.textContent !== words) said.textContent = words;
    const before = this.epochs.length;
    // A run that goes on from a checkpoint takes back the epochs after it.
    if (before && (facts.snapshots.at(-1) ?? -1) < this.epochs[before - 1]) this.snapshots.fetched.clear();
    if (this.partial !== facts.partial) {
      this.snapshots.fetched.delete(this.partial);
      this.partial = facts.partial;
      if (this.following) this.shown = -1;
    }
    this.epochs = facts.snapshots;
    this.slider.max = String(Math.max(0, this.epochs.length - 1));
    if (!this.epochs.length) return;
    if (this.shown < 0 || (this.following && this.epochs.length !== before)) {
      await this.go(this.epochs.length - 1, this.shown < 0 ? 0 : MOVE);
    }
  }

  /** @param {number[]} wanted test digits @param {import("../model/formats.mjs").Digits} digits */
  showOriginals(wanted, digits) {
    wanted.forEach((i, place) => {
      const { original, redrawn } = this.pairs[place];
      original.drawBytes(digits.image(i));
      original.canvas.setAttribute("aria-label", `a real ${digits.labels[i]}`);
      redrawn.canvas.setAttribute("aria-label", `decoded digit, reconstruction of a ${digits.labels[i]}`);
    });
  }

  /** Move the map to the snapshot at `place`; the newest wish wins. @param {number} place @param {number} duration ms */
  async go(place, duration) {
    this.move += 1;
    const { move } = this;
    const epoch = this.epochs[place];
    this.shown = place;
    this.slider.value = String(place);
    const target = await this.snapshots.get(epoch);
    if (move !== this.move) return;
    const name = epoch === this.partial ? `in epoch ${epoch}` : `epoch ${epoch}`;
    const words = target ? name : `${name}: lost`;
    part(this.root, ".epoch-value").textContent = words;
    this.slider.setAttribute("aria-valuetext", words);
    cancelAnimationFrame(this.animation);
    if (!target) return;
    const start = this.now;
    this.pairs.forEach(({ redrawn }, k) => redrawn.drawBytes(target.pictures.subarray(784 * k, 784 * (k + 1))));
    if (!start || !duration || STILL.matches || document.hidden) {
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

  async replay() {
    if (this.replaying) {
      this.stop();
      return;
    }
    if (this.epochs.length < 2) return;
    part(this.root, ".replay").textContent = "Stop";
    this.replaying = true;
    this.following = false;
    const pause = Math.max(60, Math.min(REPLAY, 12_000 / this.epochs.length));
    await this.go(0, 0);
    const step = async () => {
      if (!this.replaying) return;
      if (this.shown >= this.epochs.length - 1) {
        this.stop();
        return;
      }
      await this.go(this.shown + 1, pause);
      if (this.replaying) this.timer = setTimeout(step, pause);
    };
    this.timer = setTimeout(step, pause);
  }

  stop() {
    clearTimeout(this.timer);
    this.replaying = false;
    part(this.root, ".replay").textContent = "Replay";
    this.following = this.shown === this.epochs.length - 1;
  }

  destroy() {
    clearTimeout(this.timer);
    clearTimeout(this.watching);
    document.removeEventListener("visibilitychange", this.seen);
    this.replaying = false;
    this.drawn = null;
    cancelAnimationFrame(this.animation);
    this.map.destroy();
  }
}

/** Progress, time left and speed in a line. @param {Facts} facts */
function pace(facts) {
  const words = facts.epochs ? [`epoch ${facts.epoch} of ${facts.epochs}`] : [];
  if (facts.state === "running" && facts.seconds_left !== null) words.push(`${clock(facts.seconds_left)} left`);
  if (facts.state === "running" && facts.images_per_second) {
    words.push(`${Math.round(facts.images_per_second).toLocaleString("en")} images a second`);
  }
  return words.join(" · ");
}

/** 75 -> "1 min 15 s". @param {number} seconds */
function clock(seconds) {
  const whole = Math.max(1, Math.round(seconds));
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  return `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`;
}
