import assert from "node:assert/strict";
import { test } from "node:test";

import { cellOrder, SIDE, strength } from "../../lens/web/map/holes.mjs";

const place = ({ row, column }) => row * SIDE + column;

test("every cell is read once, from coarse to fine or row by row", () => {
  for (const fine of [false, true]) {
    const cells = cellOrder(fine);
    assert.equal(cells.length, SIDE * SIDE);
    assert.deepEqual(cells.map(place).sort((a, b) => a - b), [...Array(SIDE * SIDE).keys()]);
  }
  assert.deepEqual(cellOrder(true).map(place), [...Array(SIDE * SIDE).keys()]);
});

test("a hundred cells cover the plane, and what was read is never painted over", () => {
  const owner = new Int32Array(SIDE * SIDE).fill(-1);
  cellOrder().forEach((cell, k) => {
    const [left, top] = [cell.column - cell.before, cell.row - cell.before];
    for (let row = top; row < top + cell.block; row += 1) {
      for (let column = left; column < left + cell.block; column += 1) {
        assert.ok(row >= 0 && column >= 0 && row < SIDE && column < SIDE);
        owner[row * SIDE + column] = place(cell);
      }
    }
    if (k === 99) assert.ok(owner.every((one) => one >= 0));
    assert.equal(owner[place(cell)], place(cell));
  });
  assert.deepEqual([...owner], [...Array(SIDE * SIDE).keys()]);
});

test("the colour is stronger the surer the reader is, and a guess has none", () => {
  assert.equal(strength(0.1, 10), 0);
  assert.equal(strength(1, 10), 1);
  assert.equal(strength(0.02, 10), 0);
  for (let k = 2; k <= 10; k += 1) assert.ok(strength(k / 10, 10) > strength((k - 1) / 10, 10));
  assert.ok(strength(0.5, 10) < 0.25);
  // Between two classes, one half is a guess.
  assert.equal(strength(0.5, 2), 0);
  assert.equal(strength(0.75, 2), 0.25);
});
