// The real test image under the pointer or the keyboard's cursor, shown next to it until it moves on or Escape is pressed.

import { part } from "../dom.mjs";
import { DigitCanvas } from "./digit_canvas.mjs";

export class Tooltip {
  /** @param {HTMLElement} root */
  constructor(root) {
    this.root = root;
    this.canvas = new DigitCanvas(part(root, "canvas", HTMLCanvasElement));
    this.words = part(root, "span");
    this.hide = (/** @type {KeyboardEvent} */ { key }) => {
      if (key === "Escape") this.close();
    };
  }

  close() {
    this.root.hidden = true;
    document.removeEventListener("keydown", this.hide);
  }

  /**
   * Ring the point on its map and show its image, or nothing.
   * @param {import("../map/latent_map.mjs").LatentMap} map @param {import("../model/dataset.mjs").Dataset} dataset
   * @param {number} i a test image, or -1 for none
   */
  follow(map, dataset, i) {
    // A tip that was closed stays closed until there is another one to show.
    if (i >= 0 && i === map.props.highlighted) return;
    map.update({ highlighted: i });
    if (i < 0) {
      this.close();
      return;
    }
    document.addEventListener("keydown", this.hide);
    this.root.hidden = false;
    this.canvas.drawBytes(dataset.image(i));
    this.words.textContent = `${dataset.className(i)} · ${dataset.reference(i)}`;
    const [x, y] = map.pixelsOf(i);
    const left = x > map.viewport.size / 2;
    const above = y > map.viewport.size / 2;
    const { offsetLeft, offsetTop } = map.root;
    this.root.style.transform = `translate(${left ? "-100%" : "0"}, ${above ? "-100%" : "0"})`;
    this.root.style.left = `${offsetLeft + x + (left ? -14 : 14)}px`;
    this.root.style.top = `${offsetTop + y + (above ? -14 : 14)}px`;
  }
}
