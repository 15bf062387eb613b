// The reader: a small classifier that says which digit, or class of one's own, a decoded picture shows, and how sure it is.

import { fetchBytes, fileAddress } from "./formats.mjs";
import { Graph } from "./runtime.mjs";

/** @typedef {import("../contract").Reader} Entry */

/** What a picture is read as: a class by its label, with its probability. @typedef {{label: number, confidence: number}} Verdict */

export const LEGIBLE = 0.9; // the least confidence of a picture that can be read

export class Reader {
  /** @param {Graph} graph @param {string[]} names of the classes, by label */
  constructor(graph, names) {
    this.graph = graph;
    this.names = names;
  }

  /**
   * Read pictures, all in one run.
   * @param {Float32Array} pixels 784 grey levels each, 0 to 1; clipped to that @returns {Promise<Verdict[]>}
   */
  async read(pixels) {
    return verdicts(await this.graph.run(pixels), this.names.length);
  }
}

/** Where a reader's files are. @param {string} base @param {Entry} entry @returns {(name: string) => string} */
export function readerAddress(base, entry) {
  return (name) => fileAddress(base + entry.url, entry.digests, name);
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
  const address = readerAddress(base, entry);
  const graph = Graph.open(address("reader.onnx"), fetchBytes(address("weights.safetensors")), 784);
  const opening = graph.then((one) => new Reader(one, entry.class_names));
  opened.set(key, opening);
  // The next view tries again.
  opening.catch(() => opened.delete(key));
  return opening;
}

/**
 * What each of several pictures is read as.
 * @param {ArrayLike<number>} probabilities of each class, one picture after another @param {number} classes
 * @returns {Verdict[]}
 */
export function verdicts(probabilities, classes) {
  return Array.from({ length: probabilities.length / classes }, (_, k) => {
    const start = classes * k;
    let best = start;
    for (let other = start + 1; other < start + classes; other += 1) {
      if (probabilities[other] > probabilities[best]) best = other;
    }
    return { label: best - start, confidence: probabilities[best] };
  });
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
