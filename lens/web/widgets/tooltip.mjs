// The real test image under the pointer, shown next to it.

import { part } from "../dom.mjs";
import { DigitCanvas } from "./digit_canvas.mjs";

export class Tooltip {
  /** @param {HTMLElement} root */
  constructor(root) {
    this.root = root;
    this.canvas = new DigitCanvas(part(root, "canvas", HTMLCanvasElement));
    this.words = part(root, "span");
  }

  /**
   * Ring the point on its map and show its image, or nothing.
   * @param {import("../map/latent_map.mjs").LatentMap} map @param {import("../model/dataset.mjs").Dataset} dataset
   * @param {number} i a test image, or -1 for none
   */
  follow(map, dataset, i) {
    map.update({ highlighted: i });
    this.root.hidden = i < 0;
    if (i < 0) return;
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
