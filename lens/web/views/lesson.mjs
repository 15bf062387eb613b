// Lesson: steps laid over another view, which ask, light the control, wait for the deed and reveal.

import { button, part } from "../dom.mjs";
import { answered, answeredBy, pageStep } from "../lesson/course.mjs";
import { Light } from "../lesson/light.mjs";
import { fillMeasures } from "../lesson/measure_text.mjs";
import { everySecond, forget, read } from "../lesson/progress.mjs";
import { outcome, Question } from "../lesson/question.mjs";
import { openReceipt } from "../lesson/receipt_dialog.mjs";
import { Record } from "../lesson/record.mjs";
import { scroller, scrollTo } from "../lesson/scrolling.mjs";
import { Sheet } from "../lesson/sheet.mjs";
import { Sketch } from "../lesson/sketch.mjs";
import { Stage } from "../lesson/stage.mjs";
import { View } from "../view.mjs";

/** @typedef {import("../contract").Lesson} Data */

/** @typedef {import("../contract").LessonState} State */

const AHEAD = 1500; // ms after a step has come, when its view is there

/** @extends {View<Data, null, State>} */
export default class Lesson extends View {
  /** @param {HTMLElement} root */
  constructor(root) {
    super(root);
    /** @type {Data | null} */
    this.data = null;
    this.at = 0; // the step on show, from 0; one past the last is the end
    this.turns = 0; // from one step to another
    this.waiting = 0; // until a step's numbers are computed
    this.shown = -1; // the step whose page is on show
    this.leaving = false; // a person has asked for another lesson
    /** @type {Record | null} */
    this.record = null;
    this.opening = Promise.resolve();
    this.filled = Promise.resolve(); // once the numbers on show are known
    this.stage = new Stage(part(root, ".inner"), root, (event, facts) => this.hear(event, facts));
    this.sheet = new Sheet(part(root, ".sheet"), {
      go: (at) => this.turnTo(at),
      reveal: () => this.showReveal(),
      toLight: () => this.toLight(),
    });
    this.question = new Question(part(root, ".answers"), (answer) => this.answer(answer));
    this.sketch = new Sketch((place) => this.sketched(place));
    this.light = new Light(() => this.sheet.free());
    this.stopClock = everySecond(() => {
      if (this.data && this.at < this.data.steps.length) this.record?.tick();
    });
    part(root, ".sheet").append(part(root, ".keys"));
    root.style.setProperty("--above", `${root.offsetTop}px`);
    root.addEventListener("keydown", (event) => this.key(event));
  }

  /** @param {Data} data */
  prepare(data) {
    const other = data.card.key !== this.data?.card.key;
    this.data = data;
    if (other) this.begin(data);
    if (this.isNews(data.state) || other) this.go((data.state?.step ?? 1) - 1);
    if (!other) return;
    // The button that led here is gone.
    if (this.leaving) this.sheet.focus();
    this.leaving = false;
  }

  /** Open a lesson, as far as it was. @param {Data} data */
  begin({ card, steps }) {
    this.shown = -1;
    this.record = new Record(card, steps);
    this.sheet.begin(card, steps);
  }

  async load() {
    return null;
  }

  async show() {
    await this.opening;
    this.settled();
  }

  /** Show a step. @param {number} at from 0 */
  go(at) {
    const { data, record } = this;
    if (!data || !record) return;
    const { steps, card, next } = data;
    this.turns += 1;
    this.at = Math.min(Math.max(0, at), steps.length);
    const step = steps[this.at];
    record.enter(this.at);
    const page = pageStep(steps, this.at);
    const wanted = page !== this.shown || page === this.at ? steps[page]?.page : null;
    this.shown = page;
    if (this.at === steps.length) this.sheet.showEnd(card, this.ways(next));
    else {
      const question = this.sheet.showStep(step, page >= 0 ? steps[page].address : null);
      this.question.show(step.answers, record.step(this.at).answer, question);
    }
    this.showState();
    this.fill();
    this.computeAhead();
    this.light.stop();
    this.sketch.hide();
    // Where things are is known once the view has drawn itself.
    if (wanted) this.opening = this.open(wanted, data.base);
    else this.relight(true);
  }

  /** @param {import("../lesson/stage.mjs").Page} page @param {string} base */
  async open(page, base) {
    try {
      const shown = await this.stage.show(page, base);
      this.relight(shown);
      // Another view begins at its top, unless something farther down is lit.
      if (shown && !this.light.lit().length) scrollTo(scroller(this.root), 0);
    } catch (error) {
      this.fail(error);
    }
  }

  /** Compute the numbers that a reveal will say while a person is at work. */
  computeAhead() {
    const { data, turns, at } = this;
    clearTimeout(this.waiting);
    this.waiting = window.setTimeout(() => {
      const made = document.createElement("template");
      made.innerHTML = data?.steps[at]?.reveal ?? "";
      if (data) fillMeasures(made.content, data, () => turns === this.turns);
    }, AHEAD);
  }

  /** Compute the numbers in the words on show. */
  fill() {
    const { data, turns } = this;
    if (data) this.filled = fillMeasures(part(this.root, ".sheet-body"), data, () => turns === this.turns);
  }

  /** Go to a step because a person asks for it. @param {number} at */
  turnTo(at) {
    this.go(at);
    this.sheet.focus();
    this.settled();
    const state = this.state();
    // At once: each step is an entry of the browser's history.
    if (state) this.report({ visit: this.visit, ...state });
  }

