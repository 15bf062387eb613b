// What becomes an entry of the browser's history, with a history that only counts.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";
import vm from "node:vm";

const script = readFileSync(new URL("../../lens/web/history.js", import.meta.url), "utf-8");

/** A window whose entries are a list of addresses. @param {string} address */
function browser(address) {
  const window = new EventTarget();
  const entries = [new URL(address, "http://localhost/").href];
  window.location = new URL(entries[0]);
  const go = (url) => {
    window.location.href = new URL(url, window.location.href).href;
  };
  window.history = {
    pushState: (_state, _unused, url) => {
      go(url);
      entries.push(window.location.href);
    },
    replaceState: (_state, _unused, url) => {
      go(url);
      entries[entries.length - 1] = window.location.href;
    },
  };
  const context = vm.createContext({ URL, URLSearchParams });
  vm.runInContext(script, context);
  context.keepHistory(window, ["z", "t"]);
  return {
    push: (url) => window.history.pushState({}, "", url),
    act: (type = "pointerdown") => window.dispatchEvent(new Event(type)),
    entries: () => entries.map((entry) => entry.replace("http://localhost", "")),
  };
}

test("what is dragged belongs to its entry, what is chosen makes one", () => {
  const { push, act, entries } = browser("/?z=1,2");
  act();
  push("/?z=1.5,2");
  push("/?z=1.5%2C2.5");
  assert.deepEqual(entries(), ["/?z=1.5%2C2.5"]);
  push("/?model=ae");
  push("/?model=ae&z=0,0");
  push("/?model=ae&latents=16&z=0,1");
  push("/");
  assert.deepEqual(entries(), ["/?z=1.5%2C2.5", "/?model=ae&z=0,0", "/?model=ae&latents=16&z=0,1", "/"]);
});

test("an entry that nobody has touched is completed", () => {
  const { push, act, entries } = browser("/?latents=7");
  push("/");
  assert.deepEqual(entries(), ["/"]);
  for (const type of ["pointerdown", "keydown", "click", "input"]) {
    act(type);
    push("/compare");
    push("/compare?latents=16");
    assert.deepEqual(entries().slice(-1), ["/compare?latents=16"]);
    act(type);
    push("/compare?latents=2");
    push("/");
    push("/?model=ae");
  }
  assert.equal(entries().length, 1 + 4 * 3);
});

test("after Back, what the page makes of the address belongs to that entry", () => {
  const { push, act, entries } = browser("/");
  act();
  push("/?model=ae");
  act("popstate");
  push("/?model=pca");
  assert.deepEqual(entries(), ["/", "/?model=pca"]);
});

test("a button that leads to another page leaves the entry of its own page as it was", () => {
  for (const early of ["?models=ae,vae", ""]) {
    for (const start of ["/families?family=sparse", "/families?z=1,2"]) {
      const { push, act, entries } = browser(start);
      act();
      push(`/families${early}`);
      push(`/compare${early}`);
      push("/compare");
      assert.deepEqual(entries(), [start, "/compare"]);
    }
  }
});

test("a choice is an entry of its own before a page that is gone to", () => {
  const { push, act, entries } = browser("/");
  act();
  push("/?model=ae");
  act();
  push("/compare");
  assert.deepEqual(entries(), ["/", "/?model=ae", "/compare"]);
});
