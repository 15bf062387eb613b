// The pictures of the glossary by their words, such as "draws ae-16": what each shows, and what draws it.

import { PictureGrid } from "../widgets/picture_grid.mjs";
import { bell, map } from "./charts.mjs";
import { ROWS } from "./rows.mjs";

/**
 * What pictures and numbers are made from.
 * @typedef {object} Context
 * @property {string} base  the app's root
 * @property {import("../model/dataset.mjs").Dataset} dataset
 * @property {import("../contract").Dataset} words  the same as Python names it
 * @property {(name: string) => Promise<import("../model/model.mjs").Model>} model
 * @property {Record<string, import("../contract").Model>} models  by name
 * @property {Record<string, import("../contract").Detector>} detectors  by name
 */

/** @typedef {{element: Element, draw: ((context: Context) => Promise<void>) | null}} Figure */

/**
 * A picture, as large as it will be; null where there is none of that name, or its model is missing.
 * @param {string} picture @param {Record<string, import("../contract").Model>} models @returns {Figure | null}
 */
export function figure(picture, models) {
  const [kind, ...words] = picture.split(" ");
  if (kind === "bell") return { element: bell(), draw: null };
  const name = words.find((word) => word in models);
  if (kind === "map") return name ? map(name) : null;
  const row = ROWS[kind];
  if (!row || (row.model && !name)) return null;
  const canvas = document.createElement("canvas");
  const grid = new PictureGrid(canvas, row.columns, row.rows);
  canvas.style.aspectRatio = `${canvas.width} / ${canvas.height}`;
  canvas.setAttribute("aria-label", row.says);
  const draw = async (/** @type {Context} */ context) => {
    const levels = await row.levels(context, words);
    if (row.signed) grid.showSigned(levels);
    else grid.show(levels);
  };
  return { element: canvas, draw };
}
