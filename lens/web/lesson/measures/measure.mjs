// The numbers of lessons by their words, such as "legible vae-16": computed from the bundles when they are shown.

import { error } from "./errors.mjs";
import { kept, legible } from "./reading.mjs";
import { GivenUp, Source } from "./source.mjs";

/** @typedef {import("./source.mjs").Context} Context */

/** @typedef {(source: Source, ...words: any[]) => Promise<number>} Measure  from a source and the words behind the name */

/** By name, as aemodels/lessons/vocabulary.json describes them: how each is computed, and how it is written. @type {Record<string, [Measure, keyof typeof FORMATS]>} */
export const MEASURES = {
  legible: [legible, "percent"],
  kept: [kept, "percent"],
  error: [error, "error"],
};

/** How a number is written, and how it is while it isn't known. @type {Record<"percent" | "error", (value: number) => string>} */
export const FORMATS = {
  percent: (value) => {
    const percent = 100 * value;
    // What is nearly all isn't all.
    const decimals = percent > 0 && percent < 100 && (percent < 1 || percent > 99) ? 2 : 0;
    return `${Number(percent.toFixed(decimals))} %`;
  },
  error: (value) => value.toFixed(1),
};

/** Numbers that are known or being computed, and who wants each. @type {Map<string, {value: Promise<number | null>, wanted: (() => boolean)[]}>} */
const known = new Map();

/**
 * A number as it is written; computed once for all that show it.
 * @param {string} words such as "legible vae-16" @param {Context} context
 * @param {() => boolean} [current] false once it is no longer wanted
 * @returns {Promise<string | null>} null if it was given up; rejects with the reason where there is no such number
 */
export async function measure(words, context, current = () => true) {
  const value = await valueOf(words, context, current);
  return value === null ? null : written(words, value);
}

/**
 * A number as it is written; without one, something as wide.
 * @param {string} words @param {number} [value]
 */
export function written(words, value = 0.12) {
  const [, format] = find(words);
  return FORMATS[format](value);
}

/** @param {string} words @returns {[Measure, keyof typeof FORMATS, ...string[]]} */
function find(words) {
  const [name, ...rest] = words.trim().split(/\s+/);
  if (!Object.hasOwn(MEASURES, name)) throw new Error(`there is no measure called ${name}`);
  return [...MEASURES[name], ...rest];
}

/**
 * The number itself.
 * @param {string} words @param {Context} context @param {() => boolean} [current]
 * @returns {Promise<number | null>}
 */
export async function valueOf(words, context, current = () => true) {
  const [compute, , ...rest] = find(words);
  const key = words.trim().replace(/\s+/g, " ");
  const before = known.get(key);
  if (before) {
    before.wanted.push(current);
    return before.value;
  }
  const wanted = [current];
  const source = new Source(context, () => wanted.some((still) => still()));
  const value = compute(source, ...rest)
    .catch((reason) => {
      if (reason instanceof GivenUp) return null;
      throw reason;
    })
    .finally(() => source.end());
  known.set(key, { value, wanted });
  const forget = () => known.delete(key);
  value.then((one) => one ?? forget(), forget);
  return value;
}
