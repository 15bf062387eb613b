// Measures by the reader: how many pictures it can read, and how many it reads as the class they should show.

import { legibleShare } from "../../model/legible_share.mjs";
import { verdicts } from "../../model/reader.mjs";

/** @typedef {import("./source.mjs").Source} Source */

const IMAGES = 1000; // the first test images

/**
 * The share of 1,000 draws whose pictures the reader reads with at least 90 %.
 * @param {Source} source @param {string} name @param {"fitted"} [from] by default N(0, I)
 */
export async function legible(source, name, from) {
  const [model, reader] = await Promise.all([source.model(name), source.reader()]);
  const share = await legibleShare(model, reader, source.current, from ?? "prior");
  return share ?? source.giveUp();
}

/**
 * The share of the first 1,000 test images that the reader reads as their class: reconstructed by a model, or as they are.
 * @param {Source} source @param {string} name of a model, or "originals"
 */
export async function kept(source, name) {
  const [model, dataset, reader] = await Promise.all([
    name === "originals" ? null : source.model(name),
    source.dataset(),
    source.reader(),
  ]);
  let count = 0;
  await source.each(IMAGES, async (start, end) => {
    const pixels = model
      ? await model.decode(model.codes.subarray(model.dim * start, model.dim * end))
      : Float32Array.from(dataset.images.subarray(784 * start, 784 * end), (level) => level / 255);
    verdicts(await reader.read(pixels)).forEach(({ label }, k) => {
      if (label === dataset.labels[start + k]) count += 1;
    });
  });
  return count / IMAGES;
}
