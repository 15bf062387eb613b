import assert from "node:assert/strict";
import { test } from "node:test";

import { codesAlong, FRAMES, nearestFrame, rangeOf, story, summary, valueAt } from "../../lens/web/maths/traversal.mjs";

const DIGITS = [..."0123456789"];

test("the frames of a latent differ in it alone, in equal steps from end to end", () => {
  const z = Float32Array.from([0.5, -1.25, 2]);
  const codes = codesAlong(z, 1, [-3, 3]);
  assert.equal(codes.length, 33);
  for (let frame = 0; frame < FRAMES; frame += 1) {
    const [first, second, third] = codes.subarray(3 * frame, 3 * frame + 3);
    assert.deepEqual([first, third], [0.5, 2]);
    assert.ok(Math.abs(second - (-3 + 0.6 * frame)) < 1e-6);
  }
  assert.deepEqual([...codesAlong(z, 0, [0, 4], 3)], [0, -1.25, 2, 2, -1.25, 2, 4, -1.25, 2]);
});

test("the nearest frame is the one whose value differs least, an end for what is beyond it", () => {
  const range = [-2, 7];
  for (let value = -4; value < 9; value += 0.13) {
    const gaps = Array.from({ length: FRAMES }, (_, frame) => Math.abs(valueAt(range, frame) - value));
    assert.equal(nearestFrame(range, value), gaps.indexOf(Math.min(...gaps)), `${value}`);
  }
});

test("a VAE's row spans three standard deviations of its prior, another model's the range of its codes", () => {
  const space = { low: [-5, -1], high: [5, 9] };
  assert.deepEqual(rangeOf({ variational: true, space }, 1), [-3, 3]);
  assert.deepEqual(rangeOf({ variational: false, space }, 1), [-1, 9]);
});

test("a row's story has its classes in turn and says what changes", () => {
  const row = (text) => [...text].map((sign) => (sign === "?" ? null : Number(sign)));
  const told = (text) => {
    const { classes, words, changes } = story(row(text), DIGITS);
    return [classes, words, changes];
  };
  assert.deepEqual(told("33333888855"), ["3 → 8 → 5", "changes the class", "class"]);
  assert.deepEqual(told("33383333333"), ["3 → 8 → 3", "changes the class", "class"]);
  assert.deepEqual(told("88888888888"), ["stays an 8", "changes only the style", "style"]);
  assert.deepEqual(told("333??388855"), ["3 → 8 → 5", "changes the class; 2 of 11 not legible", "class"]);
  assert.deepEqual(told("???33333333"), ["stays a 3", "where it is legible; 3 of 11 not legible", "legibility"]);
  assert.deepEqual(told("???????????"), ["", "not legible", "legibility"]);
});

test("a summary counts the rows", () => {
  const many = "of these 3 latents";
  assert.equal(summary(["class", "style", "class"]), `2 ${many} change the class that is read; 1 changes only the style.`);
  assert.equal(summary(["style", "class", "style"]), `1 ${many} changes the class that is read; 2 change only the style.`);
  const none = `None ${many} changes the class that is read`;
  assert.equal(summary(["style", "legibility", "style"]), `${none}; 2 change only the style; 1 leads to images that can't be read.`);
  assert.equal(summary(["legibility", "legibility", "legibility"]), `${none}; 3 lead to images that can't be read.`);
  assert.equal(summary(["class", "class", "class"]), `3 ${many} change the class that is read.`);
});
