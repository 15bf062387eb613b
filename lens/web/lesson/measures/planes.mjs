// How far the planes of two linear decoders are turned against each other.

import { dot } from "../../maths/plane.mjs";

/** @typedef {import("./source.mjs").Source} Source */

const STEPS = 200; // of the power iteration

/**
 * The largest principal angle between the spans of two linear decoders, in degrees (Björck and Golub 1973).
 * @param {Source} source @param {string} first @param {string} second
 */
export async function angle(source, first, second) {
  const [a, b] = await Promise.all([first, second].map(async (name) => basis(await atoms(source, name))));
  // What is left of each direction of one plane, once its part in the other is taken away.
  const left = b.map((direction) => without(direction, a));
  return (Math.asin(Math.min(1, largestSingularValue(left))) * 180) / Math.PI;
}

/** What each latent adds to the picture. @param {Source} source @param {string} name @returns {Promise<Float64Array[]>} (d, 784) */
async function atoms(source, name) {
  const model = await source.model(name);
  const { kind, output_activation: output } = model.entry.network;
  if (kind !== "linear" || output !== "linear") throw new Error(`${name} has no linear decoder`);
  const codes = new Float32Array((model.dim + 1) * model.dim);
  for (let k = 0; k < model.dim; k += 1) codes[model.dim * (k + 1) + k] = 1;
  const images = await model.decode(codes);
  const image = (/** @type {number} */ k) => images.subarray(784 * k, 784 * (k + 1));
  return Array.from({ length: model.dim }, (_, k) => Float64Array.from(image(k + 1), (level, pixel) => level - image(0)[pixel]));
}

/** Orthonormal directions with the same span (Gram and Schmidt). @param {Float64Array[]} vectors */
function basis(vectors) {
  /** @type {Float64Array[]} */
  const found = [];
  for (const each of vectors) {
    // Twice, against rounding.
    const left = without(without(each, found), found);
    const length = Math.sqrt(dot(left, left));
    found.push(left.map((value) => value / length));
  }
  return found;
}

/** A vector without its part in the span of orthonormal directions. @param {Float64Array} vector @param {Float64Array[]} directions */
function without(vector, directions) {
  const left = vector.slice();
  for (const each of directions) {
    const along = dot(left, each);
    for (let k = 0; k < left.length; k += 1) left[k] -= along * each[k];
  }
  return left;
}

/** @param {Float64Array[]} rows */
function largestSingularValue(rows) {
  const products = rows.map((a) => rows.map((b) => dot(a, b)));
  let weights = rows.map((_, k) => 1 + k / rows.length);
  let size = 0;
  for (let step = 0; step < STEPS; step += 1) {
    const next = products.map((row) => dot(row, weights));
    size = Math.sqrt(dot(next, next));
    if (size === 0) return 0;
    weights = next.map((value) => value / size);
  }
  return Math.sqrt(size);
}
