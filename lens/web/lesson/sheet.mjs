// The sheet of a lesson, docked at the bottom of the window: its steps and their words, and a fold.

import { button, part } from "../dom.mjs";
import { TabStop } from "../widgets/tab_stop.mjs";
import { scroller } from "./scrolling.mjs";

/** @typedef {import("../contract").Step} Step */

/** @typedef {import("../contract").Deed} Deed */

/** @typedef {import("../contract").LessonCard} LessonCard */

/**
 * @typedef {object} Callbacks
 * @property {(at: number) => void} go  to a step, from 0
 * @property {() => void} reveal
 * @property {() => void} toLight
 */

const END = "The idea";
const MOST_PIPS = 12;

export class Sheet {
  /** @param {HTMLElement} root @param {Callbacks} on */
  constructor(root, on) {
    this.root = root;
    this.on = on;
    this.at = 0;
    /** @type {string[]} of the steps and the end */
    this.titles = [];
    this.title = part(root, ".step-title");
    this.words = part(root, ".words");
    this.body = part(root, ".sheet-body");
    this.reveal = part(root, ".reveal");
    this.back = part(root, ".back", HTMLButtonElement);
    this.next = part(root, ".next", HTMLButtonElement);
    this.folder = part(root, ".fold-sheet");
    this.back.addEventListener("click", () => on.go(this.at - 1));
    this.next.addEventListener("click", () => on.go(this.at + 1));
    part(root, ".show-reveal").addEventListener("click", () => on.reveal());
    part(root, ".to-light").addEventListener("click", () => on.toLight());
    this.folder.addEventListener("click", () => this.fold(!this.body.hidden));
    this.body.addEventListener("scroll", () => this.showMore(), { passive: true });
    this.stop = new TabStop(part(root, ".dots"));
    /** @type {HTMLButtonElement[]} */
    this.dots = [];
    this.resizer = new ResizeObserver(() => this.resize());
    for (const each of [root, part(root, ".told"), part(root, ".asked")]) this.resizer.observe(each);
  }

  /** @param {LessonCard} card @param {Step[]} steps */
  begin(card, steps) {
    part(this.root, ".lesson-title").textContent = card.title;
    this.titles = [...steps.map(({ title }) => title), END];
    this.dots = this.titles.map((_, k) => button("", () => this.on.go(k)));
    part(this.root, ".dots").replaceChildren(...this.dots);
    this.stop.set(this.dots);
    this.fold(false);
    this.root.classList.add("begun");
  }

  /**
   * @param {Step} step @param {string | null} address of the page that shows the same without the lesson
   * @returns {string} the question, if there is one
   */
  showStep({ title, html, light, sketch, answers }, address) {
    this.title.textContent = title;
    this.words.innerHTML = html;
    // The question goes to its answers.
    const question = answers.length ? this.words.querySelector("p.question") ?? this.words.lastElementChild : null;
    part(this.root, ".asking").replaceChildren(...(question ? [question] : []));
    this.root.classList.toggle("asks", question !== null);
    part(this.root, ".to-light").hidden = !light.length && sketch === null;
    const link = part(this.root, ".without", HTMLAnchorElement);
    link.hidden = address === null;
    link.href = address ?? "";
    this.clear();
    return question?.textContent ?? "";
  }

  /** @param {LessonCard} card @param {HTMLElement[]} ways where a person may go from here */
  showEnd(card, ways) {
    this.title.textContent = END;
    this.words.innerHTML = `<p class="idea">${card.idea}</p>`;
    for (const name of [".answers", ".deed", ".show-reveal", ".to-light", ".without"]) part(this.root, name).hidden = true;
    part(this.root, ".asking").replaceChildren();
    this.root.classList.remove("asks");
    this.clear();
    part(this.root, ".end").replaceChildren(...ways);
    part(this.root, ".end").hidden = false;
  }

  /** Without what another step has revealed. */
  clear() {
    part(this.root, ".end").hidden = true;
    part(this.root, ".outcomes").replaceChildren();
    this.reveal.hidden = true;
    this.reveal.replaceChildren();
    this.body.scrollTop = 0;
  }

