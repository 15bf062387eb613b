// Reads the file formats that the lens fetches besides models: NumPy arrays, safetensors and MNIST's IDX files.

import { gunzip } from "../unpack.mjs";
import { fetchFile } from "./files.mjs";

/**
 * The address of a file of a bundle or data set. It changes with the file, so a browser may keep what it gets.
 * @param {string} url of the folder @param {Record<string, string>} digests by name @param {string} name
 * @returns {string}
 */
export function fileAddress(url, digests, name) {
  return `${url}/${name}?v=${digests[name] ?? ""}`;
}

/**
 * Fetch a file whole.
 * @param {string} url
 * @returns {Promise<ArrayBuffer>}
 */
export async function fetchBytes(url) {
  const answer = await fetchFile(url);
  if (!answer.ok) throw new Error(`${url.replace(/\?.*/, "")} could not be read (HTTP ${answer.status})`);
  return answer.body ? readCounted(answer.body) : answer.arrayBuffer();
}

let received = 0;

/** How many bytes of files have come so far, unpacked where the browser did that. @returns {number} */
export function bytesReceived() {
  return received;
}

/** @param {ReadableStream<Uint8Array<ArrayBuffer>>} body @returns {Promise<ArrayBuffer>} */
async function readCounted(body) {
  const reader = body.getReader();
  const pieces = [];
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    received += value.length;
    pieces.push(value);
  }
  return new Blob(pieces).arrayBuffer();
}

/**
 * Fetch a gzip file and unpack it; a server may have had the browser do so.
 * @param {string} url
 * @returns {Promise<Uint8Array>}
 */
export async function fetchGzip(url) {
  return gunzip(new Uint8Array(await fetchBytes(url)));
}

/**
 * A float32 or float16 array in NumPy's .npy format, C order, little endian.
 * @param {ArrayBuffer} bytes @param {string} [name] of the file, for the error
 * @returns {{shape: number[], data: Float32Array}}
 */
export function parseNpy(bytes, name = "codes.npy") {
  const view = new DataView(bytes);
  const magic = [0x93, ..."NUMPY"].map((letter) => (typeof letter === "string" ? letter.charCodeAt(0) : letter));
  if (bytes.byteLength < 12 || magic.some((byte, k) => view.getUint8(k) !== byte)) {
    throw new Error(`${name} is not a NumPy array`);
  }
  const wide = view.getUint8(6) > 1;
  const length = wide ? view.getUint32(8, true) : view.getUint16(8, true);
  const start = (wide ? 12 : 10) + length;
  if (start > bytes.byteLength) throw new Error(`${name} is cut short`);
  const header = new TextDecoder().decode(new Uint8Array(bytes, start - length, length));
  const found = /'shape': \(([^)]*)\)/.exec(header);
  const kind = /'<(f[24])'/.exec(header)?.[1];
  if (!found || !kind || !header.includes("'fortran_order': False")) {
    throw new Error(`${name} does not hold float32 or float16 in C order`);
  }
  const shape = found[1].split(",").map((size) => size.trim()).filter(Boolean).map(Number);
  const count = shape.reduce((product, size) => product * size, 1);
  if (bytes.byteLength - start !== Number(kind[1]) * count) {
    throw new Error(`${name} has ${bytes.byteLength - start} bytes for the shape (${shape.join(", ")})`);
  }
  return { shape, data: kind === "f4" ? new Float32Array(bytes.slice(start)) : widen(bytes.slice(start)) };
}

/** Little endian. @typedef {{dtype: string, bytes: ArrayBuffer}} Tensor */

/**
 * The tensors of a safetensors file: a length, a JSON header, then the bytes of all tensors.
 * @param {ArrayBuffer} bytes
 * @returns {Record<string, Tensor>} by name
 */
export function parseSafetensors(bytes) {
  const wrong = (/** @type {string} */ reason) => new Error(`not a safetensors file: ${reason}`);
  if (bytes.byteLength < 8) throw wrong("it has no header");
  const start = 8 + Number(new DataView(bytes).getBigUint64(0, true));
  if (start > bytes.byteLength) throw wrong("its header is cut short");
  const header = JSON.parse(new TextDecoder().decode(new Uint8Array(bytes, 8, start - 8)));
  /** @type {Record<string, Tensor>} */
  const tensors = {};
  for (const [name, { dtype, data_offsets: place }] of Object.entries(header)) {
    if (!place) continue;
    if (place[0] > place[1] || start + place[1] > bytes.byteLength) throw wrong(`${name} is cut short`);
    tensors[name] = { dtype, bytes: bytes.slice(start + place[0], start + place[1]) };
  }
  return tensors;
}

/** The numbers of a float32 or float16 tensor. @param {Tensor} tensor @returns {Float32Array} */
export function toFloats({ dtype, bytes }) {
  if (dtype === "F32") return new Float32Array(bytes);
  if (dtype !== "F16") throw new Error(`a tensor of ${dtype} where floats are wanted`);
  return widen(bytes);
}

/** @param {ArrayBuffer} halves float16, little endian @returns {Float32Array} the same numbers */
function widen(halves) {
  // Float16Array is too new for many browsers.
  const found = new Float32Array(halves.byteLength / 2);
  const bits = new Uint32Array(found.buffer);
  new Uint16Array(halves).forEach((half, k) => {
    // With the bits of exponent and fraction in their places, only the exponent's bias differs: 15, not 127.
    bits[k] = (half & 0x7fff) << 13;
    let size = found[k] * 2 ** 112;
    if ((half & 0x7c00) === 0x7c00) size = half & 0x3ff ? NaN : Infinity;
    found[k] = half >> 15 ? -size : size;
  });
  return found;
}

/**
 * The bytes of an IDX file (http://yann.lecun.com/exdb/mnist): two zeros, a type, the number of dimensions, each
 * size as a big-endian 32-bit number, then the values.
 * @param {Uint8Array} bytes @param {string} name of the file, for the error
 * @param {number[]} item the shape that each item must have
 * @returns {Uint8Array} all items behind one another
 */
export function parseIdx(bytes, name, item) {
  const dimensions = item.length + 1;
  const start = 4 + 4 * dimensions;
  const magic = [0, 0, 8, dimensions];
  if (bytes.length < start || magic.some((byte, k) => bytes[k] !== byte)) {
    throw new Error(`${name} is not an IDX file of bytes in ${dimensions} dimension${dimensions > 1 ? "s" : ""}`);
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const shape = Array.from({ length: dimensions }, (_, k) => view.getUint32(4 + 4 * k));
  if (item.some((size, k) => shape[k + 1] !== size)) {
    throw new Error(`${name} holds items of ${shape.slice(1).join(" × ")} where ${item.join(" × ")} are wanted`);
  }
  const size = shape.reduce((product, each) => product * each, 1);
  if (bytes.length - start !== size) throw new Error(`${name} has ${bytes.length - start} bytes, not ${size}`);
  return bytes.subarray(start);
}
