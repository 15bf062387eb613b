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
 * @returns {{classes: string, words: string, changes: "class" | "style" | null}} such as "3 → 8 → 5", "changes the class"
 */
export function story(labels, names) {
  const legible = labels.filter((label) => label !== null);
  const turns = legible.filter((label, k) => label !== legible[k - 1]);
  const illegible = labels.length - legible.length;
  if (!turns.length) return { classes: "", words: "not legible", changes: null };
  const rest = illegible ? `; ${illegible} of ${labels.length} not legible` : "";
  if (turns.length === 1) {
    return { classes: `stays ${withArticle(names[turns[0]])}`, words: `changes only the style${rest}`, changes: "style" };
  }
  return { classes: turns.map((label) => names[label]).join(" → "), words: `changes the class${rest}`, changes: "class" };
}

/**
 * How many latents change what.
 * @param {("class" | "style" | null)[]} changes what each does
 * @returns {string} "5 of these 8 latents change the class that the reader sees; 3 change only the style."
 */
export function summary(changes) {
  const [classes, style, unread] = ["class", "style", null].map((kind) => changes.filter((each) => each === kind).length);
  const first = `${classes || "None"} of these ${changes.length} latents change${classes > 1 ? "" : "s"} the class that the reader sees`;
  const parts = [first];
  if (style) parts.push(`${style} change${style > 1 ? "" : "s"} only the style`);
  if (unread) parts.push(`${unread} can't be read`);
  return `${parts.join("; ")}.`;
}
