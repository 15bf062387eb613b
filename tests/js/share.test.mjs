// Links for a class, the trail of the laser pointer, and the size of a QR code.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";

import { WORDS, wordsOf } from "../../lens/web/share/controls.mjs";
import { askedBy, isOwn, linkTo, startsOf } from "../../lens/web/share/link.mjs";
import { qr } from "../../lens/web/share/qr.mjs";
import { dot, LIFE, recent, REST, strokes } from "../../lens/web/share/trail.mjs";

const NOTHING = { hide: [], locked: false, present: false };

test("a link has what is asked, once, and reads well", () => {
  const here = "http://school.example:8501/lab/explore?z=0.5%2C1&hide=cost&present=1";
  assert.deepEqual(askedBy(here), { hide: ["cost"], locked: false, present: true });
  const [now, start] = startsOf(here);
  assert.equal(linkTo(now.href, NOTHING), "http://school.example:8501/lab/explore?z=0.5,1");
  assert.equal(linkTo(start.href, NOTHING), "http://school.example:8501/lab/explore");
  const asked = { hide: ["cost", "pins"], locked: true, present: true };
  const link = linkTo(now.href, asked);
  assert.equal(link, "http://school.example:8501/lab/explore?z=0.5,1&hide=cost,pins&locked=1&present=1");
  assert.deepEqual(askedBy(link), asked);
});

test("a link can lead to a lesson's step, to the lesson and to the list", () => {
  const searches = (/** @type {string} */ href) => startsOf(href).map(({ href: found }) => new URL(found).search);
  assert.deepEqual(searches("http://a/learn?lesson=holes&step=3"), ["?lesson=holes&step=3", "?lesson=holes", ""]);
  assert.deepEqual(searches("http://a/learn?lesson=holes&locked=1"), ["?lesson=holes", ""]);
  assert.deepEqual(searches("http://a/learn?present=1"), [""]);
  assert.deepEqual(searches("http://a/"), [""]);
  assert.deepEqual(searches("http://a/?class=7b"), ["?class=7b"]);
  assert.deepEqual(searches("http://a/?z=1&class=7b"), ["?z=1&class=7b", "?class=7b"]);
  assert.deepEqual(searches("http://a/learn?class=7b&lesson=kl&locked=1").slice(-1), ["?class=7b"]);
});

test("addresses that others can't open are known", () => {
  for (const host of ["http://localhost:8501", "http://127.0.0.1", "http://[::1]:80", "http://0.0.0.0:8501", "http://a.localhost"]) {
    assert.ok(isOwn(new URL(host).hostname), host);
  }
  for (const host of ["http://192.168.0.7:8501", "https://localhost.example", "http://lab.local", "http://127.example"]) {
    assert.ok(!isOwn(new URL(host).hostname), host);
  }
});

test("a code is a square with a quiet zone of four modules; what is too long has none", () => {
  const found = qr("http://localhost:8501/");
  assert.ok(found);
  // 17 + 4 modules for each version, ISO/IEC 18004.
  assert.equal((found.size - 8 - 17) % 4, 0);
  assert.match(found.path, /^M4 4h7v1h-7z/);
  assert.equal(qr("x".repeat(4000)), null);
});

test("the trail fades, and the dot stays a while longer", () => {
  const places = [0, 100, 200].map((time) => ({ x: time, y: 0, time }));
  const fresh = strokes(places, 200);
  assert.deepEqual(fresh.map(({ to }) => to.x), [100, 200]);
  assert.ok(fresh[0].left < fresh[1].left);
  assert.equal(fresh[1].left, 1);
  assert.deepEqual(strokes(places, 200 + LIFE), []);
  assert.deepEqual(recent(places, 150 + LIFE).map(({ x }) => x), [100, 200]);
  assert.deepEqual(recent(places, 300 + LIFE).map(({ x }) => x), [200]);
  assert.equal(dot(0), 1);
  assert.ok(dot(REST - 100) > 0);
  assert.equal(dot(REST), 0);
});

test("each control of a view is called something else", () => {
  const vocabulary = new URL("../../aemodels/lessons/vocabulary.json", import.meta.url);
  /** @type {{controls: string[]}[]} */
  const views = Object.values(JSON.parse(readFileSync(vocabulary, "utf-8")).views);
  for (const { controls } of views) assert.equal(new Set(controls.map(wordsOf)).size, controls.length);
  const known = new Set(["pickers", ...views.flatMap(({ controls }) => controls)]);
  assert.deepEqual(Object.keys(WORDS).filter((name) => !known.has(name)), []);
  assert.equal(wordsOf("take-home"), "take home");
});
