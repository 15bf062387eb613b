import assert from "node:assert/strict";
import { test } from "node:test";

import { Path, waysThrough } from "../../lens/web/model/path.mjs";

const names = (models) => waysThrough(models).map(({ name }) => name);

test("each model has a straight way, a VAE an arc too, and the cross-fade comes last", () => {
  const own = { title: "mine, 12:30", variational: true };
  assert.deepEqual(names([own, { title: "PCA", variational: false }]), [
    "mine, 12:30, straight line",
    "mine, 12:30, spherical",
    "PCA, straight line",
    "Pixel cross-fade",
  ]);
  const four = Array.from({ length: 4 }, (_, k) => ({ title: `VAE ${k}`, variational: true }));
  assert.equal(new Set(names(four)).size, 9);
});

test("a way goes through the codes of its own model, whatever the family", () => {
  const model = (dim, level) => ({ dim, code: (i) => new Float32Array(dim).fill(level + i) });
  const models = [model(2, 10), model(3, 20)];
  const ways = waysThrough([{ title: "a", variational: false }, { title: "b", variational: false }]);
  const dataset = { greyLevels: (i) => new Float32Array(784).fill(i) };
  const codes = ways.map((way) => {
    const path = new Path(way, models[way.place]);
    path.setEndpoints(dataset, 0, 4);
    return [...path.at(0.25)];
  });
  assert.deepEqual(codes, [[11, 11], [21, 21, 21], new Array(784).fill(1)]);
});
