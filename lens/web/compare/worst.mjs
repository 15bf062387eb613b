// The test images of a class that a model reconstructs worst.

import { inPieces } from "../pieces.mjs";
import { difference, seenBy, squaredError } from "./difference.mjs";

/** @typedef {import("../model/model.mjs").Model} Model */

/** @typedef {import("../model/dataset.mjs").Dataset} Dataset */

/** @typedef {{digit: number, error: number, seen: Float32Array, decoded: Float32Array}} Reconstruction  of a test image */

export const WORST = 12;

/** Those that were found, by model and label. @type {WeakMap<Model, Map<number, Reconstruction[]>>} */
const known = new WeakMap();

/**
 * Reconstruct every test image of a class from its code, and keep the twelve with the largest squared errors.
 * @param {Model} model @param {Dataset} dataset @param {number} label
 * @param {() => boolean} current false once they are no longer wanted
 * @param {(done: number) => void} progress is told how many images are done
 * @returns {Promise<Reconstruction[] | null>} the worst first; null if it was given up
 */
export async function findWorst(model, dataset, label, current, progress) {
  const before = known.get(model)?.get(label);
  const all = dataset.byClass[label];
  if (before) {
    progress(all.length);
    return before;
  }
  /** @type {Reconstruction[]} */
  let worst = [];
  const work = async (/** @type {number} */ start, /** @type {number} */ end) => {
    const codes = new Float32Array((end - start) * model.dim);
    for (let k = start; k < end; k += 1) codes.set(model.code(all[k]), (k - start) * model.dim);
    const images = await model.decode(codes);
    for (let k = start; k < end; k += 1) {
      const decoded = images.slice(784 * (k - start), 784 * (k - start + 1));
      const seen = seenBy(dataset.image(all[k]), model.entry.binarisation);
      worst.push({ digit: all[k], error: squaredError(difference(decoded, seen)), seen, decoded });
    }
    worst = worst.sort((a, b) => b.error - a.error || a.digit - b.digit).slice(0, WORST);
    progress(end);
  };
  if (!(await inPieces(all.length, work, current))) return null;
  const mine = known.get(model) ?? new Map();
  known.set(model, mine.set(label, worst));
  return worst;
}
