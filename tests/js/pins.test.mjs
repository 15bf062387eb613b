import assert from "node:assert/strict";
import { test } from "node:test";

import { formula, PinList } from "../../lens/web/explore/pin_list.mjs";

const code = (...numbers) => Float32Array.from(numbers);

test("a code gets the first free letter, and the same code no second one", () => {
  const pins = new PinList();
  assert.equal(pins.add(code(1, 2)), "A");
  assert.equal(pins.add(code(3, 4)), "B");
  assert.equal(pins.add(code(1, 2)), "A");
  assert.equal(pins.add(code(5, 6)), "C");
  pins.remove("B");
  assert.deepEqual(pins.letters, ["A", "C"]);
  assert.equal(pins.add(code(7, 8)), "B");
  for (const k of [1, 2, 3]) pins.add(code(k, k));
  assert.deepEqual(pins.letters, [..."ABCDEF"]);
  assert.equal(pins.add(code(9, 9)), null);
  assert.equal(pins.add(code(3, 3)), "F");
});

test("what is kept doesn't move with z", () => {
  const pins = new PinList();
  const z = code(1, 2);
  pins.add(z);
  z[0] = 9;
  assert.deepEqual(pins.toJSON(), [[1, 2]]);
});

test("sums are those of vectors", () => {
  const pins = new PinList();
  pins.restore([[1, 2, 3], [0.5, -1, 8], [10, 20, -30]], 3);
  assert.deepEqual([...pins.sum(["A", "B", "C"])], [10.5, 23, -35]);
  assert.deepEqual([...pins.sum(["C", "C", "B"])], [0.5, -1, 8]);
  assert.equal(pins.sum(["A", "B", "D"]), null);
  assert.equal(formula(["A", "B", "A"]), "A − B + A");
});

test("letters survive being written and read", () => {
  const pins = new PinList();
  pins.restore([[1, 2], [], [3, 4]], 2);
  assert.deepEqual(pins.letters, ["A", "C"]);
  assert.deepEqual(JSON.parse(JSON.stringify(pins)), [[1, 2], [], [3, 4]]);
  pins.remove("C");
  assert.deepEqual(pins.toJSON(), [[1, 2]]);
});

test("what isn't a code of this model is left out", () => {
  const pins = new PinList();
  for (const wrong of [null, "x", 3, {}, [[1]], [["a", "b"]], [[NaN, 0]], [[Infinity, 0]], [null]]) {
    pins.restore(wrong, 2);
    assert.deepEqual(pins.letters, [], JSON.stringify(wrong));
  }
});
