// What is known about a decoded image, in words.

import { distance } from "../maths/plane.mjs";
import { withArticle } from "../model/dataset.mjs";
import { readsAs } from "../model/reader.mjs";
import { spoken } from "./key_steps.mjs";
import { NEAREST } from "./nearest_digits.mjs";

/** @typedef {import("../model/model.mjs").Model} Model */

/** @typedef {import("../model/dataset.mjs").Dataset} Dataset */

/** @typedef {import("../model/reader.mjs").Verdict} Verdict */

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
  const most = majority(nearest);
  return most === null ? `T${list}` : `Looks like ${withArticle(most)}: t${list}`;
}

/**
 * What the image that a model decodes from a code looks like: by the reader, or without one by the nearest test images.
 * @param {Model} model @param {Dataset} dataset @param {ArrayLike<number>} z @param {Verdict | null} [read] of that image
 * @returns {string} "Reads as 7, 98 %." or "No real digit near. Hard to read, perhaps 7 (54 %)."
 */
export function decodedWords(model, dataset, z, read = null) {
  const nearest = model.nearest(z, NEAREST);
  const far = distance(model.code(nearest[0]), z) > model.entry.space.far_gap;
  if (!read) return likeness(nearest.map((i) => dataset.className(i)), dataset.entry, far);
  const words = readsAs(read, readNames(dataset)[read.label]);
  return `${far ? `No real ${dataset.entry.noun} near. ` : ""}${words[0].toUpperCase()}${words.slice(1)}.`;
}

/**
 * What each way is like at t: by the reader, or without one those through a model by the nearest test images.
 * @param {import("../model/path.mjs").Path[]} paths @param {number} t @param {Dataset} dataset
 * @param {Verdict[]} [reads] of each way's image at t
 * @returns {string} "t = 0.5. VAE, straight line: reads as 3, 98 %; …" or "t = 0.5. The nearest test digits: …"
 */
export function waysInWords(paths, t, dataset, reads = []) {
  const names = readNames(dataset);
  const { plural } = dataset.entry;
  if (paths.length && reads.length === paths.length) {
    const words = paths.map(({ way }, k) => `${way.name}: ${readsAs(reads[k], names[reads[k].label])}`);
    return `t = ${spoken(t)}. ${words.join("; ")}.`;
  }
  const found = paths.flatMap((path) => {
    if (!path.model) return [];
    const nearest = path.model.nearest(path.at(t), NEAREST);
    return [`${path.way.name}, ${majority(nearest.map((i) => dataset.className(i))) ?? "of several classes"}`];
  });
  return `t = ${spoken(t)}. The nearest test ${plural}: ${found.join("; ")}.`;
}

/** What the reader calls the classes that it reads. @param {Dataset} dataset */
function readNames({ entry }) {
  return entry.reader?.class_names ?? entry.class_names;
}

/** The one that more than half of the names are. @param {string[]} names */
export function majority(names) {
  return names.find((name) => names.filter((other) => other === name).length > names.length / 2) ?? null;
}

/** The numbers of a short code, rounded. @param {ArrayLike<number>} z @returns {string} "z = −0.22, 1.02.", "" for a long one */
export function codeInWords(z) {
  return z.length > FEW ? "" : `z = ${Array.from(z, spoken).join(", ")}.`;
}