  /** Say what is done and what is revealed in this step. */
  showState() {
    const { data, record, at } = this;
    if (!data || !record) return;
    const { steps } = data;
    this.sheet.showDots(at, record.done(at));
    const step = steps[at];
    if (!step) return;
    const known = record.step(at);
    if (step.sketch === null) this.sheet.showDeed(step.deed, record.count?.times ?? 0, known.deed?.done === true);
    else this.sheet.showSketch(known.sketch !== null);
    const revealed = record.isRevealed(at);
    this.question.lock(record.isRevealed(answeredBy(steps, at)));
    // What was said stands beside the deed; what it was comes with the reveal.
    const said = answered(steps, at).filter((k) => revealed || (k < at && record.step(k).answer !== null));
    const outcomes = said.map((k) => outcome(steps[k].answers, record.step(k).answer, revealed));
    const found = step.sketch === null ? "" : this.sketch.words().join(" ");
    if (found) outcomes.push(paragraph(found));
    if (!this.sheet.showReveal(step, revealed, outcomes)) return;
    this.fill();
    this.sheet.bringReveal();
  }

  /** @param {string} event @param {import("../view.mjs").Facts} facts */
  hear(event, facts) {
    const { record, at } = this;
    if (!record?.hear(at, event, facts)) return;
    const done = record.step(at).deed?.done ?? false;
    this.changed(done ? "Done." : "");
    // The sheet has grown by what it reveals.
    if (done) this.light.watch();
  }

  /** @param {number} answer */
  answer(answer) {
    const words = textOf(this.data?.steps[this.at]?.answers[answer]?.html ?? "");
    this.record?.answer(this.at, answer, words);
    this.changed("");
  }

  /** @param {[number, number]} place on the map */
  sketched(place) {
    this.record?.sketch(this.at, place);
    this.changed(this.sketch.words().join(" "));
  }

  showReveal() {
    this.record?.asked.add(this.at);
    this.changed("");
  }

  /** Show what a person has done; a screen reader hears it, and what is revealed once its numbers are known. @param {string} words */
  async changed(words) {
    const { turns, at } = this;
    this.showState();
    if (words) this.announcer.say(words);
    if (!this.record?.isRevealed(at)) return;
    await this.filled;
    if (turns === this.turns) this.announcer.say(`${words} ${textOf(part(this.root, ".reveal").innerHTML)}`.trim());
  }

  /** Light the step's controls, and ask for its sketch, once the view is there. @param {boolean} shown */
  relight(shown) {
    const step = this.data?.steps[this.at];
    if (!shown) return;
    const { map } = this.stage;
    const asks = map && step && step.sketch !== null;
    if (asks) this.sketch.show(map, step.sketch ?? 0, this.record?.step(this.at).sketch ?? null);
    this.light.show(this.stage.root, [...(step?.light ?? []), ...(asks ? ["map"] : [])]);
    // In a low window the words stand above the view, and are read first.
    if (this.sheet.covered) this.light.reveal();
    this.showState();
  }

  toLight() {
    this.light.reveal();
    if (!this.sketch.focus()) this.light.focus();
  }

  /** Where a person may go from the end. @param {import("../contract").LessonCard | null} next */
  ways(next) {
    const ways = next ? [button(`Next lesson: ${next.title}`, () => this.leave(next.key))] : [];
    ways.push(button("All lessons", () => this.leave(null)));
    ways[0].className = "main";
    const receipt = button("Receipt", () => openReceipt(this.root, read()));
    const again = button("Start again", () => this.again());
    again.className = "quiet";
    return [...ways, receipt, again];
  }

  /** Leave for another lesson or for the list of all. @param {string | null} lesson */
  leave(lesson) {
    // A step that is about to be reported must not call it back.
    clearTimeout(this.settling);
    this.leaving = true;
    this.report({ visit: this.visit, lesson, step: null });
  }

  /** Begin this lesson anew. */
  again() {
    if (!this.data) return;
    forget(this.data.card.key);
    this.begin(this.data);
    this.turnTo(0);
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    if (event.key !== "F6" || event.defaultPrevented) return;
    event.preventDefault();
    if (event.target instanceof Node && part(this.root, ".sheet").contains(event.target)) this.toLight();
    else this.sheet.focus();
  }

  keys() {
    /** @type {import("../widgets/key_help.mjs").Row[]} */
    const own = [["F6", "from the lesson to the control that is lit, and back"]];
    return [...own, ...(this.stage?.view?.keys() ?? [])];
  }

  state() {
    if (!this.data) return null;
    return { lesson: this.data.card.key, step: this.at ? this.at + 1 : null };
  }

  destroy() {
    super.destroy();
    this.turns += 1;
    clearTimeout(this.waiting);
    this.stopClock();
    this.sketch.hide();
    this.light.stop();
    this.sheet.destroy();
    this.stage.destroy();
  }
}

/** @param {string} html @returns {string} its words */
function textOf(html) {
  const made = document.createElement("template");
  made.innerHTML = html;
  return (made.content.textContent ?? "").replaceAll(/\s+/g, " ").trim();
}

/** @param {string} words */
function paragraph(words) {
  const made = document.createElement("p");
  made.textContent = words;
  return made;
}
