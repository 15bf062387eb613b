// Lessons: deeds are counted as they are asked for, steps know their view and their reveal, what is lit gets into view.

import assert from "node:assert/strict";
import { test } from "node:test";

import { answered, answeredBy, deedsDone, isDone, nextLesson, pageStep } from "../../lens/web/lesson/course.mjs";
import { DeedCount, meets } from "../../lens/web/lesson/deeds.mjs";
import { forget, read, write } from "../../lens/web/lesson/progress.mjs";
import { Record } from "../../lens/web/lesson/record.mjs";
import { shiftInto } from "../../lens/web/lesson/scrolling.mjs";
import { centreOf, countNear } from "../../lens/web/maths/circle_count.mjs";

const deed = (changes) => ({ event: "sampled", times: 1, distinct: null, where: [], ...changes });
const step = (changes) => ({ page: null, reveal: "", answers: [], ...changes });

test("a deed is done after so many of its events, and of no others", () => {
  const count = new DeedCount(deed({ times: 3 }));
  assert.equal(count.hear("moved", {}), false);
  assert.equal(count.hear("sampled", {}), true);
  assert.equal(count.hear("sampled", {}), true);
  assert.equal(count.done, false);
  assert.equal(count.hear("sampled", {}), true);
  assert.equal(count.done, true);
  assert.equal(count.hear("sampled", {}), false, "it counts on after the end");
  assert.equal(count.times, 3);
});

test("different values are counted once each, and what has no value not at all", () => {
  const count = new DeedCount(deed({ event: "input", times: 2, distinct: "class" }));
  assert.equal(count.hear("input", { class: "1" }), true);
  assert.equal(count.hear("input", { class: "1" }), false);
  assert.equal(count.hear("input", { drawn: true }), false);
  assert.equal(count.hear("input", { class: "7" }), true);
  assert.equal(count.done, true);
});

test("an event that doesn't meet every condition doesn't count", () => {
  const where = [
    { fact: "gap", test: ">=", value: 2 },
    { fact: "read", test: "!=", value: "3" },
  ];
  const count = new DeedCount(deed({ event: "moved", where }));
  assert.equal(count.hear("moved", { gap: 1.9, read: "4" }), false);
  assert.equal(count.hear("moved", { gap: 2, read: "3" }), false);
  assert.equal(count.hear("moved", { read: "4" }), false);
  assert.equal(count.hear("moved", { gap: 2, read: "4" }), true);
});

test("conditions compare numbers as numbers, and all else by its name", () => {
  const cases = [
    ["=", 0.5, 0.5, true], ["=", "0", 0, true], ["=", true, true, true], ["=", true, "true", true], ["=", 1, 2, false],
    ["!=", 1, 2, true], ["!=", "a", "a", false], ["<", 1, 2, true], ["<", 2, 2, false], ["<=", 2, 2, true], [">", 2, 2, false],
    [">", 3, 2, true], [">=", 2, 2, true], ["<", "1", 2, false], [">", "b", "a", false],
  ];
  for (const [name, found, value, wanted] of cases) {
    assert.equal(meets({ fact: "x", test: name, value }, { x: found }), wanted, `${found} ${name} ${value}`);
  }
  assert.equal(meets({ fact: "x", test: "!=", value: 1 }, {}), false);
});

test("a step without a page goes on with the last one before it", () => {
  const steps = [step({ page: {} }), step(), step({ page: {} }), step()];
  assert.deepEqual([0, 1, 2, 3, 4].map((at) => pageStep(steps, at)), [0, 0, 2, 2, 2]);
  assert.equal(pageStep([step(), step()], 1), -1);
});

test("a reveal answers the questions since the last reveal, its own among them", () => {
  const asks = { answers: [{}, {}] };
  const steps = [step(asks), step({ reveal: "a" }), step(asks), step(asks), step({ ...asks, reveal: "b" }), step(asks)];
  assert.deepEqual(steps.map((_, k) => answered(steps, k)), [[], [0], [], [], [2, 3, 4], []]);
  assert.deepEqual(steps.map((_, k) => answeredBy(steps, k)), [1, 1, 4, 4, 4, -1]);
});

