// A drawing by a round pen.

import assert from "node:assert/strict";
import { test } from "node:test";

import { Drawing, PEN, SIDE } from "../../lens/web/maths/drawing.mjs";

const stroke = (drawing, ...places) => {
  drawing.begin(places[0]);
  for (const place of places.slice(1)) drawing.extend(place);
  drawing.end();
};
const area = (drawing) => drawing.square().reduce((sum, level) => sum + level, 0);
const level = (drawing, x, y) => drawing.square()[SIDE * y + x];

test("a dot is a disc of the pen's width, a stroke a bar with round ends", () => {
  const dot = new Drawing();
  stroke(dot, [100, 120]);
  const disc = (Math.PI * PEN ** 2) / 4;
  assert.ok(Math.abs(area(dot) / disc - 1) < 0.01);
  const bar = new Drawing();
  stroke(bar, [60, 60], [60, 130], [60, 200]);
  assert.ok(Math.abs(area(bar) / (disc + 140 * PEN) - 1) < 0.01);
  assert.ok(bar.square().every((each) => each >= 0 && each <= 1));
});

test("a stroke is seen up to the pen while it is drawn, and nothing changes when the pen is lifted", () => {
  const drawing = new Drawing();
  drawing.begin([50, 50]);
  assert.equal(level(drawing, 50, 50), 1);
  for (const place of [[150, 50], [150, 150], [60, 150]]) {
    drawing.extend(place);
    assert.equal(level(drawing, ...place), 1);
  }
  const before = drawing.square().slice();
  drawing.end();
  assert.deepEqual(drawing.square(), before);
});

test("corners of a quick stroke are round: no mark where the pen only seemed to turn", () => {
  const drawing = new Drawing();
  stroke(drawing, [40, 40], [240, 40], [240, 240]);
  assert.equal(level(drawing, 248, 32), 0);
  assert.equal(level(drawing, 140, 40), 1);
  assert.equal(level(drawing, 240, 140), 1);
});

test("undo takes back a stroke, a picture or a clearing, the last first", () => {
  const drawing = new Drawing();
  const picture = { square: new Float32Array(SIDE * SIDE).fill(0.5), ink: { width: 1, height: 1, levels: new Float32Array(1) } };
  const steps = [
    () => drawing.draw([[40, 40], [90, 45], [100, 100]]),
    () => drawing.place(picture),
    () => drawing.draw([[200, 200], [210, 230]]),
    () => drawing.clear(),
    () => drawing.draw([[70, 70]]),
  ];
  const seen = steps.map((step) => {
    const before = { square: drawing.square().slice(), empty: drawing.empty };
    step();
    return before;
  });
  assert.deepEqual(seen.map(({ empty }) => empty), [true, false, false, false, true]);
  for (const before of seen.reverse()) {
    drawing.undo();
    assert.deepEqual({ square: drawing.square(), empty: drawing.empty }, before);
  }
  drawing.undo();
  assert.ok(drawing.empty);
});

test("a picture is prepared from its own pixels until something is drawn on it", () => {
  const drawing = new Drawing();
  const picture = { square: new Float32Array(SIDE * SIDE), ink: { width: 2, height: 1, levels: new Float32Array([0, 1]) } };
  drawing.place(picture);
  assert.equal(drawing.ink(), picture.ink);
  drawing.draw([[70, 70]]);
  assert.equal(drawing.ink().width, SIDE);
  assert.equal(drawing.ink().levels[70 * SIDE + 70], 1);
});

test("a stroke may leave the square", () => {
  const drawing = new Drawing();
  stroke(drawing, [-50, -50], [140, 140], [400, 500]);
  assert.ok(area(drawing) > 0);
  stroke(drawing, [-100, 10]);
  assert.equal(drawing.items.length, 2);
});
