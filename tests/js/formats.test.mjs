import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { gunzipSync } from "node:zlib";

import { Dataset } from "../../lens/web/model/dataset.mjs";
import { parseIdx, parseNpy, parseSafetensors, toFloats } from "../../lens/web/model/formats.mjs";

const ROOT = new URL("../../", import.meta.url);
const read = (path) => readFileSync(new URL(path, ROOT));
const buffer = (bytes) => Uint8Array.from(bytes).buffer;
const labels = new Uint8Array(gunzipSync(read("data/mnist/t10k-labels-idx1-ubyte.gz")));
const images = new Uint8Array(gunzipSync(read("data/mnist/t10k-images-idx3-ubyte.gz")));

/** A .npy file as NumPy's format description has it. */
function npy(shape, values, { descr = "<f4", fortran = "False" } = {}) {
  const text = `{'descr': '${descr}', 'fortran_order': ${fortran}, 'shape': (${shape.join(", ")},), }`;
  const header = Buffer.from(text.padEnd(117) + "\n");
  const prefix = Buffer.from([0x93, ...Buffer.from("NUMPY"), 1, 0, header.length & 255, header.length >> 8]);
  return buffer(Buffer.concat([prefix, header, Buffer.from(Float32Array.from(values).buffer)]));
}

test("MNIST's test labels begin 7, 2, 1, 0, 4", () => {
  const found = parseIdx(labels, "labels", []);
  assert.equal(found.length, 10_000);
  assert.deepEqual([...found.subarray(0, 5)], [7, 2, 1, 0, 4]);
});

test("MNIST's test images have 784 bytes each", () => {
  const found = parseIdx(images, "images", [28, 28]);
  assert.equal(found.length, 7_840_000);
  // The well-known mean of the test images.
  const mean = found.reduce((sum, level) => sum + level, 0) / found.length;
  assert.ok(Math.abs(mean - 33.791) < 0.001, `mean ${mean}`);
});

test("an IDX file of another kind is refused in a sentence", () => {
  const of = (change) => {
    const copy = labels.slice();
    change(copy);
    return () => parseIdx(copy, "labels.gz", []);
  };
  assert.throws(of((copy) => (copy[2] = 0x0d)), /^Error: labels.gz is not an IDX file of bytes in 1 dimension$/);
  assert.throws(of((copy) => (copy[3] = 3)), /labels.gz is not an IDX file/);
  assert.throws(of((copy) => (copy[7] += 1)), /labels.gz has 10000 bytes, not 10001/);
  assert.throws(() => parseIdx(new Uint8Array(3), "labels.gz", []), /labels.gz is not an IDX file/);
  assert.throws(() => parseIdx(images, "images.gz", [32, 32]), /images.gz holds items of 28 × 28 where 32 × 32 are wanted/);
  assert.throws(() => parseIdx(images.subarray(0, 5000), "images.gz", [28, 28]), /images.gz has 4984 bytes, not 7840000/);
});

test("a bundle's codes", () => {
  const file = read("zoo/ae-2/codes.npy");
  const { shape, data } = parseNpy(buffer(file));
  assert.deepEqual(shape, [10_000, 2]);
  // NumPy pads the header so that the values begin at a multiple of 64. They are float16.
  const start = file.length - 40_000;
  assert.equal(start % 64, 0);
  for (const k of [0, 1, 9999, 19_999]) {
    const half = file.readUInt16LE(start + 2 * k);
    assert.equal(data[k], (half >> 15 ? -1 : 1) * (1 + (half & 1023) / 1024) * 2 ** (((half >> 10) & 31) - 15));
  }
});

test("arrays of other kinds are refused", () => {
  assert.deepEqual(parseNpy(npy([3], [1, 2, 3])).shape, [3]);
  const refused = /does not hold float32 or float16 in C order/;
  assert.throws(() => parseNpy(npy([3], [1, 2, 3], { descr: "<f8" })), refused);
  assert.throws(() => parseNpy(npy([3], [1, 2, 3], { descr: ">f2" })), refused);
  assert.throws(() => parseNpy(npy([3], [1, 2, 3], { fortran: "True" })), refused);
  assert.throws(() => parseNpy(npy([4], [1, 2, 3])), /has 12 bytes for the shape \(4\)/);
  assert.throws(() => parseNpy(buffer(Buffer.from("<!doctype html>"))), /is not a NumPy array/);
  assert.throws(() => parseNpy(npy([3], [1, 2, 3]).slice(0, 60)), /is cut short/);
});

