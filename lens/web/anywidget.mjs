// What anywidget calls in a notebook: shows a view, whose modules and files come from the kernel, message by message.
//
// The kernel may be on another machine, and the page is the notebook's, so there is no address to fetch from. The view
// is in a shadow root, out of reach of the notebook's styles. aemodels/widget is the other end.

import { unpack } from "./unpack.mjs";

/**
 * The model of a widget, shared by all its views.
 * @typedef {object} Model
 * @property {(name: string) => any} get
 * @property {(name: string, value: unknown) => void} set
 * @property {() => void} save_changes
 * @property {(content: object) => void} send
 * @property {(event: string, heard: (content: any, buffers: DataView[]) => void) => void} on
 * @property {(event: string, heard: (content: any, buffers: DataView[]) => void) => void} off
 */

/** @typedef {import("./mount.mjs")["mount"]} Mount */

/** @typedef {{resolve: (file: Uint8Array<ArrayBuffer> | null) => void, reject: (error: Error) => void}} Asked */

const PATIENCE = 4000; // ms without an answer, after which a sentence says what for
const SETTLED = 50; // ms after a change of theme
const LATE = [0, 300, 1500]; // ms after the page's marks of a theme have changed, in which its colours follow
const MODULES = "/lens/modules.json";
const LEAVES = /^(Escape|F\d+)$/; // keys that lead from a view to the notebook
const WHITE = ".cell-output-ipywidget-background"; // what VS Code puts widgets on, whatever its theme
const TERM = 'a[href^="glossary#"]';
const WAITING = "Waiting for the kernel, which sends this view when it is idle. If none is running, run this cell again.";
const BUSY = "Waiting for the kernel, which sends what is missing here when it is idle.";

class ClosedError extends Error {}

/** What one view asks its kernel for. */
class Channel {
  /** @param {Model} model @param {(late: boolean) => void} late told when the kernel lets one wait for long, and when no more */
  constructor(model, late) {
    this.model = model;
    this.late = late;
    this.patience = 0;
    /** By the id of the message. @type {Map<string, Asked>} */
    this.waiting = new Map();
    this.closed = false;
    this.heard = (/** @type {any} */ content, /** @type {DataView[]} */ buffers) => this.hear(content, buffers);
    model.on("msg:custom", this.heard);
  }

  /** @param {string} path @returns {boolean} whether the kernel may have it */
  has(path) {
    const page = this.model.get("_page");
    const entries = [page.model, ...(page.models ?? []), page.dataset].filter(Boolean);
    const reader = page.dataset?.reader?.url ?? "/reader";
    const folders = [...entries.map(({ url }) => url), `/runs/${page.run}`, `/live/${page.run}`, reader, "/lens", "/terms.json"];
    return folders.some((folder) => path === folder || path.startsWith(`${folder}/`));
  }

  /** @param {string} address @returns {Promise<Uint8Array<ArrayBuffer> | null>} null if there is no such file */
  ask(address) {
    const id = Array.from(crypto.getRandomValues(new Uint32Array(3)), (part) => part.toString(36)).join("-");
    return new Promise((resolve, reject) => {
      this.waiting.set(id, { resolve, reject });
      if (this.waiting.size === 1) this.watch();
      this.model.send({ id, address });
    });
  }

  /** Count the time until the next answer, if one is due. */
  watch() {
    clearTimeout(this.patience);
    this.late(false);
    if (this.waiting.size) this.patience = window.setTimeout(() => this.late(true), PATIENCE);
  }

  /** @param {any} content @param {DataView[]} buffers */
  async hear(content, buffers) {
    const asked = this.waiting.get(content?.id);
    if (!asked) return;
    this.waiting.delete(content.id);
    this.watch();
    try {
      if (content.trouble) throw new Error(content.trouble);
      asked.resolve(content.found ? await fileIn(buffers[0], content.packed) : null);
    } catch (error) {
      asked.reject(/** @type {Error} */ (error));
    }
  }

  close() {
    this.closed = true;
    clearTimeout(this.patience);
    this.model.off("msg:custom", this.heard);
    for (const { reject } of this.waiting.values()) reject(new ClosedError("the cell was closed"));
    this.waiting.clear();
  }
}

/** @param {DataView} buffer @param {boolean} packed whether it is a gzip file of what is wanted */
async function fileIn(buffer, packed) {
  // A copy: what came in one message may be one block of memory.
  const bytes = new Uint8Array(buffer.byteLength);
  bytes.set(new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.byteLength));
  if (!packed) return bytes;
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

