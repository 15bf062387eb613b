// Files to take home, judged by other programs: Python's zipfile, and what JavaScript reads of the CSV.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";

import { codesCsv } from "../../lens/web/files/codes_csv.mjs";
import { modelZip, readme } from "../../lens/web/files/model_zip.mjs";

test("a model without a posterior has a column for each latent", async () => {
  const means = Float32Array.from([0.1, -2, 1e-7, 3.25, 12345.678, 0]);
  const text = await (await codesCsv({ dim: 2, means, logVars: null, labels: Uint8Array.from([7, 2, 9]) })).text();
  const [head, ...lines] = text.trimEnd().split("\n");
  assert.equal(head, "index,label,split,z1,z2");
  const numbers = lines.map((line) => line.split(","));
  assert.deepEqual(numbers.map(([index, label, split]) => [index, label, split]), [["0", "7", "test"], ["1", "2", "test"], ["2", "9", "test"]]);
  // The very float32 numbers.
  assert.deepEqual(Float32Array.from(numbers.flatMap((line) => line.slice(3).map(Number))), means);
});

test("a VAE's posterior has its standard deviations", async () => {
  const codes = { dim: 1, means: Float32Array.from([1, 2]), logVars: Float32Array.from([0, -2]), labels: Uint8Array.from([0, 1]) };
  const lines = (await (await codesCsv(codes)).text()).trimEnd().split("\n");
  assert.equal(lines[0], "index,label,split,z1,sigma1");
  assert.deepEqual(lines[1].split(",").slice(3), ["1", "1"]);
  assert.ok(Math.abs(Number(lines[2].split(",")[4]) - Math.exp(-1)) < 1e-9);
});

test("long files are written in pieces, nothing lost between them", async () => {
  const count = 12_345;
  let pauses = 0;
  const codes = { dim: 1, means: new Float32Array(count).fill(0.5), logVars: null, labels: new Uint8Array(count) };
  const blob = await codesCsv(codes, async () => {
    pauses += 1;
  });
  const lines = (await blob.text()).trimEnd().split("\n").slice(1);
  assert.deepEqual(lines.map((line) => Number(line.split(",")[0])), [...Array(count).keys()]);
  assert.ok(pauses > 1);
});

test("the zip is one that Python reads", async () => {
  const content = { "bundle.json": "{}", "encoder.onnx": "e", "decoder.onnx": "", "weights.safetensors": "w".repeat(70_000), "codes.npy": "ä" };
  const address = (name) => `data:application/octet-stream;base64,${Buffer.from(content[name]).toString("base64")}`;
  const entry = { title: "VAE", latent_dim: 16 };
  const reader = { "reader.json": "{}", "reader.onnx": "r", "weights.safetensors": "of the reader" };
  const beside = (name) => `data:application/octet-stream;base64,${Buffer.from(reader[name]).toString("base64")}`;
  const blob = await modelZip({ entry, address }, "MNIST", "vae-16", beside);
  const folder = mkdtempSync(join(tmpdir(), "zip-"));
  const path = join(folder, "model.zip");
  writeFileSync(path, new Uint8Array(await blob.arrayBuffer()));
  const script = `
import json, sys, zipfile
with zipfile.ZipFile(sys.argv[1]) as found:
    assert found.testzip() is None
    print(json.dumps({name: found.read(name).decode() for name in found.namelist()}))
`;
  const read = JSON.parse(execFileSync(process.env.PYTHON ?? "python3", ["-c", script, path], { encoding: "utf8" }));
  rmSync(folder, { recursive: true });
  const own = Object.fromEntries(Object.entries(reader).map(([name, text]) => [`reader/${name}`, text]));
  const expected = { ...content, ...own, "README.txt": readme(entry, "MNIST") };
  assert.deepEqual(read, Object.fromEntries(Object.entries(expected).map(([name, text]) => [`vae-16/${name}`, text])));
});
