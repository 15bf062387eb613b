// What a person has to do for a step to tick itself off, counted from the events that the view tells.

/** @typedef {import("../contract").Deed} Deed */

/** @typedef {import("../contract").Condition} Condition */

/** @typedef {import("../view.mjs").Facts} Facts */

/** @type {Record<Condition["test"], (found: number, wanted: number) => boolean>} */
const TESTS = {
  "=": (found, wanted) => found === wanted,
  "!=": (found, wanted) => found !== wanted,
  "<": (found, wanted) => found < wanted,
  "<=": (found, wanted) => found <= wanted,
  ">": (found, wanted) => found > wanted,
  ">=": (found, wanted) => found >= wanted,
};

export class DeedCount {
  /** @param {Deed} deed */
  constructor(deed) {
    this.deed = deed;
    this.times = 0;
    /** @type {Set<string>} values of the fact that has to differ */
    this.values = new Set();
  }

  get done() {
    return this.times >= this.deed.times;
  }

  /** Count an event, if it is the one that is wanted. @param {string} event @param {Facts} facts @returns {boolean} whether it counted */
  hear(event, facts) {
    const { deed, times, values } = this;
    if (this.done || event !== deed.event || !deed.where.every((condition) => meets(condition, facts))) return false;
    if (deed.distinct === null) this.times += 1;
    else if (deed.distinct in facts) this.times = values.add(String(facts[deed.distinct])).size;
    return this.times > times;
  }
}

/**
 * Whether an event's facts are as a condition wants them. Numbers are compared as such, all else by what it is called; a
 * fact that the event lacks meets none.
 * @param {Condition} condition @param {Facts} facts @returns {boolean}
 */
export function meets({ fact, test, value }, facts) {
  if (!(fact in facts)) return false;
  const found = facts[fact];
  if (typeof found === "number" && typeof value === "number") return TESTS[test](found, value);
  if (test === "=") return String(found) === String(value);
  return test === "!=" && String(found) !== String(value);
}
