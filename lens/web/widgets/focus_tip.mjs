// Shows the title of what the keyboard has focused, as a browser shows it to a pointer; Escape hides it.

import { part } from "../dom.mjs";

export class FocusTip {
  /** @param {HTMLElement} root the view */
  constructor(root) {
    this.root = root;
    this.tip = part(root, ".title-tip");
    root.addEventListener("focusin", ({ target }) => {
      if (target instanceof HTMLElement && target.matches(":focus-visible")) this.show(target);
    });
    root.addEventListener("focusout", () => this.hide());
    root.addEventListener(
      "keydown",
      (event) => {
        if (event.key !== "Escape" || this.tip.hidden) return;
        event.stopPropagation();
        this.hide();
      },
      { capture: true },
    );
  }

  /** @param {HTMLElement} target */
  show(target) {
    const described = target.getAttribute("aria-describedby");
    const about = described ? /** @type {HTMLElement | null} */ (this.root.querySelector(`#${described}`)) : null;
    const words = target.title || target.closest("label")?.title || about?.dataset.meaning;
    if (!words) return;
    this.tip.textContent = words;
    this.tip.hidden = false;
    const whose = target.title || !about ? target : about;
    const [box, around] = [whose.getBoundingClientRect(), this.root.getBoundingClientRect()];
    const left = Math.min(box.left - around.left, around.width - this.tip.offsetWidth);
    this.tip.style.left = `${Math.max(0, left)}px`;
    this.tip.style.top = `${box.bottom - around.top + 8}px`;
  }

  hide() {
    this.tip.hidden = true;
  }
}
