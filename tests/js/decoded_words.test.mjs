import assert from "node:assert/strict";
import { test } from "node:test";

import { codeInWords, decodedWords, likeness, waysInWords } from "../../lens/web/widgets/decoded_words.mjs";

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
  const dataset = { entry: { ...words, class_names: [] }, className: (i) => String(i) };
  const path = (name, nearest) => ({ way: { name }, model: nearest && { nearest: () => nearest }, at: () => [0] });
  const paths = [path("VAE, spherical", [3, 3, 3, 8, 5]), path("PCA, straight line", [3, 3, 8, 8, 5]), path("Pixel cross-fade")];
  assert.equal(
    waysInWords(paths, 0.374, dataset),
    "t = 0.37. The nearest test digits: VAE, spherical, 3; PCA, straight line, of several classes.",
  );
});

const names = [..."0123456789"];
const read = (label, confidence) => ({ label, confidence });

test("the reader's word goes before that of the nearest", () => {
  const dataset = { entry: { ...words, class_names: names }, className: (i) => String(i) };
  const model = { nearest: () => [3, 3, 3, 8, 5], code: () => [0, 0], entry: { space: { far_gap: 1 } } };
  assert.equal(decodedWords(model, dataset, [0, 0.5]), "Looks like a 3: the nearest test digits are 3, 3, 3, 8, 5.");
  assert.equal(decodedWords(model, dataset, [0, 0.5], read(3, 0.97)), "Reads as 3, 97 %.");
  assert.equal(decodedWords(model, dataset, [0, 2], read(8, 0.41)), "No real digit near. Hard to read, perhaps 8 (41 %).");
});

test("each way is named with what the reader reads in its image", () => {
  const dataset = { entry: { ...words, class_names: names } };
  const paths = [{ way: { name: "VAE, spherical" } }, { way: { name: "Pixel cross-fade" } }];
  assert.equal(
    waysInWords(paths, 0.5, dataset, [read(3, 0.97), read(8, 0.41)]),
    "t = 0.5. VAE, spherical: reads as 3, 97 %; Pixel cross-fade: hard to read, perhaps 8 (41 %).",
  );
});
