import assert from "node:assert/strict";
import { test } from "node:test";

import { noiseOf, sampleOf } from "../../lens/web/explore/latent_table.mjs";
import { fixed } from "../../lens/web/widgets/decimals.mjs";
import { notebookOf } from "../../lens/web/explore/notebook.mjs";
import { base64, lines, preparation, tensor, text } from "../../lens/web/explore/pytorch.mjs";
import { boxes, formulas, note, sentences } from "../../lens/web/explore/steps.mjs";

const sizes = { encoder: [[512], [256]], decoder: [[256], [512]] };
const mlp = { kind: "mlp", ...sizes, activation: "gelu", code_activation: "linear", output_activation: "sigmoid" };
const none = { encoder: [], decoder: [], activation: null };
const NETWORKS = {
  vae: mlp,
  denoising: {
    kind: "conv", encoder: [[32, 14, 14], [64, 7, 7], [128]], decoder: [[128], [64, 7, 7], [32, 14, 14]],
    activation: "relu", code_activation: "linear", output_activation: "sigmoid",
  },
  contractive: {
    kind: "conv-asymmetric", encoder: [[32, 13, 13], [64, 6, 6]], decoder: [[32, 7, 7], [64, 14, 14], [32, 28, 28]],
    activation: "relu", code_activation: "linear", output_activation: "sigmoid",
  },
  ae: {
    kind: "conv-narrow", encoder: [[32, 14, 14], [64, 7, 7], [16]], decoder: [[64, 7, 7], [64, 14, 14], [32, 28, 28]],
    activation: "relu", code_activation: "linear", output_activation: "sigmoid",
  },
  recurrent: { kind: "gru", encoder: [[28, 128]], decoder: [[128], [28, 128]], activation: null, code_activation: "linear", output_activation: "sigmoid" },
  sparse: { kind: "shallow", ...none, code_activation: "sigmoid", output_activation: "sigmoid" },
  stacked: { ...mlp, activation: "sigmoid", code_activation: "sigmoid" },
  linear: { kind: "linear", ...none, code_activation: "linear", output_activation: "linear" },
  pca: { kind: "linear", ...none, code_activation: "linear", output_activation: "linear" },
};
const entryOf = (family, more = {}) => ({
  name: `${family}-2`, title: family, url: `/zoo/${family}-2`, family, variational: family === "vae", latent_dim: 2, binarisation: "grey", network: NETWORKS[family], ...more,
});
const FAMILIES = Object.keys(NETWORKS);
const image = Float32Array.from({ length: 784 }, (_, k) => (k % 256) / 255);
const subjectOf = (entry, more = {}) => ({
  model: { entry },
  dataset: { name: "mnist", entry: { noun: "digit", stored: true } },
  input: { image, digit: 12, mean: Float32Array.of(0.5, -1), logVar: entry.variational ? Float32Array.of(-2, -4) : null, ...more },
  code: { z: Float32Array.of(0.75, -1) },
});

test("ε and z of an input give each other", () => {
  const [mean, logVar] = [[0.5, -1], [-2, 0.5]];
  const z = sampleOf([2, -0.3], mean, logVar);
  assert.ok(Math.abs(z[0] - (0.5 + 2 * Math.exp(-1))) < 1e-12);
  noiseOf(z, mean, logVar).forEach((eps, k) => assert.ok(Math.abs(eps - [2, -0.3][k]) < 1e-12));
});

test("numbers have three decimals and a minus sign; zero has none", () => {
  assert.deepEqual([-1.23456, 0.5, -0.0001].map((value) => fixed(value, 3)), ["−1.235", "0.500", "0.000"]);
});

