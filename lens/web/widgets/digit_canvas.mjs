// 28x28 images on a canvas, one or several; CSS enlarges it.

import { context2d } from "../dom.mjs";

export class DigitCanvas {
  /** @param {HTMLCanvasElement} canvas @param {number} [width] for more than one image @param {number} [height] */
  constructor(canvas, width = 28, height = 28) {
    canvas.width = width;
    canvas.height = height;
    this.canvas = canvas;
    this.context = context2d(canvas);
    this.pixels = new ImageData(28, 28);
    this.words = new Uint32Array(this.pixels.data.buffer);
  }

  /**
   * @param {ArrayLike<number>} grey 784 numbers; what lies outside 0 to 1 is clipped
   * @param {number} [left] pixels @param {number} [top]
   */
  drawUnit(grey, left = 0, top = 0) {
    for (let k = 0; k < 784; k += 1) this.words[k] = word(255 * grey[k]);
    this.context.putImageData(this.pixels, left, top);
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
