import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import { Glide } from "../../lens/web/motion.mjs";

let now = 0;
let waiting = null;
let reduced = false;

beforeEach(() => {
  now = 0;
  waiting = null;
  reduced = false;
  Object.defineProperty(globalThis, "performance", { value: { now: () => now }, configurable: true });
  Object.assign(globalThis, {
    document: { hidden: false },
    window: { matchMedia: () => ({ matches: reduced }) },
    requestAnimationFrame: (step) => {
      waiting = step;
      return 1;
    },
    cancelAnimationFrame: () => {
      waiting = null;
    },
  });
});

function tick(time) {
  now = time;
  const step = waiting;
  waiting = null;
  step?.(time);
}

function gliding() {
  const seen = [];
  let arrivals = 0;
  const glide = new Glide(
    (z) => seen.push(Array.from(z)),
    () => {
      arrivals += 1;
    },
  );
  return { glide, seen, arrivals: () => arrivals };
}

test("halfway it is in the middle, at the end exactly there", () => {
  const { glide, seen, arrivals } = gliding();
  glide.go([0, 10], [4, 0]);
  tick(125);
  assert.deepEqual(seen.at(-1), [2, 5]);
  assert.deepEqual(Array.from(glide.target), [4, 0]);
  assert.equal(arrivals(), 0);
  tick(250);
  assert.deepEqual(seen.at(-1), [4, 0]);
  assert.equal(glide.target, null);
  assert.equal(arrivals(), 1);
  assert.equal(waiting, null);
});

test("another target on the way starts from where it is", () => {
  const { glide, seen, arrivals } = gliding();
  glide.go([0], [4]);
  tick(125);
  glide.go(seen.at(-1), [0]);
  tick(250);
  assert.deepEqual(seen.at(-1), [1]);
  tick(400);
  assert.deepEqual(seen.at(-1), [0]);
  assert.equal(arrivals(), 1);
});

test("with less movement it is there at once", () => {
  reduced = true;
  const { glide, seen, arrivals } = gliding();
  glide.go([0], [4]);
  assert.deepEqual(seen, [[4]]);
  assert.equal(arrivals(), 1);
});

test("stopped, it stays where it is", () => {
  const { glide, seen, arrivals } = gliding();
  glide.go([0], [4]);
  tick(125);
  glide.stop();
  tick(250);
  assert.deepEqual(seen, [[2]]);
  assert.equal(arrivals(), 0);
});
