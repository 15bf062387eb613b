// Where classes lie, in words and as names on a map, against clouds whose places are known.

import assert from "node:assert/strict";
import { test } from "node:test";

import { ClassNames, namePlaces, shortNames } from "../../lens/web/map/class_names.mjs";
import { Viewport } from "../../lens/web/map/viewport.mjs";
import { describePlaces, placesInWords } from "../../lens/web/maths/class_places.mjs";
import { noiseFor } from "../../lens/web/maths/noise.mjs";

/** Square clouds of 300 points each. @param {[number, number, number][]} clouds middle and half width */
function points(clouds) {
  const [u, v, classes] = [[], [], []];
  clouds.forEach(([x, y, wide], label) => {
    const { hit, coin } = noiseFor(label, 0);
    for (let k = 0; k < 300; k += 1) {
      u.push(x + wide * (2 * hit[k] - 1));
      v.push(y + wide * (2 * coin[k] - 1));
      classes.push(label);
    }
  });
  return { u: Float32Array.from(u), v: Float32Array.from(v), classes };
}

const nine = [[-5, -5, 1], [0, -5, 1], [5, -5, 1], [-5, 0, 1], [0, 0, 1], [5, 0, 1], [-5, 5, 1], [0, 5, 1], [5, 5, 1]];

test("each class is where its median is among all points", () => {
  const { u, v, classes } = points(nine);
  assert.deepEqual(placesInWords({ u, v }, classes, 10), [
    "at the lower left", "at the bottom", "at the lower right", "on the left", "in the middle", "on the right",
    "at the upper left", "at the top", "at the upper right", "",
  ]);
});

test("classes of one place share their words", () => {
  const words = ["on the left", "at the top", "on the left", "", "on the left"];
  assert.equal(describePlaces(["0", "1", "2", "3", "4"], words), "The 0s, 2s and 4s lie on the left; the 1s at the top.");
  assert.equal(describePlaces(["Coat", "Bag"], ["on the left", "at the top"]), "Coat lies on the left; Bag at the top.");
  assert.equal(describePlaces([], []), "");
});

const layout = { size: 400, gap: 20, margin: 10, before: [], taken: [300, 0, 400, 36] };
const on = (count) => new Array(count).fill(true);
const apart = (a, b) => Math.hypot(a[0] - b[0], a[1] - b[1]);

test("a name is written at its class's densest place, not at its mean", () => {
  // A class in two clouds, the left one twice as dense as the right one.
  const { u, v, classes } = points([[60, 100, 15], [60, 104, 15], [300, 300, 15]]);
  const one = classes.map(() => 0);
  const [place] = namePlaces(u, v, one, on(1), layout);
  assert.ok(apart(place, [60, 102]) < 15, `${place}`);
});

test("names keep apart, off the edges and off the buttons", () => {
  const { u, v, classes } = points([[200, 200, 25], [200, 200, 25], [202, 200, 25], [2, 2, 20], [380, 12, 30]]);
  const found = namePlaces(u, v, classes, on(5), layout);
  found.forEach((place, k) => {
    assert.ok(place, `${k} has none`);
    assert.ok(Math.min(...place) >= 10 && Math.max(...place) <= 390);
    assert.ok(place[0] < 300 || place[1] > 36);
    for (const other of found.slice(0, k)) assert.ok(apart(place, other) >= 20);
  });
});

test("classes that are hidden or out of view have no name", () => {
  const { u, v, classes } = points([[200, 200, 25], [100, 100, 25], [900, 100, 25]]);
  const found = namePlaces(u, v, classes, [true, false, true], layout);
  assert.deepEqual(found.map(Boolean), [true, false, false]);
});

test("a name stays where it was while its class is about as dense there", () => {
  const { u, v, classes } = points([[100, 100, 20], [300, 300, 20]]);
  const one = classes.map(() => 0);
  for (const before of [[105, 95], [295, 305]]) {
    const [place] = namePlaces(u, v, one, on(1), { ...layout, before: [before] });
    assert.ok(apart(place, before) < 15, `${place} from ${before}`);
  }
});

test("a map of classes without points draws no name", () => {
  const context = new Proxy({}, { get: () => assert.fail("drawn"), set: () => true });
  const props = { classes: new Uint8Array(0), classNames: [], visibleClasses: [] };
  const viewport = new Viewport({ u: [0, 1], v: [0, 1], probability: false }, 400);
  new ClassNames().draw(context, viewport, new Float32Array(0), new Float32Array(0), props, { text: "", ground: "", type: 1 });
});

test("long names are cut to letters that still tell them apart", () => {
  assert.deepEqual(shortNames([..."0123456789"]), [..."0123456789"]);
  assert.deepEqual(shortNames(["Sandal", "Shirt", "Sneaker", "Ankle boot"]), ["San", "Shi", "Sne", "Ank"]);
  assert.deepEqual(shortNames(["Trouser", "Trousseau"]), ["Trouse", "Trouss"]);
});
