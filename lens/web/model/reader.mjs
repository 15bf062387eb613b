// The reader: a small classifier that says which digit a decoded picture shows, and how sure it is.

import { fetchBytes, fileAddress } from "./formats.mjs";
import { Graph } from "./runtime.mjs";

/** @typedef {import("../contract").Reader} Entry */

/** What a picture is read as: a class by its label, with its probability. @typedef {{label: number, confidence: number}} Verdict */

export const CLASSES = 10;
export const LEGIBLE = 0.9; // the least confidence of a picture that can be read

export class Reader {
  /** @param {Graph} graph */
  constructor(graph) {
    this.graph = graph;
  }

  /**
   * Read pictures, all in one run.
   * @param {Float32Array} pixels 784 grey levels each, 0 to 1; clipped to that @returns {Promise<Float32Array>} 10 probabilities each
   */
  read(pixels) {
    return this.graph.run(pixels);
  }
}

/** By address and stamp. @type {Map<string, Promise<Reader>>} */
const opened = new Map();

/** The reader of a data set's classes, null where there is none. @param {import("./dataset.mjs").Dataset} dataset @returns {Promise<Reader | null>} */
export async function readerOf({ base, entry }) {
  return entry.reader && openReader(base, entry.reader);
}

/**
 * A reader, fetched and compiled once for all views. It stays open: it is small.
 * @param {string} base @param {Entry} entry
 * @returns {Promise<Reader>}
 */
export function openReader(base, entry) {
  const key = `${base}${entry.url} ${entry.stamp}`;
  const known = opened.get(key);
  if (known) return known;
  const address = (/** @type {string} */ name) => fileAddress(base + entry.url, entry.digests, name);
  const graph = Graph.open(address("reader.onnx"), fetchBytes(address("weights.safetensors")), 784);
  const opening = graph.then((one) => new Reader(one));
  opened.set(key, opening);
  // The next view tries again.
  opening.catch(() => opened.delete(key));
  return opening;
}

/**
 * What a picture is read as.
 * @param {ArrayLike<number>} probabilities 10 each @param {number} [k] which of several pictures
 * @returns {Verdict}
 */
export function verdict(probabilities, k = 0) {
  let label = 0;
  for (let other = 1; other < CLASSES; other += 1) {
    if (probabilities[CLASSES * k + other] > probabilities[CLASSES * k + label]) label = other;
  }
  return { label, confidence: probabilities[CLASSES * k + label] };
}

/** What each of several pictures is read as. @param {ArrayLike<number>} probabilities @returns {Verdict[]} */
export function verdicts(probabilities) {
  return Array.from({ length: probabilities.length / CLASSES }, (_, k) => verdict(probabilities, k));
}

/** Whether a picture can be read. @param {Verdict} read */
export function isLegible({ confidence }) {
  return confidence >= LEGIBLE;
}

/**
 * A verdict as the words beside a picture.
 * @param {Verdict} read @param {string} className of its label
 * @returns {string} "reads as 7, 98 %", or "hard to read, perhaps 7 (54 %)"
 */
export function readsAs(read, className) {
  return isLegible(read) ? `reads as ${className}, ${percent(read)}` : `hard to read, perhaps ${className} (${percent(read)})`;
}

/** The same in a few letters. @param {Verdict} read @param {string} className @returns {string} "7, 98 %", or "7?, 54 %" */
export function briefly(read, className) {
  return `${className}${isLegible(read) ? "" : "?"}, ${percent(read)}`;
}

/** Its confidence, rounded down, so that what is below the threshold looks so. @param {Verdict} read */
export function percent(read) {
  // The runtime's numbers have 24 bits: 0.95 is a little less there.
  const whole = Math.floor(100 * read.confidence + 1e-4);
  return `${Math.min(whole, isLegible(read) ? 99 : 89)} %`;
}
