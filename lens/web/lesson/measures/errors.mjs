// Measures of what a reconstruction loses.

import { seenBy } from "../../compare/difference.mjs";
import { squaredError } from "../../maths/costs.mjs";

/** @typedef {import("./source.mjs").Source} Source */

/**
 * The squared error of a reconstruction, the sum over 784 pixels, mean over all test images; for a VAE from μ.
 * @param {Source} source @param {string} name
 */
export async function error(source, name) {
  const [model, dataset] = await Promise.all([source.model(name), source.dataset()]);
  const { binarisation } = model.entry;
  if (binarisation === "stochastic") throw new Error(`${name} was trained on random black-and-white pixels, so it has no error on grey ones`);
  let sum = 0;
  await source.each(dataset.count, async (start, end) => {
    const decoded = await model.decode(model.codes.subarray(model.dim * start, model.dim * end));
    for (let i = start; i < end; i += 1) {
      const at = 784 * (i - start);
      sum += squaredError(decoded.subarray(at, at + 784), seenBy(dataset.image(i), binarisation));
    }
  });
  return sum / dataset.count;
}
