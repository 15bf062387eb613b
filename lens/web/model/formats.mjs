// Reads the file formats that the lens fetches beside models: NumPy arrays, safetensors and MNIST's IDX files.

/**
 * Fetch a file whole.
 * @param {string} url
 * @returns {Promise<ArrayBuffer>}
 */
export async function fetchBytes(url) {
  const answer = await fetch(url);
  if (!answer.ok) throw new Error(`${url} could not be read (HTTP ${answer.status})`);
  return answer.arrayBuffer();
}

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
 * The tensors of a safetensors file: a length, a JSON header, then the bytes of all tensors.
 * @param {ArrayBuffer} bytes
 * @returns {Record<string, ArrayBuffer>} the bytes of each tensor by name, little endian
 */
export function parseSafetensors(bytes) {
  const start = 8 + Number(new DataView(bytes).getBigUint64(0, true));
  const header = JSON.parse(new TextDecoder().decode(new Uint8Array(bytes, 8, start - 8)));
  /** @type {Record<string, ArrayBuffer>} */
  const tensors = {};
  for (const [name, { data_offsets: place }] of Object.entries(header)) {
    if (place) tensors[name] = bytes.slice(start + place[0], start + place[1]);
  }
  return tensors;
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

/** What the classes are called, by data set. @type {Record<string, string[]>} */
const CLASSES = {
  mnist: [..."0123456789"],
  "fashion-mnist": [
    "T-shirt", "trouser", "pullover", "dress", "coat", "sandal", "shirt", "sneaker", "bag", "ankle boot",
  ],
};

/** The 10,000 test pictures of a data set, mostly digits: 784 grey levels and a label each. */
export class Digits {
  /** @param {Uint8Array} images @param {Uint8Array} labels @param {string} name of the data set */
  constructor(images, labels, name = "mnist") {
    this.name = name;
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

  /** @param {number} i @returns {string} what it shows, such as "7" or "sneaker" */
  word(i) {
    return CLASSES[this.name][this.labels[i]];
  }
}

/** @type {Map<string, Promise<Digits>>} */
const opened = new Map();

/**
 * The test pictures below `base`; fetched once for all views.
 * @param {string} base
 * @param {string} name "mnist" or "fashion-mnist"
 * @returns {Promise<Digits>}
 */
export function openDigits(base, name = "mnist") {
  const folder = `${base}/${name}`;
  if (!opened.has(folder)) {
    const images = fetchGzip(`${folder}/t10k-images-idx3-ubyte.gz`);
    const labels = fetchGzip(`${folder}/t10k-labels-idx1-ubyte.gz`);
    const digits = Promise.all([images, labels]).then(
      ([image, label]) => new Digits(image.subarray(16), label.subarray(8), name),
    );
    digits.catch(() => opened.delete(folder));
    opened.set(folder, digits);
  }
  return opened.get(folder);
}
