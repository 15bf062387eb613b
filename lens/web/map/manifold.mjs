// A grid of decoded digits over the plane that a map shows.

import { codeAt } from "../maths/plane.mjs";
import { DigitCanvas } from "../widgets/digit_canvas.mjs";

const SIDE = 20; // digits along each edge
const BATCH = 40; // decoded at once: short enough to keep a drag smooth

/**
 * Draw the grid on a new canvas.
 * @param {import("../model/model.mjs").Model} model
 * @param {import("./viewport.mjs").Viewport} viewport gives the code of each cell
 * @param {Float32Array} offPlane the plane goes through this code
 * @param {() => boolean} current false once the grid is no longer wanted
 * @returns {Promise<HTMLCanvasElement | null>}
 */
export async function drawManifold(model, viewport, offPlane, current) {
  const canvas = document.createElement("canvas");
  const grid = new DigitCanvas(canvas, 28 * SIDE, 28 * SIDE);
  const { dim } = model;
  const codes = new Float32Array(BATCH * dim);
  for (let start = 0; start < SIDE * SIDE; start += BATCH) {
    for (let k = 0; k < BATCH; k += 1) {
      const column = (start + k) % SIDE;
      const row = Math.floor((start + k) / SIDE);
      const u = viewport.fromUnit((column + 0.5) / SIDE, viewport.frame.u);
      const v = viewport.fromUnit(1 - (row + 0.5) / SIDE, viewport.frame.v);
      codeAt(model.entry.space, offPlane, u, v, codes.subarray(k * dim, (k + 1) * dim));
    }
    const pixels = await model.decode(codes);
    if (!current()) return null;
    for (let k = 0; k < BATCH; k += 1) {
      grid.drawUnit(pixels.subarray(784 * k, 784 * (k + 1)), 28 * ((start + k) % SIDE), 28 * Math.floor((start + k) / SIDE));
    }
    await new Promise((resume) => setTimeout(resume));
    if (!current()) return null;
  }
  return canvas;
}
