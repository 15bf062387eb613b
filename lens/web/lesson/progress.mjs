// How far a person is in each lesson, kept in this browser alone.

/**
 * @typedef {object} StepProgress
 * @property {string} title
 * @property {number | null} answer  from 0; null where none is chosen or nothing is asked
 * @property {string | null} words  of that answer
 * @property {boolean | null} right
 * @property {[number, number] | null} sketch  the place on the map that was chosen
 * @property {{event: string, times: number, done: boolean} | null} deed  how often it was done; null where there is none
 */

/**
 * @typedef {object} LessonProgress
 * @property {string} title
 * @property {string} started  ISO 8601
 * @property {number} seconds  with the page in view
 * @property {string | null} finished  ISO 8601
 * @property {StepProgress[]} steps
 */

/** @typedef {{version: 1, lessons: Record<string, LessonProgress>}} Progress  lessons by their keys */

const KEY = "latent-lab.lessons";

/** What a browser that refuses storage keeps until the page is left. @type {Progress} */
let here = empty();

/** @returns {Progress} */
export function read() {
  const words = stored();
  if (words === undefined) return here;
  try {
    const found = JSON.parse(words ?? "");
    if (found?.version !== 1) return empty();
    return { version: 1, lessons: Object.fromEntries(Object.entries(found.lessons ?? {}).filter(([, each]) => isLesson(each))) };
  } catch {
    // Something else has written there.
    return empty();
  }
}

/** @param {Progress} progress */
export function write(progress) {
  here = progress;
  try {
    localStorage.setItem(KEY, JSON.stringify(progress));
  } catch {
    // Storage may be full or refused; it lasts until the page is left.
  }
}

/** Forget one lesson, or all of them. @param {string} [lesson] */
export function forget(lesson) {
  const progress = lesson === undefined ? empty() : read();
  if (lesson !== undefined) delete progress.lessons[lesson];
  write(progress);
}

/** Whether something that was stored is the progress of a lesson. @param {any} found */
function isLesson(found) {
  const texts = [found?.title, found?.started, found?.finished ?? ""].every((each) => typeof each === "string");
  return texts && Number.isFinite(found.seconds) && Array.isArray(found.steps) && found.steps.every(isStep);
}

/** @param {any} step */
function isStep(step) {
  if (typeof step?.title !== "string") return false;
  const { answer, words, right, sketch, deed } = step;
  const said = (answer === null || Number.isInteger(answer)) && (words === null || typeof words === "string");
  const judged = right === null || typeof right === "boolean";
  const place = sketch === null || (Array.isArray(sketch) && sketch.length === 2 && sketch.every(Number.isFinite));
  return said && judged && place && (deed === null || isDeed(deed));
}

/** @param {any} deed */
function isDeed(deed) {
  return typeof deed?.event === "string" && Number.isFinite(deed.times) && typeof deed.done === "boolean";
}

/** @returns {Progress} */
function empty() {
  return { version: 1, lessons: {} };
}

/** What is stored, null where nothing is, undefined where storage is refused. @returns {string | null | undefined} */
function stored() {
  try {
    return localStorage.getItem(KEY);
  } catch {
    return undefined;
  }
}

/**
 * Call `tick` every second in which the page is in view.
 * @param {() => void} tick @returns {() => void} stops
 */
export function everySecond(tick) {
  const timer = setInterval(() => {
    if (document.visibilityState === "visible") tick();
  }, 1000);
  return () => clearInterval(timer);
}
