// Whoever logs in or out comes back to where they were, once; a visit to the first page by itself stays there.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";
import vm from "node:vm";

const script = readFileSync(new URL("../../lens/web/after_login.js", import.meta.url), "utf-8");
const TRAIN = "http://lab.example/course/train?class=7b&run=mine";
const FIRST = "http://lab.example/course/";

/** A tab that has loaded this address; `went` is where it was led on to. */
function load(href, storage, now) {
  const window = { document: new EventTarget(), went: null };
  window.location = new URL(href);
  window.location.replace = (address) => (window.went = address);
  Object.defineProperty(window, "sessionStorage", { get: storage });
  // A button within the container of its widget.
  window.Element = class extends EventTarget {
    constructor(around) {
      super();
      this.closest = (selector) => (selector.includes(around) ? this : null);
    }
  };
  const context = vm.createContext({ URL, Number, Date: { now: () => now } });
  vm.runInContext(script, context);
  context.returnAfterLogin(window);
  window.press = (around) => {
    const event = new Event("click");
    Object.defineProperty(event, "target", { value: new window.Element(around) });
    window.document.dispatchEvent(event);
  };
  return window;
}

function memory() {
  const kept = new Map();
  return {
    getItem: (name) => kept.get(name) ?? null,
    setItem: (name, text) => kept.set(name, text),
    removeItem: (name) => kept.delete(name),
  };
}

for (const button of ["st-key-log_in_", "st-key-log_out"]) {
  test(`back to the page and the class after ${button}`, () => {
    const storage = memory();
    load(TRAIN, () => storage, 0).press(button);
    assert.equal(load(FIRST, () => storage, 60_000).went, TRAIN);
    assert.equal(load(FIRST, () => storage, 61_000).went, null, "once only");
  });
}

test("nobody is led away who pressed something else, came late or asks for another page", () => {
  const storage = memory();
  load(TRAIN, () => storage, 0).press("st-key-train");
  assert.equal(load(FIRST, () => storage, 1).went, null);
  load(TRAIN, () => storage, 0).press("st-key-log_in_");
  assert.equal(load(FIRST, () => storage, 601_000).went, null);
  for (const other of [`${FIRST}compare`, `${FIRST}?class=8a`]) {
    load(TRAIN, () => storage, 0).press("st-key-log_in_");
    assert.equal(load(other, () => storage, 1).went, null);
    assert.equal(load(FIRST, () => storage, 2).went, null);
  }
});

test("a frame without storage works as before", () => {
  const forbidden = () => {
    throw new Error("SecurityError");
  };
  const window = load(FIRST, forbidden, 0);
  window.press("st-key-log_in_");
  assert.equal(window.went, null);
});
