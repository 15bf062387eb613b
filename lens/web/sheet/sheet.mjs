// A picture of grey levels with images and words on it, made without a canvas.

import { LETTER_WIDTH, rowsOf } from "./letters.mjs";

const WHITE = 255;
const INK = 34;

export class Sheet {
  /** A white one. @param {number} width @param {number} height in pixels */
  constructor(width, height) {
    this.width = width;
    this.height = height;
    this.levels = new Uint8Array(width * height).fill(WHITE);
  }

  /**
   * Draw an image of 28x28, each of its pixels a square.
   * @param {ArrayLike<number>} grey 784 numbers; what lies outside 0 to 1 is clipped
   * @param {number} left @param {number} top @param {number} zoom pixels a side of such a square
   */
  drawImage(grey, left, top, zoom) {
    for (let y = 0; y < 28 * zoom; y += 1) {
      const row = 28 * Math.floor(y / zoom);
      const start = (top + y) * this.width + left;
      for (let x = 0; x < 28 * zoom; x += 1) {
        const level = 255 * grey[row + Math.floor(x / zoom)];
        this.levels[start + x] = level < 0 ? 0 : level > 255 ? 255 : Math.round(level);
      }
    }
  }

  /** Write as much of the words as fits. @param {string} words @param {number} left @param {number} top @param {number} width */
  write(words, left, top, width) {
    [...shortened(words, width)].forEach((character, k) => {
      rowsOf(character).forEach((bits, y) => {
        for (let x = 0; x < LETTER_WIDTH; x += 1) {
          if (bits & (1 << (LETTER_WIDTH - 1 - x))) this.levels[(top + y) * this.width + left + LETTER_WIDTH * k + x] = INK;
        }
      });
    });
  }
}

/** As much of the words as fits. @param {string} words @param {number} width in pixels @returns {string} */
export function shortened(words, width) {
  const letters = [...words];
  const most = Math.floor(width / LETTER_WIDTH);
  return letters.length <= most ? words : `${letters.slice(0, most - 1).join("").trimEnd()}…`;
}
