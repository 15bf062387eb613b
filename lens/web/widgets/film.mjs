// One interpolation: its image at t, and a strip of frames from A to B that a click moves along.

import { part } from "../dom.mjs";
import { onPointer } from "../map/gestures.mjs";
import { briefly, isLegible, readsAs } from "../model/reader.mjs";
import { DigitCanvas } from "./digit_canvas.mjs";
import { write } from "./prose.mjs";

/** @typedef {import("../model/path.mjs").Path} Path */

/** @typedef {import("../model/reader.mjs").Verdict} Verdict */

export const FRAMES = 11; // of a strip
const POINTS = 101; // of a way that are read: those of the strip, and nine between every two
const PIECE = 10; // decoded and read at once: short enough to keep a drag smooth

export class Film {
  /** @param {import("../model/path.mjs").Way} way @param {string} noun of an image @param {(t: number) => void} pick */
  constructor({ name, title, kind }, noun, pick) {
    /** @type {Path | null} none before its model has come */
    this.path = null;
    this.name = name;
    this.root = document.createElement("div");
    this.root.className = "row";
    this.root.innerHTML = `<span class="name"><b></b><small></small><small class="legible"></small></span>
      <div class="cell"><canvas role="img"></canvas><span class="verdict"></span></div>
      <div class="strip"><canvas role="img"></canvas><i></i>
      <div class="verdicts" role="img">${"<span></span>".repeat(FRAMES)}</div></div>`;
    write(part(this.root, ".name b"), title.replace("cross-fade", "[cross-fade](cross-fade)"));
    part(this.root, ".name small").textContent = kind;
    this.picture = new DigitCanvas(part(this.root, ".cell canvas", HTMLCanvasElement));
    this.picture.canvas.setAttribute("aria-label", `decoded ${noun}, ${name}`);
    this.strip = new DigitCanvas(part(this.root, ".strip canvas", HTMLCanvasElement), 28 * FRAMES);
    this.strip.canvas.setAttribute("aria-label", `strip of ${FRAMES} frames, ${name}`);
    this.frames = [...this.root.querySelectorAll(".verdicts span")];
    this.mark = part(this.root, ".strip i");
    const follow = (/** @type {number} */ x) => {
      const frame = Math.floor((x / this.strip.canvas.clientWidth) * FRAMES);
      pick(Math.min(1, Math.max(0, frame / (FRAMES - 1))));
    };
    onPointer(part(this.root, ".strip"), { press: follow, drag: follow });
  }

  /** @param {number} t 0 to 1 @param {Float32Array} levels 784 grey levels of the image there */
  show(t, levels) {
    this.mark.style.left = `${(100 * (0.5 + t * (FRAMES - 1))) / FRAMES}%`;
    this.picture.drawUnit(levels);
  }

  /** What the image at t is read as. @param {Verdict | null} read @param {string[]} names of the classes */
  showVerdict(read, names) {
    const place = part(this.root, ".verdict");
    place.textContent = read && briefly(read, names[read.label]);
    place.classList.toggle("hard", read !== null && !isLegible(read));
  }

  /** Draw the frames of the strip, which haven't been read. */
  async drawStrip() {
    if (!this.path) return;
    const levels = await this.path.pictures(evenly(FRAMES));
    for (let frame = 0; frame < FRAMES; frame += 1) {
      this.strip.drawUnit(levels.subarray(784 * frame, 784 * (frame + 1)), 28 * frame);
    }
    this.showVerdicts([], []);
  }

  /**
   * Read the whole way in pieces: a verdict under each frame, and how much of the way is legible.
   * @param {import("../model/reader.mjs").Reader} reader
   * @param {() => boolean} current false once another way is wanted
   */
  async readStrip(reader, current) {
    const { path } = this;
    if (!path) return;
    const points = evenly(POINTS);
    /** @type {Verdict[]} */
    const reads = [];
    while (reads.length < POINTS) {
      const levels = await path.pictures(points.slice(reads.length, reads.length + PIECE));
      reads.push(...(await reader.read(levels)));
      await new Promise((resume) => setTimeout(resume));
      if (!current()) return;
    }
    this.showVerdicts(reads, reader.names);
  }

  /** @param {Verdict[]} reads of the points of the way, or none @param {string[]} names of the classes */
  showVerdicts(reads, names) {
    const frames = reads.filter((_, k) => k % ((POINTS - 1) / (FRAMES - 1)) === 0);
    this.frames.forEach((place, k) => {
      const name = frames.length ? names[frames[k].label] : "";
      place.textContent = name && (isLegible(frames[k]) ? name : "?");
      // A long name doesn't fit under its frame.
      place.setAttribute("title", name && (isLegible(frames[k]) ? name : "hard to read"));
    });
    const words = reads.length ? `[legible](legible): ${Math.round((100 * reads.filter(isLegible).length) / POINTS)}\u00a0%` : "";
    write(part(this.root, ".legible"), words);
    const aloud = frames.map((read) => readsAs(read, names[read.label])).join("; ");
    part(this.root, ".verdicts").setAttribute("aria-label", `the frames, ${this.name}: ${aloud || "not read yet"}`);
  }
}

/** From 0 to 1. @param {number} count */
function evenly(count) {
  return Array.from({ length: count }, (_, k) => k / (count - 1));
}