test("safetensors", () => {
  const header = Buffer.from(
    JSON.stringify({
      __metadata__: { made: "by hand" },
      a: { dtype: "F32", shape: [2], data_offsets: [0, 8] },
      b: { dtype: "U8", shape: [3], data_offsets: [8, 11] },
    }),
  );
  const size = Buffer.alloc(8);
  size.writeBigUInt64LE(BigInt(header.length));
  const file = Buffer.concat([size, header, Buffer.from(Float32Array.of(1.5, -2).buffer), Buffer.from([7, 8, 9])]);
  const tensors = parseSafetensors(buffer(file));
  assert.deepEqual(Object.keys(tensors), ["a", "b"]);
  assert.deepEqual([...toFloats(tensors.a)], [1.5, -2]);
  assert.deepEqual([...new Uint8Array(tensors.b.bytes)], [7, 8, 9]);
  assert.throws(() => toFloats(tensors.b), /a tensor of U8 where floats are wanted/);
  assert.throws(() => parseSafetensors(buffer(file.subarray(0, file.length - 1))), /b is cut short/);
  assert.throws(() => parseSafetensors(buffer(file.subarray(0, 20))), /its header is cut short/);
  assert.throws(() => parseSafetensors(buffer(Buffer.from("abc"))), /it has no header/);
});

test("float16, as IEEE 754 has it", () => {
  // The examples of half precision on Wikipedia, and NumPy's bytes of π.
  const halves = [0x0001, 0x03ff, 0x0400, 0x3555, 0x3bff, 0x3c00, 0x3c01, 0x7bff, 0xc000, 0x8000, 0x4248, 0xfc00, 0x7e00];
  const values = [2 ** -24, 1023 * 2 ** -24, 2 ** -14, 0.333251953125, 0.99951171875, 1, 1.0009765625, 65504, -2, -0, 3.140625, -Infinity, NaN];
  const found = toFloats({ dtype: "F16", bytes: Uint16Array.from(halves).buffer });
  assert.deepEqual([...found], values);
});

test("every float16 number is read as what its bits say", () => {
  const halves = Uint16Array.from({ length: 65_536 }, (_, k) => k);
  // IEEE 754-2019, section 3.4, for a width of 16: a sign, 5 bits of exponent, 10 of fraction.
  const values = Array.from(halves, (half) => {
    const [sign, exponent, fraction] = [half >> 15 ? -1 : 1, (half >> 10) & 31, half & 1023];
    if (exponent === 31) return fraction ? NaN : sign * Infinity;
    return sign * (exponent ? (1 + fraction / 1024) * 2 ** (exponent - 15) : fraction * 2 ** -24);
  });
  assert.deepEqual([...toFloats({ dtype: "F16", bytes: halves.buffer })], values);
  const file = npy([2, 32_768], [], { descr: "<f2" });
  const { shape, data } = parseNpy(buffer(Buffer.concat([Buffer.from(file), Buffer.from(halves.buffer)])));
  assert.deepEqual(shape, [2, 32_768]);
  assert.deepEqual([...data], values);
  assert.throws(() => parseNpy(npy([3], [1, 2, 3], { descr: "<f2" })), /has 12 bytes for the shape \(3\)/);
});

test("a data set knows its images by class", () => {
  const entry = { name: "mnist", noun: "digit", class_names: [..."0123456789"] };
  const mnist = new Dataset(entry, parseIdx(images, "images", [28, 28]), parseIdx(labels, "labels", []));
  assert.deepEqual(mnist.byClass.map((all) => all[0]), [3, 2, 1, 18, 4, 8, 11, 0, 61, 7]);
  assert.equal(mnist.nextOfClass(0), mnist.byClass[7][1]);
  assert.equal(mnist.nextOfClass(mnist.byClass[7].at(-1)), 0);
  assert.equal(`${mnist.className(0)}, ${mnist.reference(0)}`, "7, test digit 0");
  assert.deepEqual(mnist.greyLevels(0), Float32Array.from(mnist.image(0), (level) => level / 255));
});