/** What all views of a page have in common, whichever cell they are in. */
class Shared {
  constructor() {
    /** @type {Set<Channel>} */
    this.channels = new Set();
    /** @type {Promise<Mount> | null} */
    this.mount = null;
    /** @type {Promise<Record<string, {title: string, sentence: string}>> | null} */
    this.terms = null;
  }

  /** A file from any kernel that has it. @param {string} path @returns {Promise<Uint8Array<ArrayBuffer> | null>} */
  async find(path) {
    /** @type {Set<Channel>} */
    const tried = new Set();
    for (;;) {
      // The newest first: the kernel of an older one may be gone.
      const channel = [...this.channels].reverse().find((one) => !tried.has(one) && one.has(path));
      if (!channel) return null;
      tried.add(channel);
      try {
        const found = await channel.ask(path);
        if (found) return found;
      } catch (error) {
        // Its cell is gone, but another one may show the same.
        if (!(error instanceof ClosedError)) throw error;
      }
    }
  }

  /** The function that mounts a view, from modules that are made once. @returns {Promise<Mount>} */
  open() {
    this.mount ??= this.make().catch((error) => {
      this.mount = null;
      throw error;
    });
    return this.mount;
  }

  /** @returns {Promise<Mount>} */
  async make() {
    const load = unpack(await this.json(MODULES));
    const { provideFiles } = await load("model/files.mjs");
    provideFiles((/** @type {string} */ path) => this.find(path));
    return (await load("mount.mjs")).mount;
  }

  /** @param {string} path */
  async json(path) {
    const found = await this.find(path);
    if (!found) throw new Error(`${path} could not be read`);
    return JSON.parse(new TextDecoder().decode(found));
  }

  /** What a term of the glossary means. @param {string} key */
  async meaning(key) {
    this.terms ??= this.json("/terms.json");
    this.terms.catch(() => { this.terms = null; });
    return (await this.terms)[key]?.sentence ?? "";
  }
}

/** @param {string} version of the modules @returns {Shared} */
function shared(version) {
  // Each widget has a copy of this module, but the page has one of the views.
  const all = /** @type {any} */ (globalThis);
  const key = Symbol.for(`latent-lab ${version}`);
  all[key] ??= new Shared();
  return all[key];
}

/**
 * Shows the view in a cell's output.
 * @param {{model: Model, el: HTMLElement}} cell @returns {() => void} what is called when the output goes
 */
