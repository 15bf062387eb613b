import assert from "node:assert/strict";
import { test } from "node:test";

import { Dataset, openDataset, withArticle } from "../../lens/web/model/dataset.mjs";

test("classes get the article that is spoken", () => {
  const names = ["0", "7", "8", "Ankle boot", "Sandal"];
  assert.deepEqual(names.map(withArticle), ["a 0", "a 7", "an 8", "an Ankle boot", "a Sandal"]);
});

test("pictures without classes are all of one kind, called by their noun", () => {
  const entry = { name: "plain", noun: "picture", plural: "pictures", class_names: [] };
  const plain = new Dataset(entry, new Uint8Array(784 * 3), new Uint8Array(3));
  assert.deepEqual(plain.byClass, [[0, 1, 2]]);
  assert.equal(plain.className(1), "picture");
  assert.equal(plain.reference(1), "test picture 1");
  assert.deepEqual([0, 1, 2].map((i) => plain.nextOfClass(i)), [1, 2, 0]);
});

test("a data set that isn't here is blank, and nothing is fetched", async (t) => {
  const fetched = t.mock.method(globalThis, "fetch", () => Promise.reject(new Error("fetched")));
  const entry = { name: "gone", noun: "picture", class_names: [], url: "/datasets/gone", digests: {}, count: 12, here: false };
  const gone = await openDataset("", entry);
  assert.equal(gone.count, 12);
  assert.deepEqual(gone.image(11), new Uint8Array(784));
  await assert.rejects(openDataset("", { ...entry, here: true }), /fetched/);
  assert.equal(fetched.mock.callCount(), 2);
});
