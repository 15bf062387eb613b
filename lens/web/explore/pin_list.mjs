// Up to six codes that a person keeps, each with a letter, and sums of them.

export const LETTERS = [..."ABCDEF"];

/** Three letters. @typedef {[string, string, string]} Terms */

export class PinList {
  constructor() {
    /** By letter. @type {Map<string, Float32Array>} */
    this.codes = new Map();
  }

  /** The letters in use, in order. */
  get letters() {
    return LETTERS.filter((letter) => this.codes.has(letter));
  }

  /**
   * Keep a code under the first free letter.
   * @param {ArrayLike<number>} z @returns {string | null} its letter, also if it was kept already; null if all are taken
   */
  add(z) {
    const known = this.letters.find((letter) => this.codes.get(letter)?.every((value, k) => value === z[k]));
    if (known) return known;
    const free = LETTERS.find((letter) => !this.codes.has(letter));
    if (!free) return null;
    this.codes.set(free, Float32Array.from(z));
    return free;
  }

  /** @param {string} letter */
  remove(letter) {
    this.codes.delete(letter);
  }

  /** @param {Terms} terms @returns {Float32Array | null} a - b + c, null if one of them isn't kept */
  sum(terms) {
    const [a, b, c] = terms.map((letter) => this.codes.get(letter));
    return a && b && c ? a.map((value, k) => value - b[k] + c[k]) : null;
  }

  /** The codes in the order of their letters, an empty one for a free letter before the last. @returns {number[][]} */
  toJSON() {
    const last = Math.max(-1, ...this.letters.map((letter) => LETTERS.indexOf(letter)));
    return LETTERS.slice(0, last + 1).map((letter) => Array.from(this.codes.get(letter) ?? []));
  }

  /** Keep these codes instead, those that have `dim` numbers. @param {unknown} codes @param {number} dim */
  restore(codes, dim) {
    this.codes.clear();
    if (!Array.isArray(codes)) return;
    codes.slice(0, LETTERS.length).forEach((code, k) => {
      if (!Array.isArray(code) || code.length !== dim || !code.every(Number.isFinite)) return;
      this.codes.set(LETTERS[k], Float32Array.from(code));
    });
  }
}

/** @param {Terms} terms @returns {string} "A − B + C" */
export function formula([a, b, c]) {
  return `${a} − ${b} + ${c}`;
}