function render({ model, el }) {
  const host = document.createElement("div");
  // JupyterLab's keys are single letters, such as D twice to delete a cell.
  host.dataset.lmSuppressShortcuts = "true";
  host.style.transition = "color 1ms";
  const shadow = host.attachShadow({ mode: "open" });
  shadow.innerHTML = model.get("_markup");
  el.append(host);
  const root = /** @type {HTMLElement} */ (shadow.querySelector(".lens"));
  // The colour of the text around, in the one form that has red, green and blue: it may be any colour of CSS.
  const probe = document.createElement("span");
  probe.hidden = true;
  probe.style.color = "color-mix(in srgb, currentcolor, currentcolor)";
  shadow.append(probe);
  const note = document.createElement("p");
  note.className = "hint";
  const say = (/** @type {string} */ words) => {
    note.textContent = words;
    if (words) root.before(note);
    else note.remove();
  };
  // What all views have in common may be asked of the kernel of another cell.
  const late = setTimeout(() => say(WAITING), PATIENCE);

  const page = shared(model.get("_version"));
  let mounted = false;
  const channel = new Channel(model, (waits) => {
    if (mounted) say(waits ? BUSY : "");
  });
  page.channels.add(channel);
  let visit = -1; // a view that is given no state takes it for that of visit 0
  let known = ""; // the state that the view shows
  let ended = false;
  let end = () => {};

  const update = async () => {
    try {
      const mount = await page.open();
      if (ended) return;
      const state = model.get("_shown");
      const data = { ...model.get("_page"), state: state && { ...state, visit } };
      const stop = await mount({ data, setStateValue: (_, found) => report(found) }, root);
      clearTimeout(late);
      mounted = true;
      say("");
      if (ended) stop();
      else end = stop;
    } catch (error) {
      clearTimeout(late);
      mounted = false;
      if (!ended) say(`This view can't be shown: ${/** @type {Error} */ (error).message}. Run the cell again.`);
    }
  };
  const report = (/** @type {any} */ found) => {
    const { visit: at, ...state } = found;
    // Meanwhile Python may have set another state, which the view is about to take over.
    if (at !== undefined && at !== visit) return;
    known = inOrder(state);
    model.set("_shown", state);
    model.save_changes();
  };
  const follow = () => {
    const state = inOrder(model.get("_shown"));
    if (state === known) return;
    known = state;
    visit += 1;
    update();
  };
  const paint = () => {
    const white = !uncover(el) && host.closest(WHITE);
    const scheme = !white && isLight(getComputedStyle(probe).color) ? "dark" : "light";
    if (scheme === host.dataset.scheme) return;
    const first = host.dataset.scheme === undefined;
    host.dataset.scheme = scheme;
    // Once its parts have their new colours, the view draws what is on canvases anew.
    if (!first) setTimeout(() => ended || update(), SETTLED);
  };

  model.on("change:_shown", follow);
  model.on("change:_page", update);
  // JupyterLab takes the page out of sight while it changes its theme, which cancels a transition.
  for (const type of /** @type {const} */ (["transitionend", "transitioncancel"])) {
    host.addEventListener(type, ({ target, propertyName }) => {
      if (target === host && propertyName === "color") paint();
    });
  }
  // Where there was no transition, as under load, the page's own marks have changed.
  const marks = new MutationObserver(() => {
    for (const wait of LATE) setTimeout(() => ended || paint(), wait);
  });
  for (const marked of [document.documentElement, document.body]) marks.observe(marked, { attributes: true });
  // It has no colour before the notebook has put it into the page, and a cell out of sight may miss a change.
  const sight = new ResizeObserver(paint);
  sight.observe(host);
  // A notebook would act on its cells, too: VS Code by the arrows, marimo by letters.
  host.addEventListener("keydown", (event) => {
    if (isOfView(event)) event.stopPropagation();
  });
  explain(shadow, (key) => page.meaning(key));
  follow();

  return () => {
    ended = true;
    sight.disconnect();
    marks.disconnect();
    clearTimeout(late);
    model.off("change:_shown", follow);
    model.off("change:_page", update);
    page.channels.delete(channel);
    channel.close();
    host.remove();
    end();
  };
}

/** A view that is alone in an output stands on the notebook's own ground. @param {HTMLElement} el @returns {boolean} whether it does */
function uncover({ parentElement }) {
  let ground = parentElement;
  for (; ground?.matches(WHITE); ground = ground.parentElement) ground.style.setProperty("background", "none", "important");
  return ground !== parentElement;
}

/** A link to the glossary, which a notebook doesn't have, says what the term means. @param {ShadowRoot} shadow @param {(key: string) => Promise<string>} meaning */
function explain(shadow, meaning) {
  const linkOf = (/** @type {Event} */ { target }) => /** @type {HTMLAnchorElement | null} */ (target instanceof Element ? target.closest(TERM) : null);
  const tell = async (/** @type {Event} */ event) => {
    const link = linkOf(event);
    if (link && !link.title) link.title = await meaning(link.hash.slice(1)).catch(() => "");
  };
  shadow.addEventListener("pointerover", tell);
  shadow.addEventListener("focusin", tell);
  shadow.addEventListener("click", (event) => {
    if (linkOf(event)) event.preventDefault();
  });
}

/** Whether a key in the view is none of the notebook's: one that has done something, or that types. @param {KeyboardEvent} event */
function isOfView({ key, ctrlKey, metaKey, altKey, defaultPrevented }) {
  const command = ctrlKey || metaKey || altKey;
  return defaultPrevented || !(command || LEAVES.test(key));
}

/** A state as text, whatever the order of its keys. @param {Record<string, unknown> | null} state */
function inOrder(state) {
  return JSON.stringify(state && Object.entries(state).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** @param {string} colour as CSS computes it, "rgb(255 …)" or "color(srgb 1 …)" @returns {boolean} whether it stands on a dark ground */
function isLight(colour) {
  const [red = 0, green = 0, blue = 0] = (colour.match(/[\d.]+(e-\d+)?/g) ?? []).map(Number);
  return 0.299 * red + 0.587 * green + 0.114 * blue > (colour.startsWith("rgb") ? 128 : 0.5);
}

export default { render };
