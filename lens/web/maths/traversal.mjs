// Traversals: codes along one latent while all others stay, and what they decode to in words.

import { withArticle } from "../model/dataset.mjs";

export const FRAMES = 11;
const PRIOR = 3; // standard deviations each way

/** What a frame is read as; null where it can't be. @typedef {number | null} Label */

/**
 * Where a traversal begins and ends: 3 standard deviations of the prior each way, without a prior the whole range of the codes.
 * @param {Pick<import("../contract").Model, "variational" | "space">} model @param {number} latent @returns {[number, number]}
 */
export function rangeOf({ variational, space }, latent) {
  return variational ? [-PRIOR, PRIOR] : [space.low[latent], space.high[latent]];
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

/** What a latent changes; "legibility" where some frames can't be read, and all others are of one class. @typedef {"class" | "style" | "legibility"} Change */

/**
 * What changes along a row: its classes in turn, without the frames that can't be read.
 * @param {Label[]} labels of the frames @param {string[]} names of the classes
 * @returns {{classes: string, words: string, changes: Change}} such as "3 → 8 → 5", "changes the class"
 */
export function story(labels, names) {
  const legible = labels.filter((label) => label !== null);
  const turns = legible.filter((label, k) => label !== legible[k - 1]);
  const illegible = labels.length - legible.length;
  const count = `${illegible} of ${labels.length} not legible`;
  if (!turns.length) return { classes: "", words: "not legible", changes: "legibility" };
  if (turns.length > 1) {
    const words = illegible ? `changes the class; ${count}` : "changes the class";
    return { classes: turns.map((label) => names[label]).join(" → "), words, changes: "class" };
  }
  const classes = `stays ${withArticle(names[turns[0]])}`;
  if (illegible) return { classes, words: `where it is legible; ${count}`, changes: "legibility" };
  return { classes, words: "changes only the style", changes: "style" };
}

/**
 * How many latents change what.
 * @param {Change[]} changes what each does
 * @returns {string} "5 of these 8 latents change the class that is read; 3 change only the style."
 */
export function summary(changes) {
  const count = (/** @type {Change} */ kind) => changes.filter((each) => each === kind).length;
  const verb = (/** @type {number} */ times, /** @type {string} */ word) => `${word}${times > 1 ? "" : "s"}`;
  const [classes, style, legibility] = [count("class"), count("style"), count("legibility")];
  const parts = [`${classes || "None"} of these ${changes.length} latents ${verb(classes, "change")} the class that is read`];
  if (style) parts.push(`${style} ${verb(style, "change")} only the style`);
  if (legibility) parts.push(`${legibility} ${verb(legibility, "lead")} to images that can't be read`);
  return `${parts.join("; ")}.`;
}
