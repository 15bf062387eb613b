// The sheet of a lesson, docked at the bottom of the window: its steps, words, buttons, and a fold.

import { button, part } from "../dom.mjs";
import { scroller } from "./light.mjs";

/** @typedef {import("../contract").Step} Step */

/** @typedef {import("../contract").LessonCard} LessonCard */

/**
 * @typedef {object} Callbacks
 * @property {(at: number) => void} go  to a step, from 0
 * @property {(lesson: string | null) => void} open  another lesson, or the list of all
 * @property {() => void} again  begin anew
 * @property {() => void} reveal
 * @property {() => void} toLight
 */

export class Sheet {
  /** @param {HTMLElement} root @param {Callbacks} on */
  constructor(root, on) {
    this.root = root;
    this.on = on;
    this.at = 0;
    this.title = part(root, ".step-title");
    this.words = part(root, ".words");
    this.body = part(root, ".sheet-body");
    this.reveal = part(root, ".reveal");
    this.end = part(root, ".end");
    this.back = part(root, ".back", HTMLButtonElement);
    this.next = part(root, ".next", HTMLButtonElement);
    this.back.addEventListener("click", () => on.go(this.at - 1));
    this.next.addEventListener("click", () => on.go(this.at + 1));
    part(root, ".show-reveal").addEventListener("click", () => on.reveal());
    part(root, ".to-light").addEventListener("click", () => on.toLight());
    const fold = part(root, ".fold-sheet");
    fold.addEventListener("click", () => this.fold(fold.getAttribute("aria-expanded") === "true"));
    /** @type {HTMLButtonElement[]} */
    this.dots = [];
    this.resizer = new ResizeObserver(() => this.clear());
    this.resizer.observe(root);
  }

  /** @param {LessonCard} card @param {Step[]} steps */
  begin(card, steps) {
    part(this.root, ".lesson-title").textContent = card.title;
    this.titles = [...steps.map(({ title }) => title), "The idea"];
    this.dots = this.titles.map((_, k) => button("", () => this.on.go(k)));
    part(this.root, ".dots").replaceChildren(...this.dots);
  }

  /** @param {Step} step @param {string | null} address of the page that shows the same without the lesson */
  showStep({ title, html, light, answers }, address) {
    this.end.hidden = true;
    this.title.textContent = title;
    this.words.innerHTML = html;
    // The question goes to its answers.
    const question = answers.length ? this.words.lastElementChild : null;
    part(this.root, "div.question").replaceChildren(...(question ? [question] : []));
    part(this.root, ".to-light").hidden = !light.length;
    const link = part(this.root, ".without", HTMLAnchorElement);
    link.hidden = address === null;
    link.href = address ?? "";
    this.reveal.replaceChildren();
    this.body.scrollTop = 0;
  }

  /** @param {LessonCard} card @param {LessonCard | null} next */
  showEnd(card, next) {
    this.title.textContent = "The idea";
    this.words.innerHTML = `<p class="idea">${card.idea}</p>`;
    for (const name of ["div.question", ".answers", ".deed", ".show-reveal", ".reveal", ".to-light", ".without"]) part(this.root, name).hidden = true;
    const buttons = [];
    if (next) buttons.push(button(`Next lesson: ${next.title}`, () => this.on.open(next.key)));
    buttons.push(button("All lessons", () => this.on.open(null)), button("Start again", () => this.on.again()));
    this.end.replaceChildren(...buttons);
    this.end.hidden = false;
  }

  /** @param {number} at the step on show @param {boolean[]} done one a step */
  showDots(at, done) {
    this.at = at;
    this.dots.forEach((dot, k) => {
      const name = k < done.length ? `Step ${k + 1}: ${this.titles?.[k]}` : "The end: the idea";
      dot.setAttribute("aria-label", done[k] ? `${name}, done` : name);
      dot.title = name;
      dot.classList.toggle("done", Boolean(done[k]));
      if (k === at) dot.setAttribute("aria-current", "step");
      else dot.removeAttribute("aria-current");
    });
    this.back.disabled = at === 0;
    this.next.disabled = at === done.length;
    this.next.classList.toggle("ready", Boolean(done[at]));
  }

  /** @param {import("../contract").Deed | null} deed @param {number} times @param {boolean} done */
  showDeed(deed, times, done) {
    const place = part(this.root, ".deed");
    place.hidden = !deed;
    if (!deed) return;
    place.classList.toggle("done", done);
    place.style.setProperty("--share", String(Math.min(1, times / deed.times)));
    const count = deed.times > 1 ? `${Math.min(times, deed.times)} of ${deed.times}` : "";
    place.textContent = done ? ["Done", count].filter(Boolean).join(": ") : count || "Try it";
  }

  /**
   * @param {Step} step @param {boolean} revealed @param {HTMLElement[]} outcomes
   * @returns {boolean} whether its words have just come
   */
  showReveal({ reveal, deed, answers }, revealed, outcomes) {
    part(this.root, ".show-reveal").hidden = !reveal || revealed || (answers.length > 0 && !deed);
    const fresh = revealed && this.reveal.hidden;
    this.reveal.hidden = !revealed;
    if (!revealed) return false;
    const words = this.reveal.querySelector(".reveal-words") ?? document.createElement("div");
    const news = fresh || !words.className;
    if (news) {
      words.className = "reveal-words";
      words.innerHTML = reveal;
    }
    this.reveal.replaceChildren(...outcomes, words);
    return news;
  }

  /** Focus the step's heading, which is read out with its words. */
  focus() {
    this.fold(false);
    this.title.focus({ preventScroll: true });
  }

  /** @param {boolean} folded */
  fold(folded) {
    this.root.classList.toggle("folded", folded);
    this.body.hidden = folded;
    part(this.root, ".fold-sheet").setAttribute("aria-expanded", String(!folded));
  }

  /** The part of the window between the page's bar and the sheet. @returns {{top: number, bottom: number}} */
  free() {
    const bar = document.querySelector("[data-testid=stHeader]")?.getBoundingClientRect().bottom ?? 0;
    return { top: bar, bottom: window.innerHeight - this.root.offsetHeight };
  }

  /** Let the browser bring what it focuses into the free part too. */
  clear() {
    const place = /** @type {HTMLElement} */ (scroller(this.root));
    place.style.scrollPaddingBottom = `${this.root.offsetHeight}px`;
  }

  destroy() {
    this.resizer.disconnect();
    /** @type {HTMLElement} */ (scroller(this.root)).style.scrollPaddingBottom = "";
  }
}
