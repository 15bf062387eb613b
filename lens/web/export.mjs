// Writes the interpolation as files: a GIF film and a PNG sheet of strips.

import { GIFEncoder } from "./vendor/gifenc/gifenc.esm.js";
import { Picture } from "./widgets/digit_canvas.mjs";

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
 * A film from A to B and back: the ways side by side.
 * @param {Path[]} paths @returns {Promise<Blob>}
 */
export async function film(paths) {
  const side = 28 * ZOOM;
  const width = paths.length * (side + GAP) + GAP;
  const { canvas, context } = sheet(width, side + 2 * GAP + LABEL);
  paths.forEach(({ way }, column) => {
    const [family, kind] = way.name.split(", ");
    context.fillText(kind ? `${family.replace("Autoencoder", "AE")}, ${kind}` : family, GAP + column * (side + GAP), LABEL - 4);
  });
  const encoder = GIFEncoder();
  const cell = new Picture(document.createElement("canvas"));
  /** @type {Uint8Array[]} */
  const frames = [];
  for (let k = 0; k < FRAMES; k += 1) {
    for (const [column, path] of paths.entries()) {
      cell.drawUnit(await path.picture(k / (FRAMES - 1)));
      context.drawImage(cell.canvas, GAP + column * (side + GAP), LABEL + GAP / 2, side, side);
    }
    const { data } = context.getImageData(0, 0, canvas.width, canvas.height);
    frames.push(Uint8Array.from({ length: data.length / 4 }, (_, pixel) => data[4 * pixel]));
  }
  const back = frames.slice(1, -1).reverse();
  for (const [k, frame] of [...frames, ...back].entries()) {
    const delay = k === 0 || k === FRAMES - 1 ? END_DELAY : DELAY;
    encoder.writeFrame(frame, canvas.width, canvas.height, { palette: k ? undefined : GREYS, delay, repeat: 0 });
  }
  encoder.finish();
  return new Blob([encoder.bytes()], { type: "image/gif" });
}

/**
 * A sheet with one strip of 11 frames a way.
 * @param {Path[]} paths @param {HTMLCanvasElement[]} strips @returns {Promise<Blob>}
 */
export function strips(paths, strips) {
  const zoom = 3;
  const height = 28 * zoom;
  const { canvas, context } = sheet(strips[0].width * zoom + 2 * GAP, paths.length * (height + LABEL + GAP) + GAP);
  paths.forEach(({ way }, row) => {
    const top = GAP + row * (height + LABEL + GAP);
    context.fillText(way.name, GAP, top + LABEL - 6);
    context.drawImage(strips[row], GAP, top + LABEL, strips[row].width * zoom, height);
  });
  return new Promise((resolve, reject) => {
    canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error("the picture could not be made"))), "image/png");
  });
}

/** A white canvas, ready for grey text and unsmoothed pictures. @param {number} width @param {number} height */
function sheet(width, height) {
  const canvas = document.createElement("canvas");
  canvas.width = width;
  canvas.height = height;
  const context = canvas.getContext("2d", { willReadFrequently: true });
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
