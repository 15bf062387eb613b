// Measures of posteriors: how wide they are, and what they cost.

import { klOfLatents, total } from "../../maths/costs.mjs";
import { dot } from "../../maths/plane.mjs";
import { deviations } from "../../maths/posterior.mjs";

/** @typedef {import("./source.mjs").Source} Source */

/** @typedef {import("../../model/dataset.mjs").Dataset} Dataset */

/** Which test images: all, those of a class by its name, or one by its number. @typedef {[] | ["class", string] | ["digit", string]} Which */

/**
 * The standard deviation of the posterior, the mean over latents and images.
 * @param {Source} source @param {string} name @param {Which} which
 */
export async function sigma(source, name, ...which) {
  const [{ logVars, dim }, dataset] = await Promise.all([source.variational(name), source.dataset()]);
  return mean(source, imagesOf(dataset, which), (i) => total(deviations(logVars.subarray(dim * i, dim * (i + 1)))) / dim);
}

/**
 * The standard deviation of the codes of a class, the mean over latents.
 * @param {Source} source @param {string} name @param {Which} which
 */
export async function spread(source, name, ...which) {
  const [model, dataset] = await Promise.all([source.model(name), source.dataset()]);
  const images = imagesOf(dataset, which);
  let sum = 0;
  for (let latent = 0; latent < model.dim; latent += 1) {
    const middle = await mean(source, images, (i) => model.code(i)[latent]);
    sum += Math.sqrt(await mean(source, images, (i) => (model.code(i)[latent] - middle) ** 2));
  }
  return sum / model.dim;
}

/**
 * The KL of the posterior from N(0, I), the sum over latents, mean over images.
 * @param {Source} source @param {string} name @param {Which} which
 */
export async function kl(source, name, ...which) {
  const [model, dataset] = await Promise.all([source.variational(name), source.dataset()]);
  return mean(source, imagesOf(dataset, which), (i) => total(klOfLatents(model.code(i), model.logVar(i) ?? [])));
}

/**
 * The share of the KL that is for σ, ½ (σ² - 1 - log σ²), and not for μ, ½ μ².
 * @param {Source} source @param {string} name
 */
export async function narrowShare(source, name) {
  const [model, { count }] = await Promise.all([source.variational(name), source.dataset()]);
  const forMean = await mean(source, [...Array(count).keys()], (i) => 0.5 * dot(model.code(i), model.code(i)));
  return 1 - forMean / (await source.value(`kl ${name}`));
}

/** The latents that tell something about the image. @param {Source} source @param {string} name */
export async function active(source, name) {
  return source.entry(name).space.inactive.filter((each) => !each).length;
}

/** @param {Source} source @param {string} name */
export async function latents(source, name) {
  return source.entry(name).latent_dim;
}

/** @param {Dataset} dataset @param {Which} which @returns {number[]} */
function imagesOf(dataset, [kind, value]) {
  if (kind === undefined) return [...dataset.labels.keys()];
  if (kind === "digit") return [Number(value)];
  return dataset.byClass[dataset.entry.class_names.indexOf(value)];
}

/** @param {Source} source @param {number[]} images @param {(image: number) => number} value */
async function mean(source, images, value) {
  let sum = 0;
  await source.each(images.length, async (start, end) => {
    for (let k = start; k < end; k += 1) sum += value(images[k]);
  });
  return sum / images.length;
}
