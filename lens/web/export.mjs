// Writes the interpolation as files: a GIF film and a PNG sheet of strips. Both come from the decoded numbers, since some
// browsers disturb what is read back from a canvas.

import { LETTER_HEIGHT } from "./sheet/letters.mjs";
import { png } from "./sheet/png.mjs";
import { Sheet } from "./sheet/sheet.mjs";
import { GIFEncoder } from "./vendor/gifenc/gifenc.esm.js";

const FRAMES = 31; // of the film, from A to B
export const DELAY = 66; // ms a frame
const END_DELAY = 700; // ms on A and on B
const ZOOM = 4; // of an image in the film
const STRIP_ZOOM = 3;
const LABEL = 22;
const GAP = 12;

/** @typedef {import("./model/path.mjs").Path} Path */

/** A palette of 256 greys, so that every grey level is kept as it is. */
const GREYS = Array.from({ length: 256 }, (_, level) => [level, level, level]);

/**
 * A film from A to B and back: the interpolations side by side.
 * @param {Path[]} paths @returns {Promise<Blob>}
 */
export async function film(paths) {
  const side = 28 * ZOOM;
  const width = paths.length * (side + GAP) + GAP;
  const height = side + 2 * GAP + 2 * LABEL;
  /** @type {Uint8Array[]} */
  const frames = [];
  for (let k = 0; k < FRAMES; k += 1) {
    const sheet = new Sheet(width, height);
    for (const [column, path] of paths.entries()) {
      const left = GAP + column * (side + GAP);
      [path.way.title, path.way.kind].forEach((words, row) => {
        sheet.write(words, left, LABEL * (row + 1) - LETTER_HEIGHT, side);
      });
      sheet.drawImage(await path.picture(k / (FRAMES - 1)), left, 2 * LABEL + GAP / 2, ZOOM);
    }
    frames.push(sheet.levels);
  }
  return new Blob([gif(frames, width, height)], { type: "image/gif" });
}

/**
 * A film that runs through its frames and back, again and again, and pauses at both ends.
 * @param {Uint8Array[]} frames grey levels, row by row @param {number} width @param {number} height
 * @returns {Uint8Array<ArrayBuffer>} a GIF file
 */
export function gif(frames, width, height) {
  const encoder = GIFEncoder();
  const back = frames.slice(1, -1).reverse();
  for (const [k, frame] of [...frames, ...back].entries()) {
    const delay = k === 0 || k === frames.length - 1 ? END_DELAY : DELAY;
    encoder.writeFrame(frame, width, height, { palette: k ? undefined : GREYS, delay, repeat: 0 });
  }
  encoder.finish();
  return encoder.bytes();
}

/**
 * A sheet with one strip of frames for each interpolation.
 * @param {Path[]} paths @param {number} count of frames in a strip @returns {Promise<Blob>}
 */
export async function sheetOfStrips(paths, count) {
  const side = 28 * STRIP_ZOOM;
  const sheet = new Sheet(count * side + 2 * GAP, paths.length * (side + LABEL + GAP) + GAP);
  for (const [row, path] of paths.entries()) {
    const top = GAP + row * (side + LABEL + GAP);
    sheet.write(path.way.name, GAP, top + LABEL - LETTER_HEIGHT - 3, count * side);
    for (let k = 0; k < count; k += 1) {
      sheet.drawImage(await path.picture(k / (count - 1)), GAP + k * side, top + LABEL, STRIP_ZOOM);
    }
  }
  return new Blob([await png(sheet.levels, sheet.width, sheet.height)], { type: "image/png" });
}

/** Hand a file to the browser's downloads. @param {Blob} blob @param {string} name */
export function download(blob, name) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
