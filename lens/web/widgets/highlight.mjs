// Lights up all that stands for the same thing: pointing at one, focusing it or a click, which lasts, lights the others.

/** What has `data-parts`, words separated by spaces, is lit together with whatever shares one of them. */
export class Highlight {
  /** @param {HTMLElement} root @param {(parts: string | null) => void} lit told what is lit, null where nothing is */
  constructor(root, lit) {
    this.root = root;
    this.lit = lit;
    /** @type {{element: Element, parts: string[]}[]} */
    this.marks = [];
    /** @type {Element | null} */
    this.hovered = null;
    /** @type {Element | null} */
    this.focused = null;
    /** @type {Element | null} */
    this.pinned = null;
    /** @type {Element | null} */
    this.shown = null;
    root.addEventListener("pointerover", (event) => {
      // A finger doesn't hover; it clicks.
      this.hovered = event.pointerType === "touch" ? null : markOf(event.target);
      this.show();
    });
    root.addEventListener("pointerleave", () => {
      this.hovered = null;
      this.show();
    });
    root.addEventListener("focusin", ({ target }) => {
      this.focused = target instanceof Element && target.matches(":focus-visible") ? markOf(target) : null;
      this.show();
    });
    root.addEventListener("focusout", () => {
      this.focused = null;
      this.show();
    });
    root.addEventListener("click", ({ target }) => {
      const mark = markOf(target);
      if (mark?.matches("button, [role=button]")) this.pin(mark === this.pinned ? null : mark);
    });
    root.addEventListener("keydown", (event) => this.key(event));
  }

  /** Look again which elements have parts. */
  collect() {
    this.marks = [...this.root.querySelectorAll("[data-parts]")].map((element) => ({ element, parts: partsOf(element) }));
    this.clear();
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    const { target } = event;
    const press = event.key === "Enter" || event.key === " ";
    if (press && target instanceof HTMLElement && target.matches("[role=button]")) {
      event.preventDefault();
      target.click();
    }
    // What is focused and no mark itself, such as a slider, has an Escape of its own.
    if (event.key !== "Escape" || !(this.pinned || (this.focused && this.focused === target))) return;
    event.preventDefault();
    this.clear();
  }

  /** Let nothing be lit. */
  clear() {
    this.hovered = null;
    this.focused = null;
    this.pin(null);
  }

  /** @param {Element | null} mark stays lit */
  pin(mark) {
    this.pinned?.setAttribute("aria-pressed", "false");
    mark?.setAttribute("aria-pressed", "true");
    this.pinned = mark;
    this.show();
  }

  show() {
    const source = this.hovered ?? this.focused ?? this.pinned;
    if (source === this.shown) return;
    this.shown = source;
    const parts = source ? partsOf(source) : [];
    for (const { element, parts: own } of this.marks) {
      element.classList.toggle("lit", own.some((part) => parts.includes(part)));
    }
    this.lit(source ? parts.join(" ") : null);
  }
}

/** @param {EventTarget | null} target */
function markOf(target) {
  return target instanceof Element ? target.closest("[data-parts]") : null;
}

/** @param {Element} element */
function partsOf(element) {
  return element.getAttribute("data-parts")?.split(" ") ?? [];
}