test("a step is done once all that it asks for is", () => {
  const asked = { answers: [{}, {}], sketch: null, deed: {} };
  const known = (answer, done) => ({ answer, sketch: null, deed: { done } });
  assert.equal(isDone(asked, known(1, true), false), true);
  assert.equal(isDone(asked, known(null, true), true), false);
  assert.equal(isDone(asked, known(0, false), true), false);
  assert.equal(isDone({ answers: [], sketch: 4, deed: null }, { sketch: null, deed: null }, true), false);
  assert.equal(isDone({ answers: [], sketch: 4, deed: null }, { sketch: [0, 1], deed: null }, false), true);
  const nothing = { answers: [], sketch: null, deed: null };
  assert.deepEqual([true, false].map((passed) => isDone(nothing, {}, passed)), [true, false]);
});

test("one goes on with the lesson begun last, else with the first that isn't finished", () => {
  const lessons = ["a", "b", "c", "d"].map((key) => ({ key }));
  const begun = (started, finished = null) => ({ started, finished });
  assert.equal(nextLesson(lessons, {}).key, "a");
  assert.equal(nextLesson(lessons, { a: begun("2026-01-01", "2026-01-01") }).key, "b");
  const both = { b: begun("2026-01-02"), c: begun("2026-01-03"), d: begun("2026-01-04", "2026-01-04") };
  assert.equal(nextLesson(lessons, both).key, "c");
  assert.equal(nextLesson([{ key: "d" }], both), undefined);
  assert.deepEqual(deedsDone({ steps: [{ deed: null }, { deed: { done: true } }, { deed: { done: false } }] }), { done: 1, all: 2 });
});

test("what is lit is scrolled into the free part of the window, no farther than needed", () => {
  const free = { top: 60, bottom: 500 };
  assert.equal(shiftInto([{ top: 100, bottom: 300 }], free, 10), 0);
  assert.equal(shiftInto([{ top: 600, bottom: 640 }], free, 10), 150);
  assert.equal(shiftInto([{ top: 20, bottom: 50 }], free, 10), -50);
  // One that is too high shows its upper end.
  assert.equal(shiftInto([{ top: 300, bottom: 900 }], free, 10), 230);
  // Two that fit together are both brought into view; one too far away is left.
  assert.equal(shiftInto([{ top: 400, bottom: 480 }, { top: 520, bottom: 560 }], free, 10), 70);
  assert.equal(shiftInto([{ top: 400, bottom: 480 }, { top: 2000, bottom: 2040 }], free, 10), 0);
});

test("a class has a centre on the map, and so many of its points lie in a circle", () => {
  const points = { u: Float32Array.of(0, 2, 4, 9), v: Float32Array.of(0, 0, 3, 9) };
  const classes = [4, 4, 4, 9];
  assert.deepEqual(centreOf(points, classes, 4), [2, 1]);
  assert.deepEqual(countNear(points, classes, 4, [1, 0], [1, 0.5]), { near: 2, all: 3 });
  assert.deepEqual(countNear(points, classes, 9, [1, 0], [1, 1]), { near: 0, all: 1 });
});

test("progress is kept where the browser keeps it, and while the page is open where it doesn't", () => {
  const lesson = { title: "Holes", started: "2026-01-01T00:00:00.000Z", seconds: 1, finished: null, steps: [] };
  const store = new Map();
  globalThis.localStorage = { getItem: (key) => store.get(key) ?? null, setItem: (key, value) => store.set(key, value) };
  assert.deepEqual(read(), { version: 1, lessons: {} });
  write({ version: 1, lessons: { holes: lesson, kl: lesson } });
  assert.deepEqual(JSON.parse(store.get("latent-lab.lessons")).lessons.holes, lesson);
  forget("holes");
  assert.deepEqual(Object.keys(read().lessons), ["kl"]);
  for (const words of ["{", "null", "[]", '{"version":2,"lessons":{}}', '{"version":1,"lessons":null}', '{"version":1,"lessons":{"kl":{"title":"KL"}}}']) {
    store.set("latent-lab.lessons", words);
    assert.deepEqual(read(), { version: 1, lessons: {} }, words);
  }
  const refuse = () => {
    throw new DOMException("no", "SecurityError");
  };
  globalThis.localStorage = { getItem: refuse, setItem: refuse };
  write({ version: 1, lessons: { beta: lesson } });
  assert.deepEqual(Object.keys(read().lessons), ["beta"]);
  forget();
  assert.deepEqual(read().lessons, {});
});

