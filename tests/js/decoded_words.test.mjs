import assert from "node:assert/strict";
import { test } from "node:test";

import { codeInWords, likeness, waysInWords } from "../../lens/web/widgets/decoded_words.mjs";

const words = { noun: "digit", plural: "digits" };

test("it looks like what most of the nearest are", () => {
  assert.equal(likeness([..."77797"], words, false), "Looks like a 7: the nearest test digits are 7, 7, 7, 9, 7.");
  assert.equal(likeness([..."98888"], words, false), "Looks like an 8: the nearest test digits are 9, 8, 8, 8, 8.");
  assert.equal(likeness([..."44977"], words, false), "The nearest test digits are 4, 4, 9, 7, 7.");
});

test("it looks like nothing real where no real one is near", () => {
  assert.equal(likeness([..."77777"], words, true), "No real digit near: the nearest test digits are 7, 7, 7, 7, 7.");
});

test("short codes are read out", () => {
  assert.equal(codeInWords([-0.2174, 1.016]), "z = −0.22, 1.02.");
  assert.equal(codeInWords(new Float32Array(16)), "");
});

test("each way through a model is named with the class of most of its nearest", () => {
  const dataset = { entry: words, className: (i) => String(i) };
  const path = (name, nearest) => ({ way: { name }, model: nearest && { nearest: () => nearest }, at: () => [0] });
  const paths = [path("VAE, spherical", [3, 3, 3, 8, 5]), path("PCA, straight line", [3, 3, 8, 8, 5]), path("Pixel cross-fade")];
  assert.equal(
    waysInWords(paths, 0.374, dataset),
    "t = 0.37. The nearest test digits: VAE, spherical, 3; PCA, straight line, of several classes.",
  );
});
