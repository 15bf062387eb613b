// The base of every view: loads what Python names, shows only the newest choice, and reports errors on the page.

import { part, spreadColours } from "./dom.mjs";
import { leaseModel } from "./model/model.mjs";
import { RenderLoop } from "./render_loop.mjs";
import { onTheme, readTheme } from "./theme.mjs";
import { Announcer } from "./widgets/announcer.mjs";
import { FocusTip } from "./widgets/focus_tip.mjs";
import { KeyHelp } from "./widgets/key_help.mjs";
import { SlowLoading } from "./widgets/slow_loading.mjs";

/** @typedef {import("./model/model.mjs").Model} Model */

/** @typedef {import("./model/model.mjs").Lease} Lease */

/** @typedef {import("./theme.mjs").Theme} Theme */

/** @typedef {(entry: import("./contract").Model) => Promise<Model>} OpenModel */

/** @typedef {Record<string, string | number | boolean>} Facts  of an event, by name */

const REST = 120; // ms without a change before the state is reported
const LEAVING = 1500; // ms that the next page may take to come
const DWELL = 300; // ms for which something must last before it is told

/**
 * A view defines `load` and `show`, and where it needs them `prepare`, `draw`, `keys`, `state` and `destroy`.
 * @template {import("./contract").Page} Data what Python hands over
 * @template Loaded what was fetched for it
 * @template {object} State what the view reports
 */
export class View {
  /** @param {HTMLElement} root */
  constructor(root) {
    this.root = root;
    this.turn = 0;
    this.visit = -1; // that of the state which was taken over last
    this.settling = 0;
    this.known = ""; // the state that Python knows
    /** @type {(state: State) => void} reports to Python */
    this.report = () => {};
    /** Hears what a person does, for a lesson. @type {((event: string, facts: Facts) => void) | null} */
    this.heard = null;
    /** What will be told unless the same happens again before, by event. @type {Map<string, number>} */
    this.telling = new Map();
    this.trouble = part(root, ".trouble");
    this.announcer = new Announcer(part(root, ".announcement"));
    /** When a person is about to see it; nothing is loaded before. @type {Promise<unknown>} */
    this.wanted = Promise.resolve();
    this.slowLoading = new SlowLoading(part(root, ".slow-loading"), (sentence) => this.announcer.say(sentence));
    this.tips = new FocusTip(root);
    this.help = new KeyHelp(root, () => this.keys());
    this.stopTheme = onTheme(root, () => spreadColours(root, readTheme(root).digits));
    this.left = -Infinity; // when a link to another page was followed
    this.listening = new AbortController();
    this.held = whileHeld(root, this.listening.signal);
    document.addEventListener(
      "click",
      (event) => {
        if (leadsAway(event)) this.left = performance.now();
      },
      { capture: true, signal: this.listening.signal },
    );
    this.drawFailed = false;
    this.loop = new RenderLoop(
      () => this.redraw(),
      (error) => {
        this.drawFailed = true;
        this.fail(error);
      },
    );
    /** @type {Lease[]} of the models on show */
    this.leases = [];
  }

  /**
   * Show the data from Python; called again after every rerun of the page.
   * @param {Data} data @param {(state: State) => void} report
   */
  async update(data, report) {
    this.turn += 1;
    const { turn } = this;
    this.report = report;
    /** @type {Lease[]} */
    const leases = [];
    this.wanted.then(() => {
      if (turn === this.turn && !this.root.dataset.ready) this.slowLoading.begin();
    });
    try {
      const theme = readTheme(this.root);
      spreadColours(this.root, theme.digits);
      this.prepare(data);
      const loaded = await this.load(data, (entry) => {
        const lease = leaseModel(data.base, entry);
        leases.push(lease);
        return lease.model;
      });
      // Another choice may have been made while the files came.
      if (turn !== this.turn) {
        letGo(leases);
        return;
      }
      const before = this.leases;
      this.leases = leases;
      try {
        await this.show(data, loaded, theme);
      } finally {
        // Not sooner: the previous models may still be drawing.
        letGo(before);
      }
      // A picture that couldn't be drawn is still an old one, though the models are those on show.
      if (this.drawFailed) await this.draw();
      if (turn !== this.turn) return;
      this.drawFailed = false;
      this.trouble.hidden = true;
      this.root.dataset.ready = "true";
    } catch (error) {
      if (this.leases !== leases) letGo(leases);
      if (turn === this.turn) this.fail(error);
    } finally {
      if (turn === this.turn) this.slowLoading.end();
    }
  }

  /** Give every part its size before its data have come. @param {Data} _data */
  prepare(_data) {}

  /** @param {Data} _data @param {OpenModel} _open @returns {Promise<Loaded>} */
  async load(_data, _open) {
    throw new Error("a view must define load()");
  }

  /** @param {Data} _data @param {Loaded} _loaded @param {Theme} _theme */
  async show(_data, _loaded, _theme) {}

