// A drawing by a round pen.

import assert from "node:assert/strict";
import { test } from "node:test";

import { Drawing, PEN, SIDE } from "../../lens/web/maths/drawing.mjs";

const stroke = (drawing, ...places) => {
  drawing.begin(places[0]);
  for (const place of places.slice(1)) drawing.extend(place);
  drawing.end();
};
const area = (drawing) => drawing.ink().levels.reduce((sum, level) => sum + level, 0);
const level = (drawing, x, y) => drawing.ink().levels[SIDE * y + x];

test("a dot is a disc of the pen's width, a stroke a bar with round ends", () => {
  const dot = new Drawing();
  stroke(dot, [100, 120]);
  const disc = (Math.PI * PEN ** 2) / 4;
  assert.ok(Math.abs(area(dot) / disc - 1) < 0.01);
  const bar = new Drawing();
  stroke(bar, [60, 60], [60, 130], [60, 200]);
  assert.ok(Math.abs(area(bar) / (disc + 140 * PEN) - 1) < 0.01);
  assert.ok(bar.ink().levels.every((each) => each >= 0 && each <= 1));
});

test("a stroke is seen up to the pen while it is drawn, and nothing changes when the pen is lifted", () => {
  const drawing = new Drawing();
  drawing.begin([50, 50]);
  assert.equal(level(drawing, 50, 50), 1);
  for (const place of [[150, 50], [150, 150], [60, 150]]) {
    drawing.extend(place);
    assert.equal(level(drawing, ...place), 1);
  }
  const before = drawing.ink().levels.slice();
  drawing.end();
  assert.deepEqual(drawing.ink().levels, before);
});

test("corners of a quick stroke are round: no mark where the pen only seemed to turn", () => {
  const drawing = new Drawing();
  stroke(drawing, [40, 40], [240, 40], [240, 240]);
  assert.equal(level(drawing, 248, 32), 0);
  assert.equal(level(drawing, 140, 40), 1);
  assert.equal(level(drawing, 240, 140), 1);
});

test("undo takes back one stroke or picture after another; clear all of them", () => {
  const drawing = new Drawing();
  const seen = [drawing.ink().levels.slice()];
  stroke(drawing, [40, 40], [90, 45], [100, 100]);
  seen.push(drawing.ink().levels.slice());
  drawing.place(new Float32Array(SIDE * SIDE).fill(0.5));
  seen.push(drawing.ink().levels.slice());
  assert.ok(drawing.picture);
  stroke(drawing, [200, 200], [210, 230]);
  assert.equal(drawing.picture, null);
  for (const expected of seen.reverse()) {
    drawing.undo();
    assert.deepEqual(drawing.ink().levels, expected);
  }
  assert.ok(drawing.empty);
  drawing.undo();
  stroke(drawing, [40, 40]);
  drawing.clear();
  assert.ok(drawing.empty);
  assert.equal(area(drawing), 0);
});

test("a stroke may leave the square", () => {
  const drawing = new Drawing();
  stroke(drawing, [-50, -50], [140, 140], [400, 500]);
  assert.ok(area(drawing) > 0);
  stroke(drawing, [-100, 10]);
  assert.equal(drawing.items.length, 2);
});