for (const family of FAMILIES) {
  test(`${family}: whatever is shown has a sentence, and stands in graph, formula and code`, () => {
    const entry = entryOf(family);
    const told = sentences(entry, "digit");
    const found = lines(entry);
    const parts = found.flatMap((line) => line.parts);
    const terms = formulas(entry).flat().flatMap((token) => token.parts ?? []);
    const shown = boxes(entry).flat().map((box) => box.part);
    for (const each of [...parts, ...terms, ...shown]) assert.ok(told[each], each);
    for (const token of formulas(entry).flat()) assert.ok(typeof token === "string" || token.words);
    for (const each of [...terms, ...shown]) assert.ok(parts.includes(each), `no line has ${each}`);
    for (const each of [...parts.filter((part) => part !== "model")]) assert.ok(terms.includes(each), `no formula has ${each}`);
    for (const sentence of Object.values(told)) assert.match(sentence, /^[^.]+.*[.]$/);
  });
}

test("only a family with a posterior has ε", () => {
  const withNoise = FAMILIES.filter((family) => text(lines(entryOf(family))).includes("eps"));
  assert.deepEqual(withNoise, ["vae"]);
  assert.equal(note("vae"), "");
});

test("a variational family of another name is told and written as a VAE is", () => {
  const vae = entryOf("vae");
  const other = { ...vae, family: "capacity", title: "Capacity" };
  assert.deepEqual(lines(other), lines(vae));
  assert.deepEqual(formulas(other), formulas(vae));
  assert.deepEqual(boxes(other), boxes(vae));
  assert.deepEqual(sentences(other, "digit"), sentences(vae, "digit"));
});

test("the last line of each family is x_hat, the first one loads the model", () => {
  for (const family of FAMILIES) {
    const found = lines(entryOf(family));
    assert.match(found[0].code, /^model = aemodels\.load\("/);
    assert.match(found[found.length - 1].code, /^x_hat = /);
  }
});

test("an own run is looked for among the runs", () => {
  const own = entryOf("vae", { name: "mine", url: "/runs/mine" });
  assert.equal(lines(own)[0].code, 'model = aemodels.load(paths.runs() / "mine" / "bundle")');
  assert.match(preparation(subjectOf(own)), /^from aemodels import paths$/m);
  assert.match(notebookOf(subjectOf(own), image, "http://here/").cells[0].source.join(""), /`runs` of the checkout/);
});

test("a model that only its zip tells of is loaded from there", () => {
  const mine = entryOf("vae", { name: "vae-2", url: "/elsewhere/1f2e3d" });
  assert.equal(text(lines(mine)).split("\n")[0], 'model = aemodels.load("FOLDER")  # the zip from Model (ONNX), unpacked');
  assert.match(notebookOf(subjectOf(mine), image, "http://here/").cells[0].source.join(""), /place of `FOLDER`/);
});

test("a test image is read from the data set, any other is in the text itself", () => {
  const entry = entryOf("vae");
  assert.match(preparation(subjectOf(entry)), /load_test\("mnist"\)\.images\[12 : 13\]/);
  const own = preparation(subjectOf(entry, { digit: null }));
  assert.ok(own.includes(base64(image)) && !own.includes("load_test"));
  assert.equal(atob(base64(image)).slice(2 * 254, 2 * 256), "\xfe\xfe\xff\xff");
  // Its pixels were drawn at random.
  assert.ok(preparation(subjectOf(entryOf("vae", { binarisation: "stochastic" }))).includes("b64decode"));
  const arrays = { ...subjectOf(entryOf("vae")), dataset: { name: "mnist", entry: { noun: "picture", stored: false } } };
  const cells = notebookOf(arrays, image, "http://here/").cells.map((cell) => cell.source.join("")).join("\n");
  assert.ok(cells.includes("b64decode"));
  assert.ok(!cells.includes("load_test"));
});

test("numbers of a tensor are floats", () => {
  assert.equal(tensor([0, 1.5, 1 / 3]), "torch.tensor([[0.0, 1.5, 0.3333333]])");
});

test("a notebook has the view's ε, or its z where it was chosen by hand", () => {
  const source = (family) => notebookOf(subjectOf(entryOf(family)), image, "http://here/").cells.map((cell) => cell.source.join("")).join("\n");
  assert.match(source("vae"), /eps = torch\.tensor\(\[\[0\.679\d+, 0\.0\]\]\)/);
  assert.match(source("ae"), /^z = torch\.tensor\(\[\[0\.75, -1\.0\]\]\)/m);
});