  /** The keys of the view and what they do. @returns {import("./widgets/key_help.mjs").Row[]} */
  keys() {
    return [];
  }

  /** Draw the state as it is now; `loop.ask()` calls it. */
  async draw() {}

  /**
   * Say what a person has done, as aemodels/lessons/vocabulary.json names it. Never what a lesson or the address did.
   * @param {string} event @param {Facts} [facts]
   */
  tell(event, facts = {}) {
    clearTimeout(this.telling.get(event));
    this.heard?.(event, facts);
  }

  /** Say it once it has lasted; of several in a row only the last is told. @param {string} event @param {() => Facts} facts as they are then */
  tellAtRest(event, facts) {
    clearTimeout(this.telling.get(event));
    this.telling.set(event, window.setTimeout(() => this.tell(event, facts()), DWELL));
  }

  /** What was about to be told isn't: another state has come, or it didn't last. @param {string} [event] by default all */
  forget(event) {
    for (const [name, timer] of this.telling) if (name === (event ?? name)) clearTimeout(timer);
  }

  /** What a person has set, as it is reported; null as long as nothing is on show. @returns {Omit<State, "visit"> | null} */
  state() {
    return null;
  }

  /** Whether a state has to be taken over: the address has changed, or another model has its own. @param {import("./contract").State | null} state */
  isNews(state) {
    const visit = state?.visit ?? 0;
    if (visit === this.visit) return false;
    this.visit = visit;
    return true;
  }

  /** The state was taken over, so it needs no report. */
  settled() {
    clearTimeout(this.settling);
    this.forget();
    this.known = JSON.stringify(this.state());
  }

  /** What is done at rest, before the state is reported. */
  rest() {}

  /** Report the state once it has come to rest and is let go of, if it is another one. */
  settle() {
    clearTimeout(this.settling);
    this.settling = window.setTimeout(() => {
      // Streamlit would draw this page again instead of the next one.
      if (this.held() || performance.now() - this.left < LEAVING) {
        this.settle();
        return;
      }
      this.rest();
      const state = this.state();
      const words = JSON.stringify(state);
      if (!state || words === this.known) return;
      this.known = words;
      this.report(/** @type {State} */ (/** @type {unknown} */ ({ visit: this.visit, ...state })));
    }, REST);
  }

  async redraw() {
    const { turn } = this;
    try {
      await this.draw();
    } catch (error) {
      // The failed model may have been replaced meanwhile; then there is nothing to report.
      if (turn === this.turn) throw error;
      return;
    }
    if (!this.drawFailed) return;
    this.drawFailed = false;
    this.trouble.hidden = true;
    this.root.dataset.ready = "true";
  }

  /** Show the error on the page. @param {unknown} error */
  fail(error) {
    this.trouble.textContent = `This model can't be shown: ${reason(error)}. Reload the page to try again.`;
    this.trouble.hidden = false;
    this.root.dataset.ready = "false";
  }

  destroy() {
    this.turn += 1;
    clearTimeout(this.settling);
    this.listening.abort();
    this.forget();
    this.heard = null;
    this.loop.stop();
    this.stopTheme();
    this.announcer.stop();
    this.slowLoading.end();
    letGo(this.leases.splice(0));
  }
}

/**
 * @param {HTMLElement} root @param {AbortSignal} signal
 * @returns {() => boolean} whether a pointer that was pressed within the element is still down
 */
function whileHeld(root, signal) {
  /** @type {Set<number>} */
  const down = new Set();
  const pressed = (/** @type {PointerEvent} */ { pointerId, isPrimary }) => {
    // What another gesture left behind, such as a button that was let go of in another window.
    if (isPrimary) down.clear();
    down.add(pointerId);
  };
  const lifted = (/** @type {PointerEvent} */ { pointerId }) => down.delete(pointerId);
  root.addEventListener("pointerdown", pressed, { capture: true, signal });
  for (const end of ["pointerup", "pointercancel"]) {
    window.addEventListener(/** @type {"pointerup"} */ (end), lifted, { capture: true, signal });
  }
  // A drag of an element, and a menu, end without a word of the pointer.
  for (const end of ["blur", "dragend", "contextmenu"]) window.addEventListener(end, () => down.clear(), { capture: true, signal });
  return () => down.size > 0;
}

/** Whether a click follows a link to another page of the app, in this tab. @param {MouseEvent} event */
function leadsAway(event) {
  const link = event.composedPath().find((one) => one instanceof HTMLAnchorElement);
  if (!(link instanceof HTMLAnchorElement) || link.target === "_blank" || event.ctrlKey || event.metaKey || event.shiftKey) return false;
  return link.origin === location.origin && link.pathname !== location.pathname;
}

/** What an error says. @param {unknown} error */
export function reason(error) {
  return error instanceof Error ? error.message : String(error);
}

/** @param {Lease[]} leases */
function letGo(leases) {
  for (const lease of leases) lease.end();
}
