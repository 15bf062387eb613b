// The receipt against the example in its documentation, and against what a browser must not be made to run.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { minutes, receiptJson, receiptPage, summary } from "../../lens/web/lesson/receipt.mjs";

const DOCS = readFileSync(new URL("../../docs/receipt.md", import.meta.url), "utf8");
const [kept, written] = [...DOCS.matchAll(/```json\n([^]*?)```/g)].map(([, text]) => JSON.parse(text));
const signature = { name: " Ada ", made: new Date("2026-11-26T09:30:00Z") };

test("the JSON is the one in docs/receipt.md", () => {
  assert.deepEqual(receiptJson(kept, signature), written);
});

test("docs/receipt.md explains every key", () => {
  const keys = new Set();
  JSON.stringify(written, (key, value) => {
    if (key && !/^\d+$/.test(key)) keys.add(key);
    return value;
  });
  for (const key of keys) assert.match(DOCS, new RegExp(`^\\| \`(?:lessons\\[\\]\\.|steps\\[\\]\\.|deed\\.)*${key}\``, "m"), key);
});

test("the page has each answer, each deed and the minutes", () => {
  const page = receiptPage(kept, signature, "main { color: red }");
  for (const words of ["Ada", "26 November 2026", "the VAE's", "Roll the dice", "done, 10 times", "begun, 2 times", "did not", "2 minutes"]) {
    assert.ok(page.includes(words), words);
  }
  assert.ok(page.includes("<style>\nmain { color: red }</style>"));
  assert.ok(page.includes("1 of 2 lessons finished · 1 of 2 predictions came true · 3 minutes"));
});

test("lessons stand in the order in which they were begun, whatever their keys", () => {
  const lesson = (started) => ({ title: started, started, seconds: 61, finished: null, steps: [] });
  const progress = { version: 1, lessons: { z: lesson("2026-01-01"), a: lesson("2026-01-03"), m: lesson("2026-01-02") } };
  assert.deepEqual(receiptJson(progress, signature).lessons.map(({ key }) => key), ["z", "m", "a"]);
});

test("what a lesson or a pupil wrote is text, never HTML", () => {
  const evil = '<script>alert("1")</script><img src=x onerror=alert(1)>';
  const step = { title: evil, answer: 0, words: evil, right: true, sketch: null, deed: null };
  const progress = { version: 1, lessons: { evil: { title: evil, started: evil, seconds: 1, finished: null, steps: [step] } } };
  const page = receiptPage(progress, { name: `"${evil}`, made: signature.made }, "");
  assert.equal((page.match(/<script|<img/g) ?? []).length, 0);
  assert.ok(page.includes('value="&quot;&lt;script&gt;'));
});

test("nothing begun is a sentence", () => {
  const nothing = { version: 1, lessons: {} };
  assert.ok(receiptPage(nothing, signature, "").includes("No lesson was begun"));
  assert.deepEqual(receiptJson(nothing, signature).lessons, []);
});

test("counts and minutes are worded", () => {
  assert.equal(minutes(59), "under a minute");
  assert.equal(minutes(60), "1 minute");
  assert.equal(minutes(151), "3 minutes");
  assert.equal(summary([{ title: "", started: "", seconds: 200, finished: "", steps: [] }]), "1 of 1 lesson finished · 3 minutes");
});
