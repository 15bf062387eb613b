// What a person has said and done in a lesson, and with that what is revealed; kept in the browser as it changes.

import { fresh, isDone, isOf } from "./course.mjs";
import { DeedCount } from "./deeds.mjs";
import { read, write } from "./progress.mjs";

/** @typedef {import("../contract").LessonCard} LessonCard */

/** @typedef {import("../contract").Step} Step */

export class Record {
  /** As far as the lesson was, unless its steps are others now. @param {LessonCard} card @param {Step[]} steps */
  constructor({ key, title }, steps) {
    this.key = key;
    this.steps = steps;
    const found = read().lessons[key];
    this.progress = found && isOf(found, steps) ? { ...found, title } : fresh(title, steps);
    /** @type {Set<number>} steps whose reveal was asked for */
    this.asked = new Set();
    /** Of the step on show. @type {DeedCount | null} */
    this.count = null;
    this.save();
  }

  save() {
    const progress = read();
    progress.lessons[this.key] = this.progress;
    write(progress);
  }

  /** What is known of a step. @param {number} at */
  step(at) {
    return this.progress.steps[at];
  }

  /** A step comes on show, whose deed is counted from now on. @param {number} at one past the last is the end */
  enter(at) {
    const deed = this.steps[at]?.deed;
    this.count = deed ? new DeedCount(deed) : null;
    if (at < this.steps.length) return;
    this.progress.finished ??= new Date().toISOString();
    this.save();
  }

  /** Count what a person did. @param {number} at @param {string} event @param {import("../view.mjs").Facts} facts @returns {boolean} whether it counted */
  hear(at, event, facts) {
    const { count } = this;
    const known = this.step(at)?.deed;
    if (!count || !known || known.done || !count.hear(event, facts)) return false;
    Object.assign(known, { times: count.times, done: count.done });
    this.save();
    return true;
  }

  /** @param {number} at @param {number} answer from 0 @param {string} words */
  answer(at, answer, words) {
    Object.assign(this.step(at), { answer, words, right: this.steps[at].answers[answer].right });
    this.save();
  }

  /** @param {number} at @param {[number, number]} place on the map */
  sketch(at, place) {
    this.step(at).sketch = place;
    this.save();
  }

  /** Another second went by in a step. */
  tick() {
    this.progress.seconds += 1;
    this.save();
  }

  /** For each step whether it is done. @param {number} at the step on show */
  done(at) {
    return this.steps.map((step, k) => isDone(step, this.step(k), k < at || this.progress.finished !== null));
  }

  /** Whether a step's reveal is on show. @param {number} at */
  isRevealed(at) {
    const step = this.steps[at];
    if (!step?.reveal) return false;
    const known = this.step(at);
    if (this.asked.has(at)) return true;
    if (step.deed) return known.deed?.done === true;
    if (step.sketch !== null) return known.sketch !== null;
    return known.answer !== null;
  }
}