test("a record is kept as it changes, and is found again for the same steps alone", () => {
  const store = new Map();
  globalThis.localStorage = { getItem: (key) => store.get(key) ?? null, setItem: (key, value) => store.set(key, value) };
  const card = { key: "holes", title: "Holes" };
  const bare = { sketch: null, deed: null, ...step() };
  const steps = [
    { ...bare, title: "Guess", answers: [{ right: false }, { right: true }] },
    { ...bare, title: "Roll", deed: deed({ event: "rolled", times: 2 }), reveal: "so" },
    { ...bare, title: "Read", reveal: "and so" },
  ];
  const record = new Record(card, steps);
  assert.equal(read().lessons.holes.title, "Holes");
  record.answer(0, 1, "the VAE's");
  record.enter(1);
  assert.equal(record.hear(1, "sampled", {}), false);
  assert.equal(record.hear(1, "rolled", {}), true);
  assert.equal(record.isRevealed(1), false);
  assert.equal(record.hear(1, "rolled", {}), true);
  assert.equal(record.isRevealed(1), true);
  assert.equal(record.hear(1, "rolled", {}), false, "a deed that is done counts on");
  assert.equal(record.isRevealed(2), false, "it was revealed before anybody asked");
  record.asked.add(2);
  assert.equal(record.isRevealed(2), true);
  assert.deepEqual(record.done(1), [true, true, false]);
  record.tick();
  record.enter(3);
  const again = new Record(card, steps);
  assert.deepEqual(again.progress, read().lessons.holes);
  const [guess, roll] = again.progress.steps;
  assert.deepEqual([guess.answer, guess.words, guess.right], [1, "the VAE's", true]);
  assert.deepEqual(roll.deed, { event: "rolled", times: 2, done: true });
  assert.equal(again.progress.seconds, 1);
  assert.ok(again.progress.finished);
  assert.deepEqual(again.done(0), [true, true, true]);
  const others = new Record(card, [steps[0], { ...steps[1], title: "Draw" }, steps[2]]);
  assert.equal(others.progress.steps[0].answer, null);
});

test("a record of a lesson whose file was changed since begins anew", () => {
  const store = new Map();
  globalThis.localStorage = { getItem: (key) => store.get(key) ?? null, setItem: (key, value) => store.set(key, value) };
  const bare = { sketch: null, deed: null, ...step() };
  const guess = { ...bare, title: "Guess", answers: [{ right: true }, { right: false }, { right: false }] };
  const look = { ...bare, title: "Look", reveal: "so" };
  const said = () => {
    const record = new Record({ key: "own", title: "Mine" }, [guess, look]);
    record.answer(0, 2, "neither");
  };
  const kept = (steps) => {
    said();
    return new Record({ key: "own", title: "Ours" }, steps).progress.steps[0].answer === 2;
  };
  assert.ok(kept([guess, { ...look, reveal: "and so" }]));
  assert.equal(read().lessons.own.title, "Ours");
  assert.ok(!kept([{ ...guess, answers: guess.answers.slice(0, 2) }, look]), "an answer that is gone");
  assert.ok(!kept([{ ...guess, answers: [{ right: false }, { right: false }, { right: true }] }, look]), "another is right");
  assert.ok(!kept([guess, { ...look, deed: deed() }]), "a deed that could never be done");
});

test("a lesson's progress that isn't whole is left out", () => {
  const part = { title: "Guess", answer: null, words: null, right: null, sketch: null, deed: null };
  const whole = { title: "Holes", started: "2026-01-01T00:00:00.000Z", seconds: 1, finished: null, steps: [part] };
  const known = (lesson) => {
    const words = JSON.stringify({ version: 1, lessons: { holes: lesson } });
    globalThis.localStorage = { getItem: () => words, setItem: () => {} };
    return Object.keys(read().lessons).length === 1;
  };
  assert.ok(known(whole));
  for (const change of [{ started: 5 }, { started: undefined }, { seconds: null }, { finished: 1 }]) {
    assert.ok(!known({ ...whole, ...change }), JSON.stringify(change));
  }
  for (const change of [{ answer: "1" }, { words: 7 }, { right: 1 }, { sketch: ["a", 1] }, { deed: 7 }, { deed: {} }, { sketch: undefined }]) {
    assert.ok(!known({ ...whole, steps: [{ ...part, ...change }] }), JSON.stringify(change));
  }
});
