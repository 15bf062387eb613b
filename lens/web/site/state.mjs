// What a view shows as parameters of an address, with the names that the app's addresses have.

/** @typedef {"number" | "numbers" | "lists" | "text"} Kind */

/** By the view, in the address's order. @type {Record<string, Record<string, Kind>>} */
const KINDS = {
  explore: {
    digit: "number", z: "numbers", layer: "text", pictures: "text", trail: "text", classes: "numbers", frame: "numbers",
    pins: "lists", computation: "text", samples: "number", prior: "text",
  },
  compare: { digit: "number", picture: "text", worst: "number", layer: "text", classes: "numbers", frames: "lists" },
  interpolate: { a: "number", b: "number", t: "number", classes: "numbers", frames: "lists" },
  reconstruct: {
    images: "numbers", kind: "text", level: "number", angle: "number", noise: "number", size: "text", rows: "text",
  },
  beta: { beta: "text", classes: "numbers", frame: "numbers" },
  lesson: { lesson: "text", step: "number" },
  lessons: { lesson: "text", step: "number" },
};

/**
 * What an address asks of a view.
 * @param {string} view @param {URLSearchParams} query @param {number} visit
 * @returns {{visit: number} & Record<string, any>} null where it says nothing that can be used
 */
export function readState(view, query, visit) {
  /** @type {{visit: number} & Record<string, any>} */
  const state = { visit };
  for (const [name, kind] of Object.entries(KINDS[view] ?? {})) {
    const text = query.get(name);
    state[name] = text ? parse(kind, text) : null;
  }
  return state;
}

/** Test images and classes by their numbers. @type {Record<string, "images" | "classes">} */
const COUNTED = { digit: "images", a: "images", b: "images", worst: "classes", classes: "classes" };

/** The words that a parameter can have, if it isn't free text. @type {Record<string, string[]>} */
const WORDS = {
  layer: ["points", "manifold", "clouds", "holes"],
  pictures: ["off"],
  picture: ["reconstruction", "difference"],
  trail: ["on"],
  computation: ["open"],
  prior: ["circles"],
};

/**
 * A state without what this data set hasn't, or no view knows.
 * @template {Record<string, any>} State
 * @param {State} state @param {{count: number, class_names: readonly string[]}} dataset @returns {State}
 */
export function checked(state, dataset) {
  const counts = { images: dataset.count, classes: dataset.class_names.length };
  const found = /** @type {Record<string, any>} */ ({ ...state });
  for (const [name, value] of Object.entries(state)) {
    if (value === null || value === undefined) continue;
    const kind = COUNTED[name];
    const within = (/** @type {number} */ each) => Number.isInteger(each) && each >= 0 && each < counts[kind];
    if (kind && ![value].flat().every(within)) found[name] = null;
    if (name === "t" && !(value >= 0 && value <= 1)) found[name] = null;
    if (name === "samples" && !(Number.isInteger(value) && value >= 0)) found[name] = null;
    if (WORDS[name] && !WORDS[name].includes(value)) found[name] = null;
  }
  return /** @type {State} */ (found);
}

/**
 * The parameters of what a view shows.
 * @param {string} view @param {Record<string, any>} state as the view reported it
 * @returns {[string, string][]} without those at their defaults
 */
export function writeState(view, state) {
  /** @type {[string, string][]} */
  const found = [];
  for (const name of Object.keys(KINDS[view] ?? {})) {
    const value = state[name];
    if (value === null || value === undefined) continue;
    const text = write(value);
    if (text) found.push([name, text]);
  }
  return found;
}

/** @param {Kind} kind @param {string} text */
function parse(kind, text) {
  if (kind === "text") return text;
  if (kind === "lists") {
    const lists = text.split(";").map((part) => (part ? numbers(part) : []));
    return lists.includes(null) ? null : lists;
  }
  const found = numbers(text);
  return kind === "numbers" ? found : found?.[0] ?? null;
}

/** @param {string} text */
function numbers(text) {
  const found = text.split(",").map(Number);
  return found.every(Number.isFinite) ? found : null;
}

/** @param {unknown} value @returns {string} */
function write(value) {
  if (!Array.isArray(value)) return typeof value === "number" ? short(value) : String(value);
  return value.map(write).join(value.some(Array.isArray) ? ";" : ",");
}

/** @param {number} value */
function short(value) {
  return String(Number(value.toFixed(4)));
}
