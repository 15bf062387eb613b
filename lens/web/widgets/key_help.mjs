// The keys of a view, shown in a dialog that a button or "?" opens.

import { button, part } from "../dom.mjs";
import { openModal } from "./modal.mjs";

/** A key or several, and what they do. @typedef {[string, string]} Row */

/** @type {Row[]} */
export const SLIDER_KEYS = [
  ["← →", "on a slider: one step"],
  ["Page Up, Page Down", "ten steps"],
  ["Home, End", "to an end"],
];

/** @type {Row[]} */
export const FILTER_KEYS = [["← → in the row of classes", "to another class; Space shows or hides it"]];

/** Of every map. @type {Row[]} */
export const ZOOM_KEYS = [
  ["+ −", "zoom in and out"],
  ["0", "back to the first view"],
];

/** @type {Row} */
const PROJECTOR_KEY = ["Alt P", "projector mode on and off"];

export class KeyHelp {
  /** @param {HTMLElement} root the view @param {() => Row[]} rows as they are now; without any, there is no button */
  constructor(root, rows) {
    this.rows = rows;
    const box = part(root, ".keys");
    const opener = part(box, ".open-keys");
    this.dialog = part(box, "dialog", HTMLDialogElement);
    box.hidden = !rows().length;
    opener.addEventListener("click", () => this.open());
    this.dialog.append(document.createElement("dl"), button("Close", () => this.dialog.close()));
    // A click beside the dialog is one on its backdrop.
    this.dialog.addEventListener("click", (event) => {
      if (event.target === this.dialog) this.dialog.close();
    });
    root.addEventListener(
      "keydown",
      (event) => {
        if (event.key !== "?" || isTyped(event.target) || box.hidden) return;
        event.preventDefault();
        event.stopPropagation();
        this.open();
      },
      { capture: true },
    );
  }

  async open() {
    if (this.dialog.open) return;
    // Only the app has this mode, not a notebook.
    const app = document.documentElement.dataset.classroom !== undefined;
    const rows = [...this.rows(), ...(app ? [PROJECTOR_KEY] : []), /** @type {Row} */ (["?", "this list"])];
    part(this.dialog, "dl").replaceChildren(
      ...rows.flatMap(([keys, meaning]) => {
        const [term, words] = [document.createElement("dt"), document.createElement("dd")];
        term.textContent = keys;
        words.textContent = meaning;
        return [term, words];
      }),
    );
    await openModal(this.dialog);
    // The focus is on the button below the list, and a low window scrolls there.
    this.dialog.scrollTop = 0;
  }
}

/** Whether a key there is a letter of what is typed or chosen. @param {EventTarget | null} target */
function isTyped(target) {
  return target instanceof HTMLSelectElement || (target instanceof HTMLInputElement && target.type === "text");
}
