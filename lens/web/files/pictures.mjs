// Decoded images as files: one as a PNG picture, several as a GIF film. From the decoded numbers, as in ../export.mjs.

import { gif } from "../export.mjs";
import { codesAlong } from "../maths/traversal.mjs";
import { LETTER_HEIGHT } from "../sheet/letters.mjs";
import { png } from "../sheet/png.mjs";
import { Sheet } from "../sheet/sheet.mjs";

const PICTURE_ZOOM = 16; // pixels of the file a side of an image's pixel
const FILM_ZOOM = 8;
const TRAVERSAL_ZOOM = 4;
const TRAVERSAL_FRAMES = 31;
const COLUMNS = 4;
const GAP = 12;
const LABEL = 20;

/** One image, enlarged. @param {Float32Array} levels 784 grey levels, 0 to 1 @returns {Promise<Blob>} */
export async function pictureOf(levels) {
  const { width, height, levels: pixels } = enlarged(levels, PICTURE_ZOOM);
  return new Blob([await png(pixels, width, height)], { type: "image/png" });
}

/**
 * The images of codes, one after another, there and back.
 * @param {import("../model/model.mjs").Model} model @param {Float32Array[]} codes @returns {Promise<Blob>}
 */
export async function filmOf(model, codes) {
  const side = 28 * FILM_ZOOM;
  /** @type {Uint8Array[]} */
  const frames = [];
  for (const code of codes) {
    frames.push(enlarged(await model.decode(code), FILM_ZOOM).levels);
    await nextTurn();
  }
  return new Blob([gif(frames, side, side)], { type: "image/gif" });
}

/** @param {Float32Array} levels @param {number} zoom */
function enlarged(levels, zoom) {
  const sheet = new Sheet(28 * zoom, 28 * zoom);
  sheet.drawImage(levels, 0, 0, zoom);
  return sheet;
}

/**
 * Several latents side by side, each of them running from one end of its range to the other and back.
 * @param {import("../model/model.mjs").Model} model @param {Float32Array} z
 * @param {{latent: number, name: string, range: [number, number]}[]} rows
 * @returns {Promise<Blob>}
 */
export async function filmOfTraversals(model, z, rows) {
  const columns = Math.min(COLUMNS, rows.length);
  const [across, down] = [28 * TRAVERSAL_ZOOM + GAP, 28 * TRAVERSAL_ZOOM + GAP + LABEL];
  const [width, height] = [columns * across + GAP, Math.ceil(rows.length / columns) * down + GAP];
  const sheets = Array.from({ length: TRAVERSAL_FRAMES }, () => new Sheet(width, height));
  for (const [k, { latent, name, range }] of rows.entries()) {
    const [left, top] = [GAP + (k % columns) * across, GAP + Math.floor(k / columns) * down];
    const levels = await model.decode(codesAlong(z, latent, range, TRAVERSAL_FRAMES));
    sheets.forEach((sheet, frame) => {
      sheet.write(name, left, top + LABEL - LETTER_HEIGHT - 3, 28 * TRAVERSAL_ZOOM);
      sheet.drawImage(levels.subarray(784 * frame, 784 * (frame + 1)), left, top + LABEL, TRAVERSAL_ZOOM);
    });
    await nextTurn();
  }
  return new Blob([gif(sheets.map(({ levels }) => levels), width, height)], { type: "image/gif" });
}

/** Let the page do something else. */
function nextTurn() {
  return new Promise((resume) => setTimeout(resume));
}
