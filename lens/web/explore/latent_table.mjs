// The numbers of each latent: μ, log σ² and σ of the input, ε to drag, and z; without a posterior, z alone.

import { button } from "../dom.mjs";
import { fixed } from "../widgets/decimals.mjs";
import { moveByKeys, spoken } from "../widgets/key_steps.mjs";
import { draggable } from "../widgets/range.mjs";

/** @typedef {import("./pytorch.mjs").Part} Part */

/** @typedef {import("./subject.mjs").Subject} Subject */

/**
 * @typedef {object} Row
 * @property {number} latent
 * @property {Map<Part, HTMLElement>} cells
 * @property {HTMLInputElement | null} slider
 */

export const FIRST = 4; // latents shown at first, the most informative
export const REACH = 4; // ends of the line on which ε lies
const STEP = 0.1; // of a key
const DECIMALS = 3;

/** Its title, and how it is made. @type {[Part, string, string][]} */
const SAMPLED = [
  ["mu", "μ", ""],
  ["log_var", "log σ²", ""],
  ["sigma", "σ", "= e<sup>½ log σ²</sup>"],
  ["eps", "ε", "~ N(0, 1)"],
  ["z", "z", "= μ + σ ε"],
];
/** @type {[Part, string, string][]} */
const ALONE = [["z", "z", ""]];

/** ε of each latent, (z - μ) / σ. @param {ArrayLike<number>} z @param {ArrayLike<number>} mean @param {ArrayLike<number>} logVar */
export function noiseOf(z, mean, logVar) {
  return Array.from(z, (value, k) => (value - mean[k]) / Math.exp(0.5 * logVar[k]));
}

/** z of each latent, μ + σ ε. @param {ArrayLike<number>} eps @param {ArrayLike<number>} mean @param {ArrayLike<number>} logVar */
export function sampleOf(eps, mean, logVar) {
  return Array.from(eps, (value, k) => mean[k] + Math.exp(0.5 * logVar[k]) * value);
}

export class LatentTable {
  /** @param {HTMLElement} root @param {{input: (latent: number, eps: number) => void, release: (latent: number) => void, built: () => void}} on */
  constructor(root, on) {
    this.root = root;
    this.on = on;
    this.sampled = false;
    this.whole = false;
    /** @type {Row[]} */
    this.rows = [];
    /** @type {HTMLElement[]} */
    this.titles = [];
  }

  /** @param {Subject} subject */
  build(subject) {
    const { entry } = subject.model;
    this.sampled = entry.variational;
    const columns = this.sampled ? SAMPLED : ALONE;
    const { order } = entry.space;
    const many = order.length > FIRST;
    const shown = many && !this.whole ? order.slice(0, FIRST) : order;
    // If all are few, z1 comes before z2.
    const latents = many ? shown : [...shown].sort((a, b) => a - b);
    const head = element("div", "row head", "row");
    const corner = element("span", "name", "columnheader");
    corner.innerHTML = '<span class="unseen">latent</span>';
    this.titles = columns.map(([part, title, made]) => this.title(part, title, made));
    head.append(corner, ...this.titles.map((each, k) => wrapped(each, columns[k][0])));
    this.rows = latents.map((latent) => this.row(latent, columns));
    const rows = this.rows.map(({ cells }, k) => {
      const row = element("div", "row", "row");
      row.classList.toggle("inactive", entry.space.inactive[latents[k]]);
      const name = element("span", "name", "rowheader");
      name.textContent = `z${latents[k] + 1}`;
      row.append(name, ...cells.values());
      return row;
    });
    const table = element("div", "numbers", "table");
    table.setAttribute("aria-label", "numbers of each latent");
    this.root.classList.toggle("sampled", this.sampled);
    table.append(head, ...rows);
    this.root.replaceChildren(table);
    if (many) this.root.append(this.expander(order.length, subject));
    this.setInput(subject);
    this.move(subject);
    this.on.built();
  }

  /** @param {Part} part @param {string} text @param {string} how it is made, in HTML */
  title(part, text, how) {
    const made = button(text, () => {});
    if (how) made.insertAdjacentHTML("beforeend", ` <small>${how}</small>`);
    made.className = `mark ${part}`;
    made.dataset.parts = part;
    made.setAttribute("aria-pressed", "false");
    return made;
  }

