import assert from "node:assert/strict";
import { test } from "node:test";

import { FEW, pictured, pictureSide } from "../../lens/web/map/pictures.mjs";
import { Viewport } from "../../lens/web/map/viewport.mjs";

/** Points on a line from (0, 0) to (1, 1), of two classes in turn. */
function props(count, changes = {}) {
  const along = Float32Array.from({ length: count }, (_, k) => k / count);
  return {
    images: { image: () => new Uint8Array(784) },
    points: { u: along, v: along },
    classes: Uint8Array.from({ length: count }, (_, k) => k % 2),
    visibleClasses: [true, true],
    backdrop: null,
    ...changes,
  };
}

const view = (high) => new Viewport({ u: [0, high], v: [0, high], probability: false }, 500);

test("points are pictures once few are in view", () => {
  assert.deepEqual(pictured(view(1), props(1000)), []);
  assert.deepEqual(pictured(view(0.0995), props(1000)), [...Array(100).keys()]);
});

test("hidden points don't count", () => {
  assert.deepEqual(pictured(view(1), props(2 * FEW + 2)), []);
  const shown = pictured(view(1), props(2 * FEW, { visibleClasses: [false, true] }));
  assert.equal(shown.length, FEW);
  assert.ok(shown.every((i) => i % 2 === 1));
});

test("there are none without images, or over a backdrop", () => {
  assert.deepEqual(pictured(view(1), props(10, { images: null })), []);
  assert.deepEqual(pictured(view(1), props(10, { backdrop: {} })), []);
});

test("the fewer, the larger, within limits", () => {
  const sides = [1, 20, 80, FEW].map((count) => pictureSide(count, 560));
  for (let k = 1; k < sides.length; k += 1) assert.ok(sides[k] <= sides[k - 1]);
  assert.ok(sides[0] < 100 && sides[3] >= 22);
  // All of them together have room.
  assert.ok(FEW * sides[3] ** 2 < 560 ** 2);
});
