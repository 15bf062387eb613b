// Small drawings on a map: axes, paths, the cross-hair, rings and lettered discs.

import { plain } from "../widgets/decimals.mjs";

/** @typedef {import("../theme.mjs").Theme} Theme */

/** @typedef {import("./viewport.mjs").Viewport} Viewport */

export const DISC = 10; // radius of a lettered disc in CSS pixels

/** @typedef {{points: Float32Array, dash: boolean, halo?: boolean}} Path  u and v of each point in turn; a halo sets it off from what is below */

/**
 * Round values inside a range, four to eight of them.
 * @param {[number, number]} range
 */
export function ticks(range) {
  const span = range[1] - range[0];
  const power = 10 ** Math.floor(Math.log10(span / 4));
  const step = power * ([5, 2, 1].find((factor) => span / (factor * power) >= 4) ?? 1);
  const first = Math.ceil(range[0] / step);
  const values = [];
  for (let k = first; k * step <= range[1]; k += 1) values.push(Number((k * step).toPrecision(6)));
  return values;
}

/** @param {CanvasRenderingContext2D} context @param {Viewport} viewport @param {Theme} theme @param {number} [opacity] */
export function drawAxes(context, viewport, theme, opacity = 0.9) {
  const { size, frame } = viewport;
  context.strokeStyle = theme.faint;
  context.fillStyle = theme.text;
  context.lineWidth = 1;
  context.font = `${11 * theme.type}px sans-serif`;
  context.globalAlpha = opacity;
  for (const value of ticks(frame.u)) {
    const x = Math.round(viewport.toUnit(value, frame.u) * size) + 0.5;
    line(context, x, 0, x, size);
    if (x > 24 && x < size - 24) context.fillText(plain(value), x + 3, size - 4);
  }
  for (const value of ticks(frame.v)) {
    const y = Math.round((1 - viewport.toUnit(value, frame.v)) * size) + 0.5;
    line(context, 0, y, size, y);
    if (y > 16 && y < size - 24) context.fillText(plain(value), 4, y - 3);
  }
  context.globalAlpha = 1;
}

/**
 * A circle about the origin, in the coordinates of the map.
 * @param {CanvasRenderingContext2D} context @param {Viewport} viewport @param {number} radius @param {Theme} theme
 */
export function drawCircle(context, viewport, radius, theme) {
  const [x, y] = viewport.toPixels(0, 0);
  const [right] = viewport.toPixels(radius, 0);
  const [, top] = viewport.toPixels(0, radius);
  context.strokeStyle = theme.text;
  context.lineWidth = 1.5;
  context.globalAlpha = 0.7;
  context.beginPath();
  context.ellipse(x, y, right - x, y - top, 0, 0, 2 * Math.PI);
  context.stroke();
  context.globalAlpha = 1;
}

/** @param {CanvasRenderingContext2D} context @param {Viewport} viewport @param {Path} path @param {Theme} theme */
export function drawPath(context, viewport, { points, dash, halo }, theme) {
  context.beginPath();
  for (let k = 0; k < points.length; k += 2) context.lineTo(...viewport.toPixels(points[k], points[k + 1]));
  if (halo) {
    context.strokeStyle = theme.ground;
    context.lineWidth = 5;
    context.stroke();
  }
  context.strokeStyle = theme.text;
  context.lineWidth = halo ? 2 : 2.5;
  context.setLineDash(dash ? [5, 5] : []);
  context.stroke();
  context.setLineDash([]);
}

/**
 * @param {CanvasRenderingContext2D} context @param {number} x @param {number} y @param {number} size of the map
 * @param {string} colour of the lines @param {string} accent
 */
export function drawCross(context, x, y, size, colour, accent) {
  context.strokeStyle = colour;
  context.globalAlpha = 0.45;
  context.lineWidth = 1;
  line(context, x, 0, x, size);
  line(context, 0, y, size, y);
  context.globalAlpha = 1;
  drawRing(context, x, y, 9, accent, "#ffffff");
}

/**
 * @param {CanvasRenderingContext2D} context @param {number} x @param {number} y @param {number} radius
 * @param {string} outer @param {string} inner
 */
export function drawRing(context, x, y, radius, outer, inner) {
  for (const [colour, width] of /** @type {[string, number][]} */ ([[outer, 5], [inner, 2]])) {
    context.strokeStyle = colour;
    context.lineWidth = width;
    context.beginPath();
    context.arc(x, y, radius, 0, 2 * Math.PI);
    context.stroke();
  }
}

/** The cursor of the keyboard: four hairs around a gap. @param {CanvasRenderingContext2D} context @param {number} x @param {number} y @param {Theme} theme */
export function drawCursor(context, x, y, theme) {
  for (const [colour, width] of /** @type {[string, number][]} */ ([[theme.ground, 6], [theme.accent, 2.5]])) {
    context.strokeStyle = colour;
    context.lineWidth = width;
    for (const [right, down] of [[1, 0], [-1, 0], [0, 1], [0, -1]]) {
      line(context, x + 5 * right, y + 5 * down, x + 16 * right, y + 16 * down);
    }
  }
}

/**
 * @param {CanvasRenderingContext2D} context @param {number} x @param {number} y @param {string} text
 * @param {Theme} theme
 */
export function drawDisc(context, x, y, text, theme) {
  context.fillStyle = theme.text;
  context.beginPath();
  context.arc(x, y, DISC, 0, 2 * Math.PI);
  context.fill();
  context.fillStyle = theme.ground;
  context.font = "bold 12px sans-serif";
  context.textAlign = "center";
  context.textBaseline = "middle";
  context.fillText(text, x, y + 0.5);
  context.textAlign = "start";
  context.textBaseline = "alphabetic";
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {number} x @param {number} y @param {number} toX @param {number} toY
 */
function line(context, x, y, toX, toY) {
  context.beginPath();
  context.moveTo(x, y);
  context.lineTo(toX, toY);
  context.stroke();
}
