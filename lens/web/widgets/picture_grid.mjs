// Many 28x28 images on one canvas, in rows.

import { DigitCanvas } from "./digit_canvas.mjs";

const GAP = 2; // pixels between images

export class PictureGrid {
  /** @param {HTMLCanvasElement} canvas @param {number} columns @param {number} rows */
  constructor(canvas, columns, rows) {
    this.canvas = canvas;
    this.columns = columns;
    canvas.setAttribute("role", "img");
    this.images = new DigitCanvas(canvas, columns * (28 + GAP) - GAP, rows * (28 + GAP) - GAP);
  }

  /** @param {Float32Array} levels 784 grey levels an image; clipped for show */
  show(levels) {
    this.each(levels, (image, left, top) => this.images.drawUnit(image, left, top));
  }

  /** @param {Float32Array} signed 784 differences an image, as `DigitCanvas.drawSigned` takes them */
  showSigned(signed) {
    this.each(signed, (image, left, top) => this.images.drawSigned(image, left, top));
  }

  /** @param {Float32Array} levels @param {(image: Float32Array, left: number, top: number) => void} draw */
  each(levels, draw) {
    for (let k = 0; 784 * k < levels.length; k += 1) {
      const [column, row] = [k % this.columns, Math.floor(k / this.columns)];
      draw(levels.subarray(784 * k, 784 * (k + 1)), column * (28 + GAP), row * (28 + GAP));
    }
  }
}
