// Traversals: codes along one latent while all others stay, and what they decode to in words.

import { withArticle } from "../model/dataset.mjs";

export const FRAMES = 11;
const PRIOR = 3; // standard deviations each way

/** What a frame is read as; null where it can't be. @typedef {number | null} Label */

/**
 * Where a traversal begins and ends: 3 standard deviations of the prior each way, without a prior the whole range of the codes.
 * @param {Pick<import("../contract").Model, "family" | "space">} model @param {number} latent @returns {[number, number]}
 */
export function rangeOf({ family, space }, latent) {
  return family === "vae" ? [-PRIOR, PRIOR] : [space.low[latent], space.high[latent]];
}

/** @param {[number, number]} range @param {number} frame @param {number} [frames] @returns {number} the latent's value there */
export function valueAt([low, high], frame, frames = FRAMES) {
  return low + ((high - low) * frame) / (frames - 1);
}

/** @param {[number, number]} range @param {number} value @returns {number} the frame whose value is nearest */
export function nearestFrame([low, high], value) {
  const frame = Math.round(((value - low) / (high - low)) * (FRAMES - 1));
  return Math.min(FRAMES - 1, Math.max(0, frame));
}

/**
 * The codes of all frames, one after another.
 * @param {ArrayLike<number>} z @param {number} latent @param {[number, number]} range @param {number} [frames]
 * @returns {Float32Array} (frames, d)
 */
export function codesAlong(z, latent, range, frames = FRAMES) {
  const codes = new Float32Array(frames * z.length);
  for (let frame = 0; frame < frames; frame += 1) {
    codes.set(z, frame * z.length);
    codes[frame * z.length + latent] = valueAt(range, frame, frames);
  }
  return codes;
}

/**
 * What changes along a row: its classes in turn, without the frames that can't be read.
 * @param {Label[]} labels of the frames @param {string[]} names of the classes
 * @returns {{classes: string, change: string, changesClass: boolean}} such as "3 → 8 → 5" and "changes the class"
 */
export function story(labels, names) {
  const legible = labels.filter((label) => label !== null);
  const turns = legible.filter((label, k) => label !== legible[k - 1]);
  const changesClass = turns.length > 1;
  const illegible = labels.length - legible.length;
  if (!turns.length) return { classes: "", change: "not legible", changesClass };
  const change = changesClass ? "changes the class" : "changes only the style";
  return {
    classes: changesClass ? turns.map((label) => names[label]).join(" → ") : `stays ${withArticle(names[turns[0]])}`,
    change: illegible ? `${change}; ${illegible} of ${labels.length} not legible` : change,
    changesClass,
  };
}
