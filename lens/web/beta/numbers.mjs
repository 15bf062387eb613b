// What each β costs and buys: numbers of the model on show, each with its curve over all models.

import { term } from "../widgets/prose.mjs";

/** @typedef {import("../contract").BetaModel} Entry */

/** @typedef {{key: string, name: string, term: string, meaning: string, value: (entry: Entry) => number | null, words: (value: number, entry: Entry) => string}} Figure */

/** @type {Figure[]} */
export const FIGURES = [
  {
    key: "reconstruction",
    name: "Reconstruction",
    term: "cross-entropy",
    meaning: "cross-entropy of the pixels, given z: the less, the more detail is kept",
    value: ({ reconstruction }) => reconstruction,
    words: (value) => `${value.toFixed(1)} nats`,
  },
  {
    key: "kl",
    name: "KL",
    term: "kl",
    meaning: "information about the digit that z carries, at most",
    value: ({ kl }) => kl,
    words: (value) => `${value.toFixed(1)} nats`,
  },
  {
    key: "active",
    name: "Active units",
    term: "active",
    meaning: "latents whose mean varies across digits: Var μ > 0.01",
    value: ({ active_units: active }) => active,
    words: (value, { latent_dim: all }) => `${value} of ${all}`,
  },
  {
    key: "legible",
    name: "Legible draws",
    term: "legible",
    meaning: "share of 1,000 draws from the prior that a classifier reads with at least 90 % confidence",
    value: ({ legible_share: share }) => share,
    words: (value) => `${(100 * value).toFixed(0)} %`,
  },
];

const [WIDTH, HEIGHT, EDGE] = [120, 30, 4]; // of a curve

/** A list of numbers with their curves. */
export class Numbers {
  /** @param {HTMLElement} root a <dl> */
  constructor(root) {
    this.root = root;
    /** @type {Entry[]} */
    this.entries = [];
    /** @type {{figure: Figure, value: HTMLElement, dot: Element}[]} */
    this.rows = [];
  }

  /** @param {Entry[]} entries */
  build(entries) {
    this.entries = entries;
    const known = FIGURES.filter(({ value }) => entries.every((entry) => value(entry) !== null));
    this.rows = known.map((figure) => {
      const row = document.createElement("div");
      row.dataset.figure = figure.key;
      row.innerHTML = `<dt></dt><dd class="value"></dd>
        <svg viewBox="0 0 ${WIDTH} ${HEIGHT}" aria-hidden="true"><polyline/><circle r="3.5"/></svg><dd class="meaning"></dd>`;
      const part = (/** @type {string} */ selector) => /** @type {HTMLElement} */ (row.querySelector(selector));
      part("dt").append(term(figure.term, figure.name));
      part(".meaning").textContent = figure.meaning;
      part("polyline").setAttribute("points", curve(entries, figure).map((place) => place.join(",")).join(" "));
      this.root.append(row);
      return { figure, value: part(".value"), dot: part("circle") };
    });
    this.root.replaceChildren(...this.rows.map(({ value }) => /** @type {HTMLElement} */ (value.parentElement)));
  }

  /** @param {number} k the model on show */
  show(k) {
    const entry = this.entries[k];
    for (const { figure, value, dot } of this.rows) {
      value.textContent = figure.words(figure.value(entry) ?? NaN, entry);
      const [x, y] = curve(this.entries, figure)[k];
      dot.setAttribute("cx", String(x));
      dot.setAttribute("cy", String(y));
    }
  }

  /** All of them in a sentence. @param {number} k */
  words(k) {
    const entry = this.entries[k];
    return this.rows.map(({ figure }) => `${figure.name} ${figure.words(figure.value(entry) ?? NaN, entry)}`).join(", ");
  }
}

/** The places of a curve's points, evenly spaced across. @param {Entry[]} entries @param {Figure} figure @returns {[number, number][]} */
export function curve(entries, { value }) {
  const values = entries.map((entry) => value(entry) ?? NaN);
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const round = (/** @type {number} */ number) => Number(number.toFixed(2));
  return values.map((each, k) => {
    const share = high > low ? (each - low) / (high - low) : 0.5;
    const across = entries.length > 1 ? k / (entries.length - 1) : 0.5;
    return [round(EDGE + across * (WIDTH - 2 * EDGE)), round(HEIGHT - EDGE - share * (HEIGHT - 2 * EDGE))];
  });
}
