import assert from "node:assert/strict";
import { test } from "node:test";

import { drawAxes, ticks } from "../../lens/web/map/marks.mjs";
import { Viewport } from "../../lens/web/map/viewport.mjs";

const flat = new Viewport({ u: [-2, 6], v: [10, 30], probability: false }, 400);
const bell = new Viewport({ u: [-3, 3], v: [-3, 3], probability: true }, 400);
const close = (a, b, gap = 1e-9) => a.forEach((x, k) => assert.ok(Math.abs(x - b[k]) < gap, `${a} is not ${b}`));

test("corners and centre, v upwards", () => {
  close(flat.toPixels(-2, 30), [0, 0]);
  close(flat.toPixels(6, 10), [400, 400]);
  close(flat.centre, [2, 20]);
  close(flat.toPixels(2, 20), [200, 200]);
});

test("pixels to coordinates and back", () => {
  for (const viewport of [flat, bell]) {
    for (const point of [[13, 250], [200, 200], [399, 1]]) {
      close(viewport.toPixels(...viewport.fromPixels(...point)), point, 1e-3);
    }
  }
});

test("outside the square it is the nearest edge", () => {
  close(flat.fromPixels(-50, 900), [-2, 10]);
  // Of a probability axis 0.002 are left out at each end.
  close(bell.fromPixels(-50, 900), [-2.878162, -2.878162], 1e-4);
});

test("equal steps on a probability axis hold equal probability", () => {
  // The quartiles of the standard normal distribution.
  close([100, 200, 300].map((x) => bell.fromPixels(x, 0)[0]), [-0.67449, 0, 0.67449], 1e-4);
});

test("zooming leaves the place where it is", () => {
  const place = [4, 12];
  const frame = flat.zoomed(0.5, place);
  const closer = new Viewport(frame, 400);
  close(closer.toPixels(...place), flat.toPixels(...place));
  close([frame.u[1] - frame.u[0], frame.v[1] - frame.v[0]], [4, 10]);
  close(closer.zoomed(2, place).u, flat.frame.u);
});

test("a pinch keeps under the fingers what was under them", () => {
  // Two fingers at a and b move to c and d.
  const [a, b] = [[100, 120], [180, 120]];
  const [c, d] = [[90, 200], [250, 200]];
  const middle = (p, q) => [(p[0] + q[0]) / 2, (p[1] + q[1]) / 2];
  const after = new Viewport(flat.pinched(middle(a, b), middle(c, d), 160 / 80), 400);
  close(after.toPixels(...flat.fromPixels(...a)), c);
  close(after.toPixels(...flat.fromPixels(...b)), d);
});

test("a place outside widens the view just enough", () => {
  const wider = new Viewport(flat.widened(7, 20), 400);
  assert.ok(!flat.holds(7, 20));
  assert.ok(wider.holds(7, 20));
  close(wider.frame.u, [-2, 7 + 0.04 * 8]);
  // Both axes by one factor.
  const span = ([low, high]) => high - low;
  close([span(wider.frame.v) / span(flat.frame.v)], [span(wider.frame.u) / span(flat.frame.u)]);
});

test("ticks are four to eight round numbers in the range", () => {
  for (const range of [[-3.2, 3.9], [0.1, 0.5], [-40, 1200], [7, 7.001]]) {
    const found = ticks(range);
    assert.ok(found.length >= 4 && found.length <= 10, `${found}`);
    assert.ok(found.every((value) => value >= range[0] && value <= range[1]));
    const step = found[1] - found[0];
    assert.match((step / 10 ** Math.floor(Math.log10(step) + 1e-9)).toFixed(3), /^(1|2|5|10)\.000$/);
  }
});

test("an axis has numbers with the minus of mathematics", () => {
  const written = [];
  const context = new Proxy({ fillText: (text) => written.push(text) }, { get: (own, name) => own[name] ?? (() => {}) });
  drawAxes(context, new Viewport({ u: [-3, 3], v: [-3, 3] }, 400), { faint: "", text: "", type: 1 });
  assert.ok(written.includes("−2") && written.includes("0") && written.includes("2"), `${written}`);
  assert.ok(written.every((text) => !text.includes("-")));
});

test("zooming ends at a fifth and at twenty times the initial size", () => {
  const width = ({ u }) => u[1] - u[0];
  for (const [factor, most] of [[1 / 0.6, 5], [0.6, 1 / 20]]) {
    let now = flat;
    for (let press = 0; press < 30; press += 1) {
      now = new Viewport(now.zoomed(now.limited(factor, flat.frame), now.centre), 400);
    }
    close([width(now.frame) / width(flat.frame)], [most]);
    assert.equal(now.limited(factor, flat.frame).toFixed(9), "1.000000000");
  }
});

test("a view that was widened beyond the limit only zooms in", () => {
  const far = new Viewport(flat.widened(400, 20), 400);
  assert.equal(far.limited(1 / 0.6, flat.frame), 1);
  assert.equal(far.limited(0.6, flat.frame), 0.6);
});

test("a cursor leaves the view only within the first view, and the view follows it", () => {
  const home = { u: [-2, 6], v: [10, 30], probability: false };
  const closer = new Viewport({ u: [0, 2], v: [18, 23], probability: false }, 400);
  // 100 pixels are half a unit across and 1.25 upwards.
  close(closer.beyond(500, -100, home), [2.5, 24.25]);
  close(closer.beyond(9000, -9000, home), [6, 30]);
  const followed = closer.shifted(2.5, 24.25);
  close(followed.u, [0.5, 2.5]);
  close(followed.v, [19.25, 24.25]);
  close(closer.shifted(1, 20).u, [0, 2]);
  // Where the view is wider than the first one, its own edges hold.
  close(new Viewport({ u: [-9, 9], v: [0, 40], probability: false }, 400).beyond(500, 200, home), [9, 20]);
  assert.deepEqual(bell.beyond(-50, 900, home), bell.fromPixels(-50, 900));
});
