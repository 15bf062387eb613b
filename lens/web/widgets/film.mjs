// One interpolation: its image at t, and a strip of frames from A to B that a click moves along.

import { part } from "../dom.mjs";
import { onPointer } from "../map/gestures.mjs";
import { DigitCanvas } from "./digit_canvas.mjs";

export const FRAMES = 11; // of a strip

export class Film {
  /** @param {import("../model/path.mjs").Way} way @param {string} noun of an image @param {(t: number) => void} pick */
  constructor({ name, title, kind }, noun, pick) {
    /** @type {import("../model/path.mjs").Path | null} none before its model has come */
    this.path = null;
    this.root = document.createElement("div");
    this.root.className = "row";
    this.root.innerHTML = `<span class="name"><b></b><small></small></span><div class="cell"><canvas role="img"></canvas></div>
      <div class="strip"><canvas role="img"></canvas><i></i></div>`;
    part(this.root, ".name b").textContent = title;
    part(this.root, ".name small").textContent = kind;
    this.picture = new DigitCanvas(part(this.root, ".cell canvas", HTMLCanvasElement));
    this.picture.canvas.setAttribute("aria-label", `decoded ${noun}, ${name}`);
    this.strip = new DigitCanvas(part(this.root, ".strip canvas", HTMLCanvasElement), 28 * FRAMES);
    this.strip.canvas.setAttribute("aria-label", `strip of ${FRAMES} frames, ${name}`);
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
}
