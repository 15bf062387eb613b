// The course of a lesson: which page a step shows, and which predictions its reveal answers.

/** @typedef {import("../contract").Step} Step */

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
