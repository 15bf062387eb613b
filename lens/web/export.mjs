// Writes the interpolation as files: a GIF film and a PNG sheet of strips.

import { context2d } from "./dom.mjs";
import { GIFEncoder } from "./vendor/gifenc/gifenc.esm.js";
import { DigitCanvas } from "./widgets/digit_canvas.mjs";

const FRAMES = 31; // of the film, from A to B
const DELAY = 66; // ms a frame
const END_DELAY = 700; // ms on A and on B
const ZOOM = 4;
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
  const { canvas, context } = sheet(width, side + 2 * GAP + 2 * LABEL);
  paths.forEach(({ way: { title, kind } }, column) => {
    [title, kind].forEach((words, row) => {
      context.fillText(shortened(context, words, side), GAP + column * (side + GAP), LABEL * (row + 1) - 4);
    });
  });
  const cell = new DigitCanvas(document.createElement("canvas"));
  /** @type {Uint8Array[]} */
  const frames = [];
  for (let k = 0; k < FRAMES; k += 1) {
    for (const [column, path] of paths.entries()) {
      cell.drawUnit(await path.picture(k / (FRAMES - 1)));
      context.drawImage(cell.canvas, GAP + column * (side + GAP), 2 * LABEL + GAP / 2, side, side);
    }
    const { data } = context.getImageData(0, 0, canvas.width, canvas.height);
    frames.push(Uint8Array.from({ length: data.length / 4 }, (_, pixel) => data[4 * pixel]));
  }
  return new Blob([gif(frames, canvas.width, canvas.height)], { type: "image/gif" });
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

/** As much of the words as fits. @param {Pick<CanvasRenderingContext2D, "measureText">} context @param {string} words @param {number} width */
export function shortened(context, words, width) {
  if (context.measureText(words).width <= width) return words;
  let kept = words;
  while (kept && context.measureText(`${kept}…`).width > width) kept = kept.slice(0, -1).trimEnd();
  return `${kept}…`;
}

/**
 * A sheet with one strip of 11 frames for each interpolation.
 * @param {{path: Path, strip: HTMLCanvasElement}[]} films @returns {Promise<Blob>}
 */
export function sheetOfStrips(films) {
  const zoom = 3;
  const height = 28 * zoom;
  const wide = films[0].strip.width * zoom;
  const { canvas, context } = sheet(wide + 2 * GAP, films.length * (height + LABEL + GAP) + GAP);
  films.forEach(({ path, strip }, row) => {
    const top = GAP + row * (height + LABEL + GAP);
    context.fillText(shortened(context, path.way.name, wide), GAP, top + LABEL - 6);
    context.drawImage(strip, GAP, top + LABEL, wide, height);
  });
  return new Promise((resolve, reject) => {
    canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error("the image couldn't be created"))), "image/png");
  });
}

/** A white canvas, ready for grey text and unsmoothed digits. @param {number} width @param {number} height */
function sheet(width, height) {
  const canvas = document.createElement("canvas");
  canvas.width = width;
  canvas.height = height;
  const context = context2d(canvas, { willReadFrequently: true });
  context.fillStyle = "#ffffff";
  context.fillRect(0, 0, width, height);
  context.fillStyle = "#222222";
  context.font = "13px sans-serif";
  context.imageSmoothingEnabled = false;
  return { canvas, context };
}

/** Hand a file to the browser's downloads. @param {Blob} blob @param {string} name */
export function download(blob, name) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
