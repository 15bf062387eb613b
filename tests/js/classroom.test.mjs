// What a link asks of every page stays in the address, makes no entry in the history, and can be left.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";
import vm from "node:vm";

const [history, classroom] = ["history", "classroom"].map((name) =>
  readFileSync(new URL(`../../lens/web/${name}.js`, import.meta.url), "utf-8"),
);
const PAGES = ["", "compare", "learn"];

/** A page at this address, with a history that only counts. @param {string} address */
function browser(address) {
  const window = new EventTarget();
  const entries = [new URL(address, "http://localhost/").href];
  window.location = new URL(entries[0]);
  const write = (url) => {
    window.location.href = new URL(url, window.location.href).href;
    return window.location.href;
  };
  window.history = {
    pushState: (_state, _unused, url) => entries.push(write(url)),
    replaceState: (_state, _unused, url) => {
      entries[entries.length - 1] = write(url);
    },
  };
  window.setTimeout = setTimeout;
  window.HTMLAnchorElement = class {
    constructor(href) {
      this.href = new URL(href, window.location.href).href;
    }
    hasAttribute(name) {
      return name === "href";
    }
    getAttribute() {
      return this.href;
    }
    setAttribute(_name, href) {
      this.href = href;
    }
  };
  window.Element = class {
    attachShadow() {
      return {};
    }
  };
  const sheets = [];
  window.CSSStyleSheet = class {
    constructor() {
      this.rules = "";
      sheets.push(this);
    }
    replaceSync(rules) {
      this.rules = rules;
    }
  };
  const root = { dataset: {}, present: false, toggleAttribute: (_name, on) => (root.present = on) };
  window.document = Object.assign(new EventTarget(), { documentElement: root });
  const context = vm.createContext({ URL, URLSearchParams });
  vm.runInContext(`${history}\n${classroom}`, context);
  context.keepHistory(window, ["hide", "locked", "present", "z"]);
  const loaded = [];
  const modules = { "projector.mjs": { project: (end) => ((window.end = end), () => loaded.push("stopped")) } };
  const known = { pages: PAGES, controls: ["cost", "pins"], projected: ".hint {}" };
  context.keepClassroom(window, known, async (name) => {
    loaded.push(name);
    return modules[name] ?? { say: () => {} };
  });
  return {
    window,
    root,
    loaded,
    sheets,
    push: (url) => window.history.pushState({}, "", url),
    act: () => window.dispatchEvent(new Event("pointerdown")),
    entries: () => entries.map((entry) => entry.replace("http://localhost", "").replaceAll("%2C", ",")),
    /** Follow a link; returns where it leads, null where it is stopped. */
    follow: (href) => {
      const anchor = new window.HTMLAnchorElement(href);
      const event = new Event("click", { cancelable: true });
      event.composedPath = () => [anchor];
      window.dispatchEvent(event);
      return event.defaultPrevented ? null : anchor.href.replace("http://localhost", "").replaceAll("%2C", ",");
    },
  };
}

test("the three go along to every page and step, without an entry of their own", () => {
  const { push, act, entries } = browser("/?hide=cost,pins&locked=1&present=1");
  const asked = "hide=cost,pins&locked=1&present=1";
  act();
  push("/?z=1");
  assert.deepEqual(entries(), [`/?z=1&${asked}`]);
  act();
  push("/compare");
  push("/compare?models=ae,vae");
  act();
  push("/learn?lesson=holes");
  assert.deepEqual(entries().slice(1), [`/compare?models=ae,vae&${asked}`, `/learn?lesson=holes&${asked}`]);
});

test("a class goes along too, if its name is one", () => {
  for (const name of ["7b", "Klasse 7.b", "९ब", "7-b_"]) {
    const { push, act, entries } = browser(`/?${new URLSearchParams({ class: name })}`);
    act();
    push("/train");
    assert.equal(new URL(entries().at(-1), "http://localhost").searchParams.get("class"), name);
  }
  for (const name of ["", "-7b", "<b>", "7/b", "x".repeat(31)]) {
    const { push, act, entries } = browser(`/?${new URLSearchParams({ class: name })}`);
    act();
    push("/train");
    assert.deepEqual(entries().slice(-1), ["/train"]);
  }
});

test("without them, addresses stay as they are", () => {
  const { push, act, entries, follow, root } = browser("/");
  act();
  push("/?model=ae&z=1,2");
  assert.deepEqual(entries(), ["/", "/?model=ae&z=1,2"]);
  assert.equal(follow("/compare?models=a,b"), "/compare?models=a,b");
  assert.deepEqual(Object.keys(root.dataset), ["classroom"]);
});

test("a control that doesn't exist hides nothing", () => {
  const { sheets, push, entries } = browser("/?hide=cost,body,*");
  assert.match(sheets[0].rules, /"cost"/);
  assert.doesNotMatch(sheets[0].rules, /body|\*/);
  push("/compare");
  assert.deepEqual(entries().slice(-1), ["/compare?hide=cost"]);
});

test("every view that is mounted has the styles of what is hidden and of projector mode", () => {
  const { window, sheets } = browser("/?hide=pins&present=1");
  const shadow = new window.Element().attachShadow({ mode: "open" });
  assert.deepEqual([...shadow.adoptedStyleSheets], sheets);
  assert.match(sheets[1].rules, /hint/);
  assert.equal(sheets[1].disabled, false);
});

test("links within the app take the three along; a locked page has none that leave it", () => {
  const free = browser("/learn?lesson=holes&present=1");
  assert.equal(free.follow("/compare?models=a"), "/compare?models=a&present=1");
  assert.equal(free.follow("/handout?lessons=holes"), "/handout?lessons=holes");
  assert.equal(free.follow("https://arxiv.org/abs/1312.6114"), "https://arxiv.org/abs/1312.6114");
  const locked = browser("/learn?lesson=holes&locked=1");
  assert.equal(locked.follow("/compare?models=a"), null);
  assert.deepEqual(locked.loaded, ["locked.mjs"]);
  assert.equal(locked.follow("/learn?lesson=kl"), "/learn?lesson=kl&locked=1");
});

test("projector mode begins and ends by a key or its button, in the entry on show", async () => {
  const { window, root, loaded, entries, push, act } = browser("/?present=1");
  window.document.dispatchEvent(new Event("DOMContentLoaded"));
  await new Promise((done) => setTimeout(done));
  assert.deepEqual(loaded, ["projector.mjs"]);
  act();
  push("/compare");
  window.end();
  assert.equal(root.present, false);
  assert.deepEqual(loaded, ["projector.mjs", "stopped"]);
  assert.deepEqual(entries(), ["/?present=1", "/compare"]);
  // Back leads to an entry of before, and not into the mode that was left.
  window.location.href = "http://localhost/?present=1";
  window.dispatchEvent(new Event("popstate"));
  assert.equal(window.location.search, "");
  const key = Object.assign(new Event("keydown"), { code: "KeyP", altKey: true });
  window.dispatchEvent(key);
  assert.equal(window.location.search, "?present=1");
  assert.equal(root.present, true);
});
