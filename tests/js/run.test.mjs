import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import { Playback } from "../../lens/web/run/playback.mjs";
import { between, momentName, Snapshots, unpack } from "../../lens/web/run/snapshots.mjs";
import { RunWatcher } from "../../lens/web/run/watcher.mjs";

/** A snapshot file with these points. */
function file(points, reconstructions = new Uint8Array(7840)) {
  const map = Float32Array.from(points);
  const end = map.byteLength;
  const header = Buffer.from(
    JSON.stringify({
      map: { dtype: "F32", shape: [points.length / 2, 2], data_offsets: [0, end] },
      pictures: { dtype: "U8", shape: [10, 784], data_offsets: [end, end + reconstructions.length] },
    }),
  );
  const size = Buffer.alloc(8);
  size.writeBigUInt64LE(BigInt(header.length));
  return Uint8Array.from(Buffer.concat([size, header, Buffer.from(map.buffer), reconstructions])).buffer;
}

beforeEach(() => {
  globalThis.document = { hidden: false, addEventListener() {}, removeEventListener() {} };
  globalThis.window = globalThis;
});

test("a snapshot's points and the square around them", () => {
  const { u, v, frame } = unpack(file([0, 10, 5, 20, 10, 40]));
  assert.deepEqual([[...u], [...v]], [[0, 5, 10], [10, 20, 40]]);
  frame.forEach((edge, k) => assert.ok(Math.abs(edge - [5 - 16.2, 5 + 16.2, 25 - 16.2, 25 + 16.2][k]) < 1e-9));
  assert.throws(() => unpack(file([0, 1], new Uint8Array(10))), /another size/);
});

test("half way from one snapshot to another", () => {
  const half = between(unpack(file([0, 0, 2, 2])), unpack(file([4, 8, 2, 0])), 0.5);
  assert.deepEqual([[...half.u], [...half.v]], [[2, 2], [4, 1]]);
});

test("a snapshot is fetched once; one that is lost is asked for again", async () => {
  const asked = [];
  const answers = [{ ok: false, status: 404 }, { ok: true, arrayBuffer: async () => file([0, 0, 1, 1]) }];
  globalThis.fetch = async (url) => {
    asked.push(url);
    return answers.shift();
  };
  const snapshots = new Snapshots("/runs/a/snapshots");
  assert.equal(await snapshots.get([3, 0]), null);
  assert.equal((await snapshots.get([3, 0])).u.length, 2);
  assert.equal((await snapshots.get([3, 0])).u.length, 2);
  assert.deepEqual(asked, new Array(2).fill("/runs/a/snapshots/0003.safetensors"));
  assert.equal(await new Snapshots("b").get([0, 64]), null);
  assert.equal(asked.at(-1), "b/0000-00064.safetensors");
});

test("moments are named as a person counts them", () => {
  const names = [[0, 0], [0, 1], [0, 64], [1, 0], [3, 40]].map(momentName);
  assert.deepEqual(names, ["epoch 0", "step 1", "step 64", "epoch 1", "in epoch 4"]);
});

/** A playback whose every snapshot is there at once, and the words that it shows. */
function playback() {
  globalThis.fetch = async () => ({ ok: true, arrayBuffer: async () => file([0, 0, 1, 1]) });
  globalThis.HTMLElement = class extends EventTarget {
    setAttribute() {}
  };
  globalThis.HTMLInputElement = class extends HTMLElement {
    get valueAsNumber() {
      return Number(this.value);
    }
  };
  globalThis.cancelAnimationFrame = () => {};
  const parts = { ".epoch": new HTMLInputElement(), ".epoch-value": new HTMLElement(), ".replay": new HTMLElement() };
  document.hidden = true; // no frames on the way
  const made = new Playback({ querySelector: (name) => parts[name] }, { frame: () => {}, arrive: () => {} });
  const slide = (place) => {
    parts[".epoch"].value = String(place);
    parts[".epoch"].dispatchEvent(new Event("input"));
  };
  return { made, slide, words: () => parts[".epoch-value"].textContent };
}

