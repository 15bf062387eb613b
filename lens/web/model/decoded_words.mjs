// What is known about a decoded image, in words.

import { withArticle } from "./dataset.mjs";
import { spoken } from "../widgets/key_steps.mjs";

const FEW = 4; // numbers of a code that are read out

/**
 * What it looks like, judged by the test images with the nearest codes: a class, if most of them are of it and near.
 * @param {string[]} nearest their class names, nearest first @param {{noun: string, plural: string}} words for an image
 * @param {boolean} far whether even the nearest is farther away than real ones are from each other
 * @returns {string} "Looks like a 7: the nearest test digits are 7, 7, 9, 7, 7."
 */
export function likeness(nearest, { noun, plural }, far) {
  const list = `he nearest test ${plural} are ${nearest.join(", ")}.`;
  if (far) return `No real ${noun} near: t${list}`;
  const most = nearest.find((name) => nearest.filter((other) => other === name).length > nearest.length / 2);
  return most === undefined ? `T${list}` : `Looks like ${withArticle(most)}: t${list}`;
}

/** The numbers of a short code, rounded. @param {ArrayLike<number>} z @returns {string} "z = −0.22, 1.02.", "" for a long one */
export function codeInWords(z) {
  return z.length > FEW ? "" : `z = ${Array.from(z, spoken).join(", ")}.`;
}
