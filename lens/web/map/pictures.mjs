// The images of the points in view, where these are few: their ink in the colour of their class, and no ground, so that
// none covers another one.

import { context2d } from "../dom.mjs";

export const FEW = 150; // as many are drawn at most

const PIXELS = 28;
const SHARE = 0.7; // of the room that each would have if they were spread evenly
const SMALLEST = 22; // CSS pixels
const LARGEST = 84;
const COLUMNS = 15; // of the canvas on which they are prepared

/** What has an image of each point, 784 grey levels from 0 to 255. @typedef {{image: (i: number) => Uint8Array}} Images */

/**
 * The points that are drawn as images.
 * @param {import("./viewport.mjs").Viewport} viewport @param {import("./latent_map.mjs").Props} props
 * @returns {number[]} those in view that aren't hidden; none if there are too many
 */
export function pictured(viewport, { images, points, classes, visibleClasses, backdrop, clouds }) {
  if (!images || backdrop || clouds) return [];
  const found = [];
  for (let i = 0; i < points.u.length; i += 1) {
    if (!visibleClasses[classes[i]] || !viewport.holds(points.u[i], points.v[i])) continue;
    if (found.length === FEW) return [];
    found.push(i);
  }
  return found;
}

/** How large they are, the larger the fewer. @param {number} count @param {number} size of the map @returns {number} CSS pixels */
export function pictureSide(count, size) {
  return Math.min(LARGEST, Math.max(SMALLEST, (SHARE * size) / Math.sqrt(count)));
}

/**
 * @param {CanvasRenderingContext2D} context @param {import("./viewport.mjs").Viewport} viewport
 * @param {import("./latent_map.mjs").Props} props @param {import("../theme.mjs").Theme} theme
 * @param {number[]} which points
 */
export function drawPictures(context, viewport, { images, points, classes, faint }, theme, which) {
  if (!images) return;
  /** By class. @type {Record<number, number>} */
  const inks = {};
  for (const label of new Set(which.map((i) => classes[i]))) inks[label] = ink(context, faint ? theme.text : theme.digits[label]);
  const sheet = document.createElement("canvas");
  [sheet.width, sheet.height] = [PIXELS * COLUMNS, PIXELS * Math.ceil(which.length / COLUMNS)];
  const prepared = context2d(sheet);
  const pixels = new ImageData(PIXELS, PIXELS);
  const words = new Uint32Array(pixels.data.buffer);
  const side = pictureSide(which.length, viewport.size);
  which.forEach((i, k) => {
    images.image(i).forEach((level, at) => (words[at] = inks[classes[i]] | (level << 24)));
    prepared.putImageData(pixels, PIXELS * (k % COLUMNS), PIXELS * Math.floor(k / COLUMNS));
  });
  context.imageSmoothingEnabled = true;
  context.imageSmoothingQuality = "high";
  which.forEach((i, k) => {
    const [x, y] = viewport.toPixels(points.u[i], points.v[i]);
    const [left, top] = [PIXELS * (k % COLUMNS), PIXELS * Math.floor(k / COLUMNS)];
    context.drawImage(sheet, left, top, PIXELS, PIXELS, x - side / 2, y - side / 2, side, side);
  });
}

/** A colour as a little-endian RGBA word without opacity. @param {CanvasRenderingContext2D} context @param {string} colour */
function ink(context, colour) {
  context.fillStyle = colour;
  const [red, green, blue] = [1, 3, 5].map((at) => parseInt(String(context.fillStyle).slice(at, at + 2), 16));
  return red | (green << 8) | (blue << 16);
}
