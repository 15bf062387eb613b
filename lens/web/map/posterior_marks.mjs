// The posterior of one image on a map: its ellipses of one and two standard deviations, and samples of it. Where they
// are too small to see, a magnifier shows them larger and says by how much.

import { ellipse } from "../maths/ellipse.mjs";

/** @typedef {import("../maths/plane.mjs").Place} Place */

/** @typedef {import("./viewport.mjs").Viewport} Viewport */

/** @typedef {import("../theme.mjs").Theme} Theme */

/**
 * @typedef {object} PosteriorMarks
 * @property {Place} mean
 * @property {import("../maths/ellipse.mjs").Covariance} covariance
 * @property {Float32Array} samples  u and v of each in turn
 * @property {boolean} faint  z doesn't come from it
 */

/** Where something is on the map. @typedef {(u: number, v: number) => Place} ToPixels */

/** With how large type is. @typedef {{line: string, ground: string, accent: string, type: number}} Colours */

const SMALL = 12; // pixels of one standard deviation below which there is a magnifier
const FACTORS = [2, 3, 5, 10, 20, 30, 50, 100, 200, 300, 500];
const FAINT = 0.45; // opacity

/**
 * @param {CanvasRenderingContext2D} context @param {Viewport} viewport @param {PosteriorMarks} marks
 * @param {Theme} theme @param {boolean} onImages whether the map shows images instead of points
 * @param {Place | null} cross where z is
 */
export function drawPosterior(context, viewport, marks, theme, onImages, cross) {
  const colours = {
    line: onImages ? "#ffffff" : theme.text,
    ground: onImages ? "#000000" : theme.ground,
    accent: theme.accent,
    type: theme.type,
  };
  const toPixels = (/** @type {number} */ u, /** @type {number} */ v) => viewport.toPixels(u, v);
  context.globalAlpha = marks.faint ? FAINT : 1;
  drawMarks(context, marks, toPixels, colours);
  const lens = magnifier(viewport, marks, cross);
  if (lens) drawMagnifier(context, viewport, marks, lens, colours, cross);
  context.globalAlpha = 1;
}

/** @param {CanvasRenderingContext2D} context @param {PosteriorMarks} marks @param {ToPixels} toPixels @param {Colours} colours */
function drawMarks(context, { mean, covariance, samples }, toPixels, { line, ground, accent }) {
  for (const [distance, dash] of /** @type {[number, number[]][]} */ ([[2, [4, 3]], [1, []]])) {
    const points = ellipse(mean, covariance, distance);
    context.beginPath();
    for (let k = 0; k < points.length; k += 2) context.lineTo(...toPixels(points[k], points[k + 1]));
    context.setLineDash([]);
    stroke(context, ground, 3.5);
    context.setLineDash(dash);
    stroke(context, line, 1.5);
  }
  context.setLineDash([]);
  for (let k = 0; k < samples.length; k += 2) dot(context, toPixels(samples[k], samples[k + 1]), accent, ground);
}

/** @param {CanvasRenderingContext2D} context @param {string} colour @param {number} width */
function stroke(context, colour, width) {
  context.strokeStyle = colour;
  context.lineWidth = width;
  context.stroke();
}

/** @param {CanvasRenderingContext2D} context @param {Place} place in pixels @param {string} colour @param {string} ground */
function dot(context, [x, y], colour, ground) {
  context.beginPath();
  context.arc(x, y, 3, 0, 2 * Math.PI);
  stroke(context, ground, 2);
  context.fillStyle = colour;
  context.fill();
}

/**
 * The longest half-axis of an ellipse on the map.
 * @param {Viewport} viewport @param {PosteriorMarks} marks @param {number} distance 1 for one standard deviation
 * @returns {number} CSS pixels
 */
export function reach(viewport, { mean, covariance }, distance) {
  const [x, y] = viewport.toPixels(...mean);
  const points = ellipse(mean, covariance, distance);
  let longest = 0;
  for (let k = 0; k < points.length; k += 2) {
    const [px, py] = viewport.toPixels(points[k], points[k + 1]);
    longest = Math.max(longest, Math.hypot(px - x, py - y));
  }
  return longest;
}

