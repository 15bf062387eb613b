// The test images of a data set, fetched once for all views.

import { fetchGzip, fileAddress, parseIdx } from "./formats.mjs";

/** @typedef {import("../contract").Dataset} Entry */

/** Test images, 784 grey levels each, and a label each. */
export class Dataset {
  /** @param {Entry} entry @param {Uint8Array} images @param {Uint8Array} labels @param {string} [base] the app's root */
  constructor(entry, images, labels, base = "") {
    this.entry = entry;
    this.base = base;
    this.name = entry.name;
    this.images = images;
    this.labels = labels;
    this.count = labels.length;
    /** All in one where there are no classes. @type {number[][]} */
    this.byClass = entry.class_names.length ? entry.class_names.map(() => []) : [[]];
    labels.forEach((label, i) => this.byClass[label].push(i));
  }

  /** @param {number} i @returns {Uint8Array} 784 grey levels, row by row */
  image(i) {
    return this.images.subarray(784 * i, 784 * (i + 1));
  }

  /** @param {number} i @returns {Float32Array} 784 grey levels, 0 to 1 */
  greyLevels(i) {
    return Float32Array.from(this.image(i), (level) => level / 255);
  }

  /** @param {number} i @returns {string} what it shows, such as "7" or "Sneaker", or "picture" where there are no classes */
  className(i) {
    return this.entry.class_names[this.labels[i]] ?? this.entry.noun;
  }

  /** @param {number} i @returns {string} "test digit 12" */
  reference(i) {
    return `test ${this.entry.noun} ${i}`;
  }

  /** @param {number} i @returns {number} the next image of the same class */
  nextOfClass(i) {
    const same = this.byClass[this.labels[i]];
    return same[(same.indexOf(i) + 1) % same.length];
  }
}

/** @param {string} name @returns {string} "a 7", "an 8", "an Ankle boot" */
export function withArticle(name) {
  return `${/^[8aeiou]/i.test(name) ? "an" : "a"} ${name}`;
}

/** @type {Map<string, Promise<Dataset>>} */
const opened = new Map();

/**
 * @param {string} base @param {Entry} entry
 * @returns {Promise<Dataset>}
 */
export function openDataset(base, entry) {
  // One's own can be replaced by another of its name.
  const key = JSON.stringify([base, entry]);
  const known = opened.get(key);
  if (known) return known;
  const opening = readDataset(base, entry);
  opened.set(key, opening);
  opening.catch(() => opened.delete(key));
  return opening;
}

/** @param {string} base @param {Entry} entry */
async function readDataset(base, entry) {
  if (entry.here === false) return new Dataset(entry, new Uint8Array(784 * entry.count), new Uint8Array(entry.count), base);
  const read = async (/** @type {string} */ name, /** @type {number[]} */ item) =>
    parseIdx(await fetchGzip(fileAddress(base + entry.url, entry.digests, name)), name, item);
  const [images, labels] = await Promise.all([
    read("t10k-images-idx3-ubyte.gz", [28, 28]),
    read("t10k-labels-idx1-ubyte.gz", []),
  ]);
  return new Dataset(entry, images, labels, base);
}
