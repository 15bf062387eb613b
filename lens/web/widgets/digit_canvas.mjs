// A 28x28 image on a canvas; CSS enlarges it.

import { context2d } from "../dom.mjs";

export class DigitCanvas {
  /** @param {HTMLCanvasElement} canvas */
  constructor(canvas) {
    canvas.width = 28;
    canvas.height = 28;
    this.canvas = canvas;
    this.context = context2d(canvas);
    this.pixels = new ImageData(28, 28);
    this.words = new Uint32Array(this.pixels.data.buffer);
  }

  /** @param {ArrayLike<number>} grey 784 numbers; what lies outside 0 to 1 is clipped */
  drawUnit(grey) {
    for (let k = 0; k < 784; k += 1) this.words[k] = word(255 * grey[k]);
    this.context.putImageData(this.pixels, 0, 0);
  }

  /** @param {ArrayLike<number>} grey 784 numbers from 0 to 255 */
  drawBytes(grey) {
    for (let k = 0; k < 784; k += 1) this.words[k] = word(grey[k]);
    this.context.putImageData(this.pixels, 0, 0);
  }
}

/** A grey level as one opaque little-endian RGBA word. @param {number} grey */
function word(grey) {
  const level = grey < 0 ? 0 : grey > 255 ? 255 : Math.round(grey);
  return (0xff000000 | (level << 16) | (level << 8) | level) >>> 0;
}
