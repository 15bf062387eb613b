// Lessons: a card for each, with how far this browser's person is.

import { part } from "../dom.mjs";
import { read } from "../lesson/progress.mjs";
import { openReceipt } from "../lesson/receipt_dialog.mjs";
import { View } from "../view.mjs";

/** @typedef {import("../contract").Lessons} Data */

/** @typedef {import("../contract").LessonState} State */

/** @extends {View<Data, null, State>} */
export default class Lessons extends View {
  /** @param {HTMLElement} root */
  constructor(root) {
    super(root);
    part(root, ".receipt").addEventListener("click", () => openReceipt(root, read()));
  }

  /** @param {Data} data */
  prepare({ lessons }) {
    const { lessons: known } = read();
    part(this.root, ".cards").replaceChildren(...lessons.map((card) => this.card(card, known[card.key])));
  }

  async load() {
    return null;
  }

  /** @param {import("../contract").LessonCard} card @param {import("../lesson/progress.mjs").LessonProgress | undefined} known */
  card({ key, title, idea, minutes }, known) {
    const item = document.createElement("li");
    item.innerHTML = `<a><h2></h2><p class="idea">${idea}</p><p class="minutes"></p></a>`;
    part(item, "h2").textContent = title;
    part(item, ".minutes").textContent = `${minutes} min${known?.finished ? ", done" : known ? ", begun" : ""}`;
    const link = part(item, "a", HTMLAnchorElement);
    link.href = `?lesson=${encodeURIComponent(key)}`;
    link.addEventListener("click", (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
      event.preventDefault();
      this.report({ visit: this.visit, lesson: key, step: null });
    });
    return item;
  }

  /** @param {Data} data */
  async show({ state }) {
    this.isNews(state);
  }
}
