import assert from "node:assert/strict";
import { test } from "node:test";

import { inPieces, nextSize } from "../../lens/web/pieces.mjs";

/** A clock that work moves on, so that nothing depends on how fast this machine is. */
function slowly(cost) {
  const pieces = [];
  let time = 0;
  return {
    pieces,
    clock: () => time,
    work: async (start, end) => {
      pieces.push([start, end]);
      time += cost(end - start);
    },
  };
}

const always = () => true;

test("every item is worked on once, in order", async () => {
  const { pieces, work, clock } = slowly((items) => items);
  assert.equal(await inPieces(100, work, always, clock), true);
  assert.deepEqual(pieces.flatMap(([start, end]) => Array.from({ length: end - start }, (_, k) => start + k)), [...Array(100).keys()]);
});

test("a piece holds as many items as stay below 8 ms, whatever an item costs", async () => {
  for (const each of [0.05, 0.4, 0.9, 3, 7]) {
    const { pieces, work, clock } = slowly((items) => 0.8 + each * items);
    await inPieces(400, work, always, clock);
    const longest = Math.max(...pieces.map(([start, end]) => 0.8 + each * (end - start)));
    assert.ok(longest <= 8, `${longest} ms with ${each} ms an item`);
    if (each < 1) assert.ok(pieces.length < 300, `${pieces.length} pieces of ${each} ms an item`);
  }
});

test("a size is a power of two, grows at most twofold and is one at least", () => {
  assert.equal(nextSize(4, 0.1), 8);
  assert.equal(nextSize(4, 4), 4);
  assert.equal(nextSize(8, 16), 2);
  assert.equal(nextSize(1, 50), 1);
});

test("two works take turns", async () => {
  const order = [];
  const work = (name) => async () => {
    order.push(`${name} begins`);
    await new Promise((resume) => setTimeout(resume));
    order.push(`${name} ends`);
  };
  await Promise.all(["a", "b"].map((name) => inPieces(3, work(name), always, () => 0)));
  order.forEach((words, k) => {
    if (words.endsWith("begins")) assert.equal(order[k + 1], words.replace("begins", "ends"));
  });
  assert.deepEqual(order.slice(0, 4), ["a begins", "a ends", "b begins", "b ends"]);
});

test("work that is no longer wanted ends, and says that it isn't whole", async () => {
  let done = 0;
  const work = async () => {
    done += 1;
  };
  assert.equal(await inPieces(50, work, () => done < 3, () => done * 100), false);
  assert.equal(done, 3);
});

test("what fails is told to whoever asked, and the next work still runs", async () => {
  await assert.rejects(inPieces(2, () => Promise.reject(new Error("no memory")), always), /no memory/);
  assert.equal(await inPieces(2, async () => {}, always), true);
});

test("other tasks run between pieces", async () => {
  const { port1, port2 } = new MessageChannel();
  let heard = false;
  port1.onmessage = () => {
    heard = true;
  };
  port2.postMessage("an event of the page, from before the second piece");
  await inPieces(3, async (start) => assert.equal(heard, start > 0), always);
  port1.close();
});
