// Lessons: a card for each, with how far a person is in this browser.

import { part } from "../dom.mjs";
import { deedsDone, nextLesson } from "../lesson/course.mjs";
import { forget, read } from "../lesson/progress.mjs";
import { openReceipt } from "../lesson/receipt_dialog.mjs";
import { View } from "../view.mjs";
import { twoStepButton } from "../widgets/two_step_button.mjs";

/** @typedef {import("../contract").Lessons} Data */

/** @typedef {import("../contract").LessonState} State */

/** @typedef {import("../contract").LessonCard} LessonCard */

/** @typedef {import("../lesson/progress.mjs").LessonProgress} LessonProgress */

/** @extends {View<Data, null, State>} */
export default class Lessons extends View {
  /** @param {HTMLElement} root */
  constructor(root) {
    super(root);
    this.going = ""; // the lesson that the button opens
    part(root, ".go-on").addEventListener("click", () => this.open(this.going));
    part(root, ".receipt").addEventListener("click", () => openReceipt(root, read()));
    twoStepButton(part(root, ".clear"), "Delete all of it?", () => this.clear());
    /** @type {LessonCard[]} */
    this.lessons = [];
  }

  /** @param {Pick<Data, "lessons">} data */
  prepare({ lessons }) {
    const { lessons: known } = read();
    this.lessons = lessons;
    part(this.root, ".clear").hidden = !Object.keys(known).length;
    part(this.root, ".cards").replaceChildren(...lessons.map((card, k) => this.card(card, k, known[card.key])));
    const finished = lessons.filter(({ key }) => known[key]?.finished).length;
    const begun = lessons.some(({ key }) => known[key]);
    part(this.root, ".sum").textContent = begun ? `${finished} of ${lessons.length} finished` : "";
    const next = nextLesson(lessons, known);
    const on = part(this.root, ".go-on");
    on.hidden = !next;
    if (!next) return;
    this.going = next.key;
    on.textContent = `${begun ? "Go on" : "Begin"}: ${next.title}`;
  }

  async load() {
    return null;
  }

  /** @param {LessonCard} card @param {number} k from 0 @param {LessonProgress | undefined} known */
  card({ key, title, question, idea, minutes, own }, k, known) {
    const item = document.createElement("li");
    const whole = isWhole(known);
    item.className = whole ? "finished" : known ? "begun" : "new";
    item.innerHTML = `<a><span class="number" aria-hidden="true"></span><h2></h2><div class="told"></div>
      <p class="foot"><span class="how-far"></span><span class="minutes"></span></p></a>`;
    part(item, ".number").textContent = whole ? "✓" : String(k + 1);
    part(item, "h2").textContent = title;
    // The idea is what one finds out; links within a link there can't be.
    part(item, ".told").innerHTML = (known?.finished ? idea : question || idea).replaceAll(/<\/?a\b[^>]*>/g, "");
    part(item, ".how-far").textContent = howFar(known) || (own ? "by your teacher" : "");
    part(item, ".minutes").textContent = `${minutes} min`;
    const link = part(item, "a", HTMLAnchorElement);
    link.href = `?lesson=${encodeURIComponent(key)}`;
    link.addEventListener("click", (event) => {
      // A new tab or window is the browser's.
      if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
      event.preventDefault();
      this.open(key);
    });
    return item;
  }

  /** Forget everything, as before the next person at this device. */
  clear() {
    forget();
    part(this.root, ".receipt").focus();
    this.prepare({ lessons: this.lessons });
    this.announcer.say("Deleted.");
  }

  /** @param {string} lesson */
  open(lesson) {
    this.report({ visit: this.visit, lesson, step: null });
  }

  /** @param {Data} data */
  async show({ state }) {
    this.isNews(state);
  }
}

/** Whether a person came to the end and did all that was asked for. @param {LessonProgress | undefined} known */
function isWhole(known) {
  if (!known?.finished) return false;
  const { done, all } = deedsDone(known);
  return done === all;
}

/** How far a person is in a lesson, in words. @param {LessonProgress | undefined} known */
function howFar(known) {
  if (!known) return "";
  const { done, all } = deedsDone(known);
  if (isWhole(known)) return "Finished";
  if (!all) return "Begun";
  return `${known.finished ? "Finished, " : ""}${done} of ${all} done`;
}