const turn = () => new Promise((done) => setTimeout(done));

test("the slider goes through the first steps, then the epochs; the newest is followed", async () => {
  const { made, slide, words } = playback();
  const moments = [[0, 0], [0, 1], [0, 2]];
  await made.setMoments(moments);
  assert.equal(words(), "step 2");
  await made.setMoments([...moments, [1, 0]]);
  assert.equal(words(), "epoch 1");
  slide(1);
  await turn();
  assert.equal(words(), "step 1");
  // The slider stays where it was put.
  await made.setMoments([...moments, [1, 0], [2, 0]]);
  assert.equal(words(), "step 1");
});

test("moments that a resumed run dropped are left", async () => {
  const { made, slide, words } = playback();
  await made.setMoments([[0, 0], [1, 0], [1, 7]]);
  assert.equal(words(), "in epoch 2");
  await made.setMoments([[0, 0], [1, 0], [2, 0]]);
  assert.equal(words(), "epoch 2");
  slide(1);
  await turn();
  // Killed in its first epoch.
  await made.setMoments([[0, 0], [0, 1]]);
  assert.equal(words(), "step 1");
});

const progress = { alive: true, state: "running", message: "", epoch: 4, snapshots: [] };

test("the page is drawn anew for another state at once, for another epoch ever more rarely", () => {
  const watcher = new RunWatcher({ progress: async () => {}, redraw: () => {} });
  let now = 0;
  Object.defineProperty(globalThis, "performance", { value: { now: () => now }, configurable: true });
  watcher.watch("/live/a");
  assert.ok(!watcher.redrawDue(progress));
  const waits = [];
  for (let drawing = 0; drawing < 12; drawing += 1) {
    watcher.pageDrawn(progress);
    const begin = now;
    while (!watcher.redrawDue({ ...progress, epoch: 5 })) now += 100;
    waits.push((now - begin) / 1000);
    assert.ok(watcher.redrawDue({ ...progress, state: "paused" }));
    assert.ok(watcher.redrawDue({ ...progress, message: "waiting" }));
    assert.ok(!watcher.redrawDue(progress));
  }
  assert.deepEqual(waits, [0, 3, 6, 9, 12, 15, 18, 20, 20, 20, 20, 20]);
  watcher.pageDrawn({ ...progress, epoch: 0 });
  assert.ok(watcher.redrawDue({ ...progress, epoch: 1 }));
  watcher.stop();
});

test("the first epoch is asked about more often, since its first steps move the map most", async () => {
  const waits = [];
  const before = globalThis.setTimeout;
  globalThis.setTimeout = (_, wait) => void waits.push(wait);
  const answers = [
    { ...progress, epoch: 0 },
    { ...progress, epoch: 1 },
    { ...progress, state: "waiting", epoch: 0 },
    { ...progress, alive: false, state: "finished" },
  ];
  try {
    const watcher = new RunWatcher({ progress: async () => {}, redraw: () => {} });
    watcher.watch("/live/a");
    watcher.pageDrawn(progress);
    for (const answer of answers) {
      globalThis.fetch = async () => ({ ok: true, status: 200, json: async () => answer });
      await watcher.ask();
    }
    watcher.stop();
  } finally {
    globalThis.setTimeout = before;
  }
  // The last is asked about until the page has been drawn again.
  assert.deepEqual(waits, [500, 2000, 2000, 2000]);
});

test("a run that is gone is said, and nobody asks about a run that ended", async () => {
  const said = [];
  let asked = 0;
  globalThis.fetch = async () => {
    asked += 1;
    return { ok: false, status: 404 };
  };
  const watcher = new RunWatcher({ progress: async () => {}, redraw: ({ state }) => said.push(state) });
  watcher.watch("/live/a");
  watcher.pageDrawn({ ...progress, alive: false });
  await watcher.ask();
  assert.equal(asked, 0);
  watcher.pageDrawn(progress);
  await watcher.ask();
  watcher.stop();
  assert.deepEqual(said, ["gone"]);
});
