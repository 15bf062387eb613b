// Reads the two file formats that the lens fetches beside models: NumPy arrays and MNIST's IDX files.

import { fetchBytes } from "./runtime.mjs";

/**
 * A float32 array in NumPy's .npy format, C order, little endian.
 * @param {ArrayBuffer} bytes
 * @returns {{shape: number[], data: Float32Array}}
 */
export function parseNpy(bytes) {
  const view = new DataView(bytes);
  const wide = view.getUint8(6) > 1;
  const length = wide ? view.getUint32(8, true) : view.getUint16(8, true);
  const start = wide ? 12 : 10;
  const header = new TextDecoder().decode(new Uint8Array(bytes, start, length));
  if (!header.includes("'<f4'") || !header.includes("'fortran_order': False")) {
    throw new Error("codes.npy holds something else than float32 in C order");
  }
  const shape = /'shape': \(([^)]*)\)/.exec(header)[1].split(",").map(Number).filter(Boolean);
  return { shape, data: new Float32Array(bytes.slice(start + length)) };
}

/**
 * Fetch a gzip file and unpack it.
 * @param {string} url
 * @returns {Promise<Uint8Array>}
 */
async function fetchGzip(url) {
  const packed = new Blob([await fetchBytes(url)]).stream();
  const unpacked = packed.pipeThrough(new DecompressionStream("gzip"));
  return new Uint8Array(await new Response(unpacked).arrayBuffer());
}

/** The 10,000 test digits: 784 grey levels and a label each. */
export class Digits {
  /** @param {Uint8Array} images @param {Uint8Array} labels */
  constructor(images, labels) {
    this.images = images;
    this.labels = labels;
    this.count = labels.length;
    /** @type {number[][]} */
    this.byClass = [];
    for (let digit = 0; digit < 10; digit += 1) this.byClass.push([]);
    labels.forEach((label, i) => this.byClass[label].push(i));
  }

  /** @param {number} i @returns {Uint8Array} 784 grey levels, row by row */
  image(i) {
    return this.images.subarray(784 * i, 784 * (i + 1));
  }
}

/** @type {Map<string, Promise<Digits>>} */
const opened = new Map();

/**
 * The test digits below `base`; fetched once for all views.
 * @param {string} base
 * @returns {Promise<Digits>}
 */
export function openDigits(base) {
  if (!opened.has(base)) {
    const images = fetchGzip(`${base}/mnist/t10k-images-idx3-ubyte.gz`);
    const labels = fetchGzip(`${base}/mnist/t10k-labels-idx1-ubyte.gz`);
    const digits = Promise.all([images, labels]).then(
      ([image, label]) => new Digits(image.subarray(16), label.subarray(8)),
    );
    digits.catch(() => opened.delete(base));
    opened.set(base, digits);
  }
  return opened.get(base);
}
