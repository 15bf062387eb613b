// The numbers of lessons by their words, such as "legible vae-16": computed from the bundles when they are shown.

import { auroc, found } from "./detectors.mjs";
import { change, error, reconstruction, repair } from "./errors.mjs";
import { angle } from "./planes.mjs";
import { active, kl, latents, narrowShare, sigma, spread } from "./posterior.mjs";
import { classKept, halfway, kept, legible } from "./reading.mjs";
import { GivenUp, Source } from "./source.mjs";

/** @typedef {import("./source.mjs").Context} Context */

/** @typedef {(source: Source, ...words: any[]) => Promise<number>} Measure  from a source and the words behind the name */

/** By name, as aemodels/lessons/vocabulary.json describes them: how each is computed, and how it is written. @type {Record<string, [Measure, Format]>} */
export const MEASURES = {
  kept: [kept, "percent"],
  error: [error, "error"],
  error_change: [change("error"), "percent"],
  reconstruction: [reconstruction, "nats"],
  reconstruction_change: [change("reconstruction"), "percent"],
  angle: [angle, "degrees"],
  legible: [legible, "percent"],
  sigma: [sigma, "number"],
  spread: [spread, "number"],
  class_kept: [classKept, "percent"],
  kl: [kl, "nats"],
  narrow_share: [narrowShare, "percent"],
  active: [active, "count"],
  latents: [latents, "count"],
  halfway: [halfway, "percent"],
  repair: [repair, "error"],
  found: [found, "percent"],
  auroc: [auroc, "number"],
};

/** @typedef {"percent" | "error" | "nats" | "degrees" | "number" | "count"} Format */

/** How a number is written. @type {Record<Format, (value: number) => string>} */
export const FORMATS = {
  percent: (value) => {
    const percent = 100 * value;
    // What is nearly all isn't all.
    const decimals = percent > 0 && percent < 100 && (percent < 1 || percent > 99) ? 2 : 0;
    return `${Number(percent.toFixed(decimals))} %`;
  },
  error: (value) => value.toFixed(1),
  nats: (value) => `${value.toFixed(1)} nats`,
  degrees: (value) => `${value.toFixed(1)}°`,
  number: (value) => value.toPrecision(value < 0.1 ? 2 : 3),
  count: String,
};

/** Numbers as wide as most are. @type {Record<Format, number>} */
const USUAL = { percent: 0.5, error: 20, nats: 7, degrees: 2, number: 0.5, count: 10 };

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
 * A number as it is written; by default one that is about as wide.
 * @param {string} words @param {number} [value]
 */
export function written(words, value) {
  const [, format] = find(words);
  return FORMATS[format](value ?? USUAL[format]);
}

/** @param {string} words @returns {[Measure, Format, ...string[]]} */
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
  const still = () => wanted.some((each) => each());
  const source = new Source(context, still, (other) => valueOf(other, context, still));
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