  /** @param {number} at the step on show @param {boolean[]} done one a step */
  showDots(at, done) {
    this.at = at;
    this.dots.forEach((dot, k) => {
      const name = k < done.length ? `Step ${k + 1}: ${this.titles[k]}` : END;
      dot.setAttribute("aria-label", done[k] ? `${name}, done` : name);
      dot.title = name;
      dot.classList.toggle("done", Boolean(done[k]));
      if (k === at) dot.setAttribute("aria-current", "step");
      else dot.removeAttribute("aria-current");
    });
    this.stop.rove(at);
    this.back.disabled = at === 0;
    this.next.disabled = at === done.length;
    this.next.classList.toggle("ready", Boolean(done[at]));
  }

  /** @param {Deed | null} deed @param {number} times how often it was done @param {boolean} done */
  showDeed(deed, times, done) {
    const place = part(this.root, ".deed");
    place.hidden = !deed;
    if (!deed) return;
    if (done || deed.times === 1) {
      this.showMark(done, done ? "Done" : "Try it");
      return;
    }
    const pips = piece("span", "pips", "");
    pips.setAttribute("aria-hidden", "true");
    const count = deed.times <= MOST_PIPS ? deed.times : 0;
    pips.append(...Array.from({ length: count }, (_, k) => piece("i", k < times ? "full" : "", "")));
    place.classList.remove("done");
    place.replaceChildren(pips, piece("span", "", `${times} of ${deed.times}`));
  }

  /** @param {boolean} done whether a place on the map is chosen */
  showSketch(done) {
    const finger = window.matchMedia("(hover: none)").matches;
    this.showMark(done, done ? "Done" : `${finger ? "Tap" : "Click"} the map`);
  }

  /** @param {boolean} done @param {string} words */
  showMark(done, words) {
    const place = part(this.root, ".deed");
    place.hidden = false;
    place.classList.toggle("done", done);
    const mark = piece("span", "mark", done ? "✓" : "");
    mark.setAttribute("aria-hidden", "true");
    place.replaceChildren(mark, piece("span", "", words));
  }

  /**
   * @param {Step} step @param {boolean} revealed @param {HTMLElement[]} outcomes of predictions
   * @returns {boolean} whether the words of the reveal have just come
   */
  showReveal({ reveal, answers, deed, sketch }, revealed, outcomes) {
    // A question alone is answered, not skipped by a button: Next does that.
    const asks = deed !== null || sketch !== null || !answers.length;
    part(this.root, ".show-reveal").hidden = !reveal || revealed || !asks;
    part(this.root, ".outcomes").replaceChildren(...outcomes);
    const news = revealed && this.reveal.hidden;
    if (news) this.reveal.innerHTML = reveal;
    this.reveal.hidden = !revealed;
    return news;
  }

  /** Scroll what has come into view, as far as there is room. */
  bringReveal() {
    const { body } = this;
    const top = part(this.root, ".asked").offsetTop - body.offsetTop;
    if (this.reveal.offsetTop + this.reveal.offsetHeight > body.scrollTop + body.clientHeight) body.scrollTop = top;
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
    this.folder.setAttribute("aria-expanded", String(!folded));
    this.folder.title = folded ? "Show the words" : "Fold the lesson";
  }

  /** The part of the window between the page's bar and the sheet. @returns {{top: number, bottom: number}} */
  free() {
    const bar = document.querySelector("[data-testid=stHeader]")?.getBoundingClientRect().bottom ?? 0;
    return { top: Math.max(0, bar), bottom: window.innerHeight - this.covered };
  }

  /** How much of the window it covers: nothing where it is a part of the page. */
  get covered() {
    return getComputedStyle(this.root).position === "sticky" ? this.root.offsetHeight : 0;
  }

  resize() {
    // So that the browser brings what it focuses into the free part, too.
    const place = /** @type {HTMLElement} */ (scroller(this.root));
    place.style.scrollPaddingBottom = `${this.covered}px`;
    this.showMore();
  }

  /** Say whether there is more below, which keys can scroll to. */
  showMore() {
    const { body } = this;
    const more = body.scrollHeight - body.clientHeight;
    body.classList.toggle("more", body.scrollTop < more - 2);
    for (const [name, value] of [["tabindex", "0"], ["role", "region"], ["aria-label", "Words of the step"]]) {
      if (more > 1) body.setAttribute(name, value);
      else body.removeAttribute(name);
    }
  }

  destroy() {
    this.resizer.disconnect();
    /** @type {HTMLElement} */ (scroller(this.root)).style.scrollPaddingBottom = "";
  }
}

/** @param {string} kind @param {string} name @param {string} words */
function piece(kind, name, words) {
  const made = document.createElement(kind);
  made.className = name;
  made.textContent = words;
  return made;
}
