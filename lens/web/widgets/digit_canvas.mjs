// 28x28 images on a canvas, one or several; CSS enlarges it.

import { context2d } from "../dom.mjs";

/** The colours of ink that is missing, and of ink that was invented: blue and orange look different to everyone. */
const MISSING = [255, 150, 40];
const INVENTED = [70, 160, 255];

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

  /**
   * A difference of two images in two colours.
   * @param {ArrayLike<number>} signed 784 numbers: below 0 where ink is missing, above 0 where it was invented
   * @param {number} [left] pixels @param {number} [top]
   */
  drawSigned(signed, left = 0, top = 0) {
    for (let k = 0; k < 784; k += 1) this.words[k] = inkWord(signed[k]);
    this.context.putImageData(this.pixels, left, top);
  }

  /** @param {ArrayLike<number>} grey 784 numbers from 0 to 255 */
  drawBytes(grey) {
    for (let k = 0; k < 784; k += 1) this.words[k] = word(grey[k]);
    this.context.putImageData(this.pixels, 0, 0);
  }
}

/** One pixel of a difference, the stronger the larger; black where there is none. @param {number} signed −1 to 1 */
function inkWord(signed) {
  const strength = Math.min(1, Math.abs(signed));
  const [red, green, blue] = (signed < 0 ? MISSING : INVENTED).map((channel) => Math.round(strength * channel));
  return (0xff000000 | (blue << 16) | (green << 8) | red) >>> 0;
}

/** A grey level as one opaque little-endian RGBA word. @param {number} grey */
function word(grey) {
  const level = grey < 0 ? 0 : grey > 255 ? 255 : Math.round(grey);
  return (0xff000000 | (level << 16) | (level << 8) | level) >>> 0;
}
