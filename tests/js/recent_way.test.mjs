import assert from "node:assert/strict";
import { test } from "node:test";

import { RecentWay } from "../../lens/web/explore/recent_way.mjs";

const code = (value) => Float32Array.from([value]);
const values = (way) => way.codes.map(([value]) => value);

test("of moves within one frame of the film the last counts, and the start stays", () => {
  const way = new RecentWay();
  way.add(code(0), 1000);
  [1, 2, 3].forEach((value, k) => way.add(code(value), 1010 + 16 * k));
  assert.deepEqual(values(way), [0, 3]);
  way.add(code(4), 1100);
  way.add(code(4), 1300);
  way.add(code(5), 1310);
  assert.deepEqual(values(way), [0, 3, 4, 5]);
});

test("z may move on: what was kept doesn't", () => {
  const way = new RecentWay();
  const z = code(1);
  way.add(z, 0);
  z[0] = 2;
  way.add(z, 500);
  assert.deepEqual(values(way), [1, 2]);
});

test("the oldest moves are forgotten", () => {
  const way = new RecentWay();
  for (let k = 0; k < 500; k += 1) way.add(code(k), 100 * k);
  assert.deepEqual(values(way), Array.from({ length: 120 }, (_, k) => 380 + k));
  way.clear();
  assert.deepEqual(values(way), []);
});
