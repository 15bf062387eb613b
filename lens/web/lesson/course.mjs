// The course of a lesson: which page a step shows, which predictions its reveal answers, and how far a person is.

/** @typedef {import("../contract").Step} Step */

/** @typedef {import("../contract").LessonCard} LessonCard */

/** @typedef {import("./progress.mjs").LessonProgress} LessonProgress */

/** @typedef {import("./progress.mjs").StepProgress} StepProgress */

/**
 * The step whose page is on show in a step: its own, or the last one before it.
 * @param {Step[]} steps @param {number} at from 0; one past the last is the lesson's end
 * @returns {number} -1 where there is none
 */
export function pageStep(steps, at) {
  return steps.slice(0, at + 1).map(({ page }) => page !== null).lastIndexOf(true);
}

/**
 * The steps whose questions a step's reveal answers: its own, and those before it that no reveal has answered.
 * @param {Step[]} steps @param {number} at from 0 @returns {number[]}
 */
export function answered(steps, at) {
  if (!steps[at]?.reveal) return [];
  const first = steps.slice(0, at).map(({ reveal }) => reveal !== "").lastIndexOf(true) + 1;
  return steps.flatMap(({ answers }, k) => (k >= first && k <= at && answers.length ? [k] : []));
}

/**
 * The step whose reveal answers a step's question.
 * @param {Step[]} steps @param {number} at from 0 @returns {number} -1 where none does
 */
export function answeredBy(steps, at) {
  const found = steps.slice(at).findIndex(({ reveal }) => reveal !== "");
  return found < 0 ? -1 : at + found;
}

/** A lesson's progress before anything is done. @param {string} title @param {Step[]} steps @returns {LessonProgress} */
export function fresh(title, steps) {
  const kept = steps.map(({ title: words, deed }) => ({
    title: words,
    answer: null,
    words: null,
    right: null,
    sketch: null,
    deed: deed && { event: deed.event, times: 0, done: false },
  }));
  return { title, started: new Date().toISOString(), seconds: 0, finished: null, steps: kept };
}

/**
 * Whether progress is that of these steps: whoever writes a lesson changes its file between two visits.
 * @param {LessonProgress} known @param {Step[]} steps
 */
export function isOf(known, steps) {
  const fits = (/** @type {Step} */ { title, answers, deed }, /** @type {StepProgress} */ kept) => {
    const answer = kept.answer === null || answers[kept.answer]?.right === kept.right;
    return title === kept.title && answer && deed?.event === kept.deed?.event;
  };
  return known.steps.length === steps.length && steps.every((step, k) => fits(step, known.steps[k]));
}

/**
 * Whether all that a step asks for is done; where it asks for nothing, whether it was passed.
 * @param {Step} step @param {StepProgress} known @param {boolean} passed
 */
export function isDone({ answers, sketch, deed }, known, passed) {
  if (!answers.length && sketch === null && !deed) return passed;
  const said = (!answers.length || known.answer !== null) && (sketch === null || known.sketch !== null);
  return said && (!deed || known.deed?.done === true);
}

/** How many of a lesson's deeds are done. @param {LessonProgress} known */
export function deedsDone({ steps }) {
  const deeds = steps.flatMap(({ deed }) => deed ?? []);
  return { done: deeds.filter(({ done }) => done).length, all: deeds.length };
}

/**
 * The lesson to go on with: the one that was begun last and isn't finished, else the first that isn't.
 * @param {LessonCard[]} lessons @param {Record<string, LessonProgress>} known @returns {LessonCard | undefined}
 */
export function nextLesson(lessons, known) {
  const open = lessons.filter(({ key }) => !known[key]?.finished);
  const begun = open.filter(({ key }) => known[key]).sort((a, b) => (known[a.key].started < known[b.key].started ? 1 : -1));
  return begun[0] ?? open[0];
}
