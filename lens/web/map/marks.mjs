// Small drawings on a map: ticks, rings and lettered discs.

/** @typedef {import("../theme.mjs").Theme} Theme */

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

/**
 * @param {CanvasRenderingContext2D} context @param {number} x @param {number} y @param {number} radius
 * @param {string} outer @param {string} inner
 */
export function ring(context, x, y, radius, outer, inner) {
  for (const [colour, width] of /** @type {[string, number][]} */ ([[outer, 5], [inner, 2]])) {
    context.strokeStyle = colour;
    context.lineWidth = width;
    context.beginPath();
    context.arc(x, y, radius, 0, 2 * Math.PI);
    context.stroke();
  }
}

/**
 * @param {CanvasRenderingContext2D} context @param {number} x @param {number} y @param {string} text
 * @param {Theme} theme
 */
export function disc(context, x, y, text, theme) {
  context.fillStyle = theme.text;
  context.beginPath();
  context.arc(x, y, 10, 0, 2 * Math.PI);
  context.fill();
  context.fillStyle = theme.ground;
  context.font = "bold 12px sans-serif";
  context.textAlign = "center";
  context.textBaseline = "middle";
  context.fillText(text, x, y + 0.5);
  context.textAlign = "start";
  context.textBaseline = "alphabetic";
}