  /** @param {number} latent @param {[Part, string, string][]} columns @returns {Row} */
  row(latent, columns) {
    const cells = new Map(
      columns.map(([part]) => {
        const cell = element("span", `number ${part}`, "cell");
        cell.dataset.parts = part;
        return [part, cell];
      }),
    );
    const eps = cells.get("eps");
    return { latent, cells, slider: eps ? this.slider(latent, eps) : null };
  }

  /** A number line with the bell curve for ε. @param {number} latent @param {HTMLElement} cell */
  slider(latent, cell) {
    const input = document.createElement("input");
    input.type = "range";
    input.step = "any";
    input.min = String(-REACH);
    input.max = String(REACH);
    input.setAttribute("aria-label", `ε${latent + 1}`);
    moveByKeys(input, () => STEP);
    input.addEventListener("input", () => this.on.input(latent, input.valueAsNumber));
    input.addEventListener("change", () => this.on.release(latent));
    const line = element("span", "line");
    line.innerHTML = BELL;
    line.append(input);
    draggable(input);
    cell.append(line, element("span", "value"));
    return input;
  }

  /** @param {number} count @param {Subject} subject */
  expander(count, subject) {
    const made = button(this.whole ? `show the first ${FIRST}` : `show all ${count}`, () => {
      this.whole = !this.whole;
      this.build(subject);
      this.root.querySelector("button.quiet")?.scrollIntoView({ block: "nearest" });
      /** @type {HTMLElement | null} */ (this.root.querySelector("button.quiet"))?.focus();
    });
    made.className = "quiet";
    return made;
  }

  /** @param {Subject} subject */
  setInput({ input: { mean, logVar } }) {
    if (!logVar) return;
    for (const { latent, cells } of this.rows) {
      write(cells.get("mu"), fixed(mean[latent], DECIMALS));
      write(cells.get("log_var"), fixed(logVar[latent], DECIMALS));
      write(cells.get("sigma"), fixed(Math.exp(0.5 * logVar[latent]), DECIMALS));
    }
  }

  /** @param {Subject} subject */
  move({ code: { z }, input: { mean, logVar } }) {
    for (const { latent, cells, slider } of this.rows) {
      write(cells.get("z"), fixed(z[latent], DECIMALS));
      if (!logVar || !slider) continue;
      const eps = (z[latent] - mean[latent]) / Math.exp(0.5 * logVar[latent]);
      const kept = Math.max(-REACH, Math.min(REACH, eps));
      if (Math.abs(slider.valueAsNumber - kept) > 1e-4) slider.value = String(kept);
      const words = fixed(eps);
      const value = cells.get("eps")?.lastElementChild;
      if (!(value instanceof HTMLElement) || value.textContent === words) continue;
      value.textContent = words;
      slider.setAttribute("aria-valuetext", spoken(eps));
    }
  }
}

/** The density of N(0, 1) from -REACH to REACH, drawn once. */
const BELL = (() => {
  const points = Array.from({ length: 65 }, (_, k) => {
    const x = -REACH + (2 * REACH * k) / 64;
    return `${x.toFixed(3)},${(1 - Math.exp((-x * x) / 2)).toFixed(4)}`;
  });
  return `<svg class="bell" viewBox="${-REACH} 0 ${2 * REACH} 1" preserveAspectRatio="none" aria-hidden="true"><polygon points="${-REACH},1 ${points.join(" ")} ${REACH},1"></polygon></svg>`;
})();

/** @param {HTMLElement | undefined} cell @param {string} text */
function write(cell, text) {
  if (cell && cell.textContent !== text) cell.textContent = text;
}

/** @param {string} tag @param {string} name its class @param {string} [role] */
function element(tag, name, role) {
  const made = document.createElement(tag);
  made.className = name;
  if (role) made.setAttribute("role", role);
  return made;
}

/** @param {HTMLElement} inner @param {Part} name */
function wrapped(inner, name) {
  const made = element("span", `title ${name}`, "columnheader");
  made.append(inner);
  return made;
}
