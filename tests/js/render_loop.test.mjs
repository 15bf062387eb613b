import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import { RenderLoop } from "../../lens/web/render_loop.mjs";

/** What waits for the next frame. @type {(() => void)[]} */
let waiting = [];

beforeEach(() => {
  waiting = [];
  globalThis.requestAnimationFrame = (callback) => waiting.push(callback);
});

const frame = async () => {
  for (const callback of waiting.splice(0)) callback();
  await settled();
};
const settled = () => new Promise((resolve) => setImmediate(resolve));
const never = (error) => {
  throw error;
};

test("the first change of a frame is drawn at once, the newest of the others in the next", async () => {
  let state = 0;
  const drawn = [];
  const loop = new RenderLoop(async () => void drawn.push(state), never);
  for (state = 1; state <= 5; state += 1) loop.ask();
  state = 5;
  assert.deepEqual(drawn, [1]);
  await frame();
  assert.deepEqual(drawn, [1, 5]);
  await frame();
  await frame();
  assert.deepEqual(drawn, [1, 5]);
});

test("a slow drawing is not queued behind: one runs at a time, then the newest", async () => {
  let state = 1;
  const drawn = [];
  /** @type {(() => void)[]} */
  const ends = [];
  const loop = new RenderLoop(() => {
    drawn.push(state);
    return new Promise((resolve) => ends.push(resolve));
  }, never);
  loop.ask();
  for (state = 2; state < 9; state += 1) {
    loop.ask();
    await frame();
  }
  assert.deepEqual(drawn, [1]);
  ends[0]();
  await settled();
  assert.deepEqual(drawn, [1, 9]);
});

test("an error is reported and the next change is drawn all the same", async () => {
  const errors = [];
  let broken = true;
  let drawn = 0;
  const loop = new RenderLoop(
    async () => {
      if (broken) throw new Error("no decoder");
      drawn += 1;
    },
    (error) => errors.push(error.message),
  );
  loop.ask();
  await frame();
  assert.deepEqual(errors, ["no decoder"]);
  broken = false;
  loop.ask();
  await frame();
  assert.equal(drawn, 1);
});

test("a drawing that fails before it waits is an error too", async () => {
  const errors = [];
  const loop = new RenderLoop(
    () => {
      throw new Error("at once");
    },
    (error) => errors.push(error.message),
  );
  loop.ask();
  await settled();
  assert.deepEqual(errors, ["at once"]);
});

test("once stopped it neither draws nor complains", async () => {
  const errors = [];
  let fail = (_) => {};
  let drawn = 0;
  const loop = new RenderLoop(
    () => {
      drawn += 1;
      return new Promise((_, reject) => (fail = reject));
    },
    (error) => errors.push(error),
  );
  loop.ask();
  loop.ask();
  loop.stop();
  fail(new Error("too late"));
  await frame();
  assert.equal(drawn, 1);
  assert.deepEqual(errors, []);
});