/** A round glass: its middle and radius in pixels, and how many times as large things are in it. @typedef {{x: number, y: number, radius: number, factor: number}} Magnifier */

/**
 * The magnifier that the ellipses need, away from their place and from z; null where they can be seen without.
 * @param {Viewport} viewport @param {PosteriorMarks} marks @param {Place | null} cross @returns {Magnifier | null}
 */
export function magnifier(viewport, marks, cross) {
  const { size } = viewport;
  if (reach(viewport, marks, 1) >= SMALL) return null;
  const radius = Math.min(56, Math.max(34, 0.1 * size));
  const room = (0.86 * radius) / Math.max(1e-6, reach(viewport, marks, 2));
  const factor = FACTORS.filter((each) => each <= room).pop() ?? FACTORS[0];
  const taken = [marks.mean, ...(cross ? [cross] : [])].map((place) => viewport.toPixels(...place));
  const [near, far] = [radius + 12, size - radius - 12];
  // Below, where the decoded image never lies, and above the buttons in the corner of a narrow map.
  /** @type {Place[]} */
  const corners = [[near, far - 12], [far, far - 34]];
  const away = (/** @type {Place} */ [x, y], /** @type {Place} */ place) => Math.hypot(place[0] - x, place[1] - y);
  const free = corners.filter((corner) => taken.every((place) => away(corner, place) > radius + 16));
  const [x, y] = free.sort((a, b) => away(a, taken[0]) - away(b, taken[0]))[0] ?? [near, size / 2];
  return { x, y, radius, factor };
}

/**
 * @param {CanvasRenderingContext2D} context @param {Viewport} viewport @param {PosteriorMarks} marks
 * @param {Magnifier} lens @param {Colours} colours @param {Place | null} cross
 */
function drawMagnifier(context, viewport, marks, { x, y, radius, factor }, colours, cross) {
  const [meanX, meanY] = viewport.toPixels(...marks.mean);
  const away = Math.hypot(meanX - x, meanY - y);
  const [right, down] = [(meanX - x) / away, (meanY - y) / away];
  context.save();
  context.beginPath();
  context.moveTo(x + right * radius, y + down * radius);
  context.lineTo(meanX - 10 * right, meanY - 10 * down);
  context.globalAlpha *= 0.6;
  stroke(context, colours.line, 1);
  context.restore();
  context.save();
  context.beginPath();
  context.arc(x, y, radius, 0, 2 * Math.PI);
  context.fillStyle = colours.ground;
  context.fill();
  context.clip();
  /** @type {ToPixels} */
  const enlarged = (u, v) => {
    const [px, py] = viewport.toPixels(u, v);
    return [x + factor * (px - meanX), y + factor * (py - meanY)];
  };
  drawMarks(context, marks, enlarged, colours);
  if (cross) {
    const [px, py] = enlarged(...cross);
    context.beginPath();
    context.arc(px, py, 5, 0, 2 * Math.PI);
    stroke(context, colours.accent, 2);
  }
  context.restore();
  context.beginPath();
  context.arc(x, y, radius, 0, 2 * Math.PI);
  stroke(context, colours.line, 1.5);
  label(context, `${factor} ×`, x, y + radius, colours);
}

/** @param {CanvasRenderingContext2D} context @param {string} text @param {number} x @param {number} y @param {Colours} colours */
function label(context, text, x, y, { line, ground, type }) {
  context.font = `600 ${11 * type}px sans-serif`;
  context.textAlign = "center";
  context.textBaseline = "middle";
  const wide = context.measureText(text).width + 10;
  context.fillStyle = line;
  context.beginPath();
  context.roundRect(x - wide / 2, y - 8 * type, wide, 16 * type, 8 * type);
  context.fill();
  context.fillStyle = ground;
  context.fillText(text, x, y + 0.5);
  context.textAlign = "start";
  context.textBaseline = "alphabetic";
}
