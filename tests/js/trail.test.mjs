import assert from "node:assert/strict";
import { test } from "node:test";

import { drawTrail, Trail } from "../../lens/web/map/trail.mjs";
import { Viewport } from "../../lens/web/map/viewport.mjs";

const viewport = new Viewport({ u: [0, 1000], v: [0, 1000], probability: false }, 1000);

/** A context that notes the opacity of each line and where it leads. */
function recorder() {
  const lines = [];
  return {
    lines,
    globalAlpha: 1,
    beginPath() {
      lines.push({ alpha: this.globalAlpha, points: [] });
    },
    lineTo(x, y) {
      lines.at(-1).points.push([x, 1000 - y]);
    },
    stroke() {},
  };
}

function walked(steps) {
  const trail = new Trail();
  for (let k = 0; k < steps; k += 1) trail.add([k, 2 * k]);
  return trail;
}

test("it keeps the last places, oldest first", () => {
  const trail = walked(1000);
  assert.equal(trail.length, 400);
  assert.deepEqual(trail.at(0), [600, 1200]);
  assert.deepEqual(trail.at(399), [999, 1998]);
});

test("rest adds nothing", () => {
  const trail = walked(5);
  trail.add([4, 8]);
  assert.equal(trail.length, 5);
});

test("the line leads through every place once and fades towards the oldest", () => {
  for (const steps of [2, 3, 5, 100, 450]) {
    const context = recorder();
    const trail = walked(steps);
    drawTrail(context, viewport, trail, "black");
    const places = context.lines.flatMap(({ points }, k) => (k ? points.slice(1) : points));
    const wanted = Array.from({ length: trail.length }, (_, k) => trail.at(k));
    assert.deepEqual(places.map((place) => place.map(Math.round)), wanted);
    const alphas = context.lines.map(({ alpha }) => alpha);
    assert.deepEqual(alphas, alphas.toSorted((a, b) => a - b));
    assert.equal(alphas.at(-1), 1);
    assert.equal(context.globalAlpha, 1);
  }
});

test("a cleared or new trail draws nothing", () => {
  const trail = walked(30);
  trail.clear();
  for (const one of [trail, new Trail(), walked(1)]) {
    const context = recorder();
    drawTrail(context, viewport, one, "black");
    assert.deepEqual(context.lines, []);
  }
});
