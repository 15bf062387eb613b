// The preparation of pictures; tests/lens/test_preparation.py compares it with Python's.

import assert from "node:assert/strict";
import { test } from "node:test";

import { findInk, fitInk, FITS, toGrey } from "../../lens/web/maths/preparation.mjs";

/** A picture of one colour with a rectangle of another. */
function rectangle(width, height, [left, top, wide, high], paper = [255, 255, 255, 255], ink = [0, 0, 0, 255]) {
  const data = new Uint8ClampedArray(4 * width * height);
  for (let k = 0; k < width * height; k += 1) {
    const [x, y] = [k % width, Math.floor(k / width)];
    const inside = x >= left && x < left + wide && y >= top && y < top + high;
    data.set(inside ? ink : paper, 4 * k);
  }
  return { width, height, data };
}

const prepare = (picture, fit = FITS.mnist) => {
  const ink = findInk(toGrey(picture));
  return ink && fitInk(ink, fit);
};
const box = (image) => {
  const marked = [...image.keys()].filter((k) => image[k] > 0);
  const [rows, columns] = [marked.map((k) => Math.floor(k / 28)), marked.map((k) => k % 28)];
  return [Math.min(...rows), Math.max(...rows), Math.min(...columns), Math.max(...columns)];
};

test("the longer side takes 20 pixels, the centre of mass comes to the middle of pixel 14", () => {
  const image = prepare(rectangle(400, 300, [37, 50, 60, 200]));
  const total = image.reduce((sum, level) => sum + level, 0);
  assert.ok(Math.abs(total - 20 * 6) < 1e-3, `${total}`);
  const at = (axis) => image.reduce((sum, level, k) => sum + level * (0.5 + (axis ? k % 28 : Math.floor(k / 28))), 0) / total;
  assert.ok(Math.abs(at(0) - 14.5) < 1e-6);
  assert.ok(Math.abs(at(1) - 14.5) < 1e-6);
  assert.deepEqual(box(image), [4, 24, 11, 17]);
});

test("size, place and colours don't matter, nor does which of paper and ink is lighter", () => {
  const image = prepare(rectangle(400, 300, [37, 50, 60, 200]));
  const same = [
    rectangle(400, 300, [200, 10, 60, 200], [0, 0, 0, 255], [255, 255, 255, 255]),
    rectangle(40, 30, [2, 5, 6, 20], [250, 240, 200, 255], [20, 20, 90, 255]),
    rectangle(40, 30, [2, 5, 6, 20], [0, 0, 0, 0], [0, 0, 0, 255]),
    rectangle(40, 30, [2, 5, 6, 20], [120, 120, 120, 255], [200, 200, 200, 255]),
  ];
  for (const picture of same) {
    const other = prepare(picture);
    assert.ok(other.every((level, k) => Math.abs(level - image[k]) < 1e-6));
  }
});

test("clothes fill the square", () => {
  const image = prepare(rectangle(100, 100, [10, 20, 56, 28]), FITS["fashion-mnist"]);
  assert.deepEqual(box(image), [7, 20, 0, 27]);
});

test("ink that is heavy at one end isn't cut off", () => {
  const picture = rectangle(100, 100, [10, 10, 4, 80]);
  for (let k = 0; k < 30; k += 1) for (let y = 0; y < 30; y += 1) picture.data.set([0, 0, 0, 255], 4 * (100 * (60 + y) + 10 + k));
  const image = prepare(picture);
  const [top, bottom] = box(image);
  assert.ok(bottom - top >= 19);
  assert.ok(bottom <= 27);
});

test("a blank picture has no ink", () => {
  assert.equal(prepare(rectangle(50, 50, [0, 0, 0, 0])), null);
  assert.equal(prepare(rectangle(50, 50, [10, 10, 9, 9], [255, 255, 255, 255], [240, 240, 240, 255])), null);
  assert.equal(prepare(rectangle(1, 1, [0, 0, 0, 0])), null);
  assert.equal(fitInk({ width: 3, height: 2, levels: new Float32Array(6) }, FITS.mnist), null);
});
