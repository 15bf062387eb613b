// Lights the controls that a step is about, and brings them into the part of the window that the lesson leaves free.

import { scroller, scrollTo, shiftInto } from "./scrolling.mjs";

const CLEAR = 16; // CSS pixels around what is brought into view

export class Light {
  /** @param {() => {top: number, bottom: number}} free the part of the window between what lies over the page */
  constructor(free) {
    this.free = free;
    /** @type {HTMLElement | null} the view's root */
    this.root = null;
    /** Names of controls: the one to use, then those to watch. @type {string[]} */
    this.names = [];
    this.frame = 0;
    let opened = false;
    this.watcher = new MutationObserver((changes) => {
      opened ||= changes.some(({ target }) => target instanceof HTMLDetailsElement && target.open && target.hasAttribute("data-lit"));
      this.frame ||= requestAnimationFrame(() => {
        this.mark();
        // What a lit fold holds must be in view.
        if (opened) this.reveal();
        opened = false;
      });
    });
  }

  /** Light these controls of a view, and nothing else. @param {HTMLElement | null} root @param {string[]} names */
  show(root, names) {
    this.stop();
    this.root = root;
    this.names = names;
    if (!root || !names.length) return;
    // A control may be built later, hidden, or in a fold that a person opens.
    this.watcher.observe(root, { childList: true, subtree: true, attributeFilter: ["hidden", "open"] });
    this.mark();
  }

  mark() {
    cancelAnimationFrame(this.frame);
    this.frame = 0;
    const used = this.controls(this.names.slice(0, 1));
    const lit = this.lit();
    for (const each of this.root?.querySelectorAll("[data-lit]") ?? []) {
      if (!lit.includes(/** @type {HTMLElement} */ (each))) each.removeAttribute("data-lit");
    }
    for (const each of lit) {
      const kind = used.includes(each) ? "use" : "watch";
      if (each.dataset.lit !== kind) each.dataset.lit = kind;
    }
  }

  /** All that is lit, the first control before the others. @returns {HTMLElement[]} */
  lit() {
    return this.controls(this.names);
  }

  /** The controls, or the line of a closed fold around one. @param {string[]} names @returns {HTMLElement[]} */
  controls(names) {
    const { root } = this;
    if (!root) return [];
    const found = names.flatMap((name) => /** @type {HTMLElement[]} */ ([...root.querySelectorAll(`[data-control~="${name}"]`)]));
    return [...new Set(found.flatMap(visible))];
  }

  /** Bring what is to be watched into view, once what was to be used has been. */
  watch() {
    this.reveal(this.controls(this.names.slice(1)));
  }

  /** Bring what is lit into view, as far as there is room. */
  reveal(lit = this.lit()) {
    if (!lit.length) return;
    const boxes = lit.map((each) => each.getBoundingClientRect());
    const shift = shiftInto(boxes, this.free(), CLEAR);
    // To a place, not by a distance: the page may be on its way already.
    const page = scroller(lit[0]);
    if (shift) scrollTo(page, page.scrollTop + shift);
  }

  /** Focus the first control that is lit and takes the focus. */
  focus() {
    const controls = "button, input, select, summary, [tabindex='0']";
    for (const each of this.lit()) {
      const target = each.matches(controls) ? each : /** @type {HTMLElement | null} */ (each.querySelector(controls));
      target?.focus({ preventScroll: true });
      if (target?.matches(":focus")) return;
    }
  }

  stop() {
    cancelAnimationFrame(this.frame);
    this.frame = 0;
    this.watcher.disconnect();
    for (const each of this.root?.querySelectorAll("[data-lit]") ?? []) each.removeAttribute("data-lit");
    this.root = null;
    this.names = [];
  }
}

/** The element itself where it has a box, else what stands for it. @param {HTMLElement} element @returns {HTMLElement[]} */
function visible(element) {
  const fold = element.parentElement?.closest("details:not([open])");
  const line = fold?.querySelector("summary");
  if (line && line !== element && !line.contains(element)) return visible(line);
  if (element.getClientRects().length) return [element];
  // Its box may be that of its children.
  const isOpen = getComputedStyle(element).display === "contents";
  return isOpen ? [...element.children].flatMap((each) => (each instanceof HTMLElement ? visible(each) : [])) : [];
}
