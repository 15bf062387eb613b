import assert from "node:assert/strict";
import { test } from "node:test";

import { briefly, isLegible, Reader, readsAs, verdicts } from "../../lens/web/model/reader.mjs";

const row = (label, confidence) => Array.from({ length: 10 }, (_, k) => (k === label ? confidence : (1 - confidence) / 9));

test("a picture is read as the most probable class", () => {
  assert.deepEqual(verdicts(row(7, 0.98), 10), [{ label: 7, confidence: 0.98 }]);
  assert.deepEqual(verdicts([...row(0, 0.6), ...row(9, 0.5)], 10), [
    { label: 0, confidence: 0.6 },
    { label: 9, confidence: 0.5 },
  ]);
});

test("a reader of three classes gives each picture its own three probabilities", async () => {
  const graph = { run: async () => Float32Array.of(0.25, 0.5, 0.25, 0.125, 0.125, 0.75) };
  assert.deepEqual(await new Reader(graph, ["cat", "dog", "owl"]).read(new Float32Array(2 * 784)), [
    { label: 1, confidence: 0.5 },
    { label: 2, confidence: 0.75 },
  ]);
});

test("below 90 % it is hard to read, and never looks like 90 %", () => {
  assert.equal(readsAs({ label: 7, confidence: 0.984 }, "7"), "reads as 7, 98 %");
  assert.equal(readsAs({ label: 7, confidence: 0.54 }, "7"), "hard to read, perhaps 7 (54 %)");
  const barely = { label: 7, confidence: 0.8999 };
  assert.equal(isLegible(barely), false);
  assert.equal(briefly(barely, "7"), "7?, 89 %");
  assert.equal(briefly({ label: 7, confidence: 0.9 }, "7"), "7, 90 %");
  // 0.9 and 0.95 as float32 has them.
  assert.equal(briefly({ label: 7, confidence: Math.fround(0.95) }, "7"), "7, 95 %");
});

test("no reader is ever quite sure", () => {
  assert.equal(briefly({ label: 1, confidence: 1 }, "1"), "1, 99 %");
});
