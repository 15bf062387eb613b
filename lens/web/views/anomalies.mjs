// Anomalies: scores of normal and strange pictures with a threshold that is dragged live, and the pictures at its ends.

import { part } from "../dom.mjs";
import { openDigits } from "../model/formats.mjs";
import { openModel } from "../model/model.mjs";
import { Picture } from "../widgets/digit_canvas.mjs";
import { Threshold, rounded } from "../widgets/threshold.mjs";

/**
 * @typedef {import("../model/model.mjs").Model} Model
 * @typedef {[number, number]} Sample  a test picture and its score
 *
 * @typedef {object} Data
 * @property {string} base
 * @property {import("../model/model.mjs").Entry | null} model  redraws the pictures here, where it is there
 * @property {import("../widgets/threshold.mjs").Scores & {strangest: Sample[], passing: Sample[]}} detector
 * @property {string | null} [redrawn]  where there is no model: base64 of what it made of all samples, 784 bytes each
 * @property {{normal: string, strange: string}} sets  data sets that samples are test pictures of
 * @property {import("../widgets/threshold.mjs").Words} words
 *
 * @typedef {object} Cell
 * @property {HTMLButtonElement} button
 * @property {string} set
 * @property {Sample} sample
 * @property {Picture} original
 * @property {Picture} redrawn
 * @property {Float32Array} [picture]
 * @property {Float32Array} [levels]  what the model makes of it
 */

/**
 * Python sends Data; nothing is reported, also not where the threshold is.
 * @param {HTMLElement} root
 */
export function open(root) {
  return new Anomalies(root);
}

class Anomalies {
  /** @param {HTMLElement} root */
  constructor(root) {
    this.root = root;
    this.turn = 0;
    this.was = "";
    this.done = Promise.resolve();
    /** @type {Cell[]} */
    this.cells = [];
    /** @type {Cell | null} the one shown large */
    this.looked = null;
    this.threshold = new Threshold(root, (threshold) => this.judge(threshold));
    this.trio = ["original", "redrawn", "squared difference"].map((name) => {
      const figure = document.createElement("figure");
      const picture = new Picture(document.createElement("canvas"));
      picture.canvas.setAttribute("role", "img");
      const caption = document.createElement("figcaption");
      caption.textContent = name;
      figure.append(picture.canvas, caption);
      part(root, ".trio").append(figure);
      return picture;
    });
  }

  /** @param {Data} data */
  update(data) {
    const now = JSON.stringify([data.detector, data.sets, data.model?.stamp]);
    if (now !== this.was) {
      this.was = now;
      this.done = this.show(data);
      // What failed is tried again at the next rerun.
      this.done.catch(() => {
        this.was = "";
      });
    }
    return this.done;
  }

  /** @param {Data} data */
  async show(data) {
    this.turn += 1;
    const { turn } = this;
    this.data = data;
    this.cells = [];
    this.looked = null;
    this.threshold.setScores(data.detector, data.words);
    this.lay();
    const opening = this.openModel(data);
    // It may fail while nobody waits for it yet.
    opening.catch(() => {});
    const [normal, strange] = await Promise.all([
      openDigits(data.base, data.sets.normal),
      openDigits(data.base, data.sets.strange),
    ]);
    // Another detector may have been chosen while the files came.
    if (turn !== this.turn) return;
    this.digits = { [data.sets.normal]: normal, [data.sets.strange]: strange };
    const all = this.draw();
    this.look(this.cells[0]);
    const model = await opening;
    if (turn === this.turn) await this.redraw(all, model);
  }

  /** @param {Data} data */
  async openModel({ base, model }) {
    if (!model) return null;
    const found = await openModel(base, model);
    await found.openEncoder();
    return found;
  }

  /** A cell for each sample, before its picture has come. */
  lay() {
    const { detector, sets, words } = this.data;
    part(this.root, ".strangest-title").textContent = `The strangest ${words.normal}`;
    part(this.root, ".passing-title").textContent = `The least strange ${words.strange}`;
    const strangest = detector.strangest.map((sample) => this.cell(sample, sets.normal));
    const passing = detector.passing.map((sample) => this.cell(sample, sets.strange));
    part(this.root, ".strangest").replaceChildren(...strangest.map(({ button }) => button));
    part(this.root, ".passing").replaceChildren(...passing.map(({ button }) => button));
    this.cells = [...strangest, ...passing];
    this.judge(this.level);
  }

  /** @param {Sample} sample @param {string} set @returns {Cell} */
  cell(sample, set) {
    const button = document.createElement("button");
    button.type = "button";
    const original = new Picture(document.createElement("canvas"));
    const redrawn = new Picture(document.createElement("canvas"));
    redrawn.canvas.hidden = !this.data.model && !this.data.redrawn;
    const score = document.createElement("span");
    score.textContent = rounded(sample[1]);
    button.append(original.canvas, redrawn.canvas, score);
    const cell = { button, set, sample, redrawn, original };
    button.addEventListener("click", () => this.look(cell));
    return cell;
  }

  /** Show the originals. @returns {Float32Array} all of them, 784 grey levels each */
  draw() {
    const { cells } = this;
    const all = new Float32Array(784 * cells.length);
    cells.forEach((cell, k) => {
      const digits = this.digits[cell.set];
      const bytes = digits.image(cell.sample[0]);
      cell.original.drawBytes(bytes);
      cell.picture = all.subarray(784 * k, 784 * (k + 1));
      for (let at = 0; at < 784; at += 1) cell.picture[at] = bytes[at] / 255;
      cell.button.title = `${digits.word(cell.sample[0])}, test picture ${cell.sample[0]}`;
      cell.button.setAttribute("aria-label", `look closer at ${cell.button.title}`);
    });
    return all;
  }

  /** What the model makes of all of them at once. @param {Float32Array} all @param {Model | null} model */
  async redraw(all, model) {
    const { cells, turn } = this;
    const { redrawn } = this.data;
    if (!model && !redrawn) return;
    const levels = model
      ? await model.decode(await model.encode(all))
      : Float32Array.from(atob(redrawn), (letter) => letter.charCodeAt(0) / 255);
    if (turn !== this.turn) return;
    cells.forEach((cell, k) => {
      cell.levels = levels.slice(784 * k, 784 * (k + 1));
      cell.redrawn.drawUnit(cell.levels);
    });
    this.look(this.looked);
  }

  /** Mark the pictures that the threshold calls strange. @param {number} threshold */
  judge(threshold) {
    this.level = threshold;
    for (const { button, sample } of this.cells) button.classList.toggle("called", sample[1] >= threshold);
    if (this.looked) this.tell(this.looked);
  }

  /** Show one picture large. @param {Cell} cell */
  look(cell) {
    if (!cell?.picture) return;
    this.looked = cell;
    for (const { button } of this.cells) button.setAttribute("aria-pressed", String(button === cell.button));
    const { picture, levels } = cell;
    const [original, redrawn, difference] = this.trio;
    original.drawUnit(picture);
    original.canvas.setAttribute("aria-label", `original, ${cell.button.title}`);
    for (const { canvas } of [redrawn, difference]) canvas.parentElement.hidden = !levels;
    if (levels) {
      redrawn.drawUnit(levels);
      redrawn.canvas.setAttribute("aria-label", `decoded digit, ${cell.button.title}`);
      difference.drawUnit(levels.map((level, at) => (level - picture[at]) ** 2));
      difference.canvas.setAttribute("aria-label", `squared difference, ${cell.button.title}`);
    }
    this.tell(cell);
  }

  /** @param {Cell} cell */
  tell({ button, sample, picture, levels }) {
    const { score, unit } = this.data.detector;
    const words = [`${button.title}.`];
    if (levels) {
      const error = levels.reduce((sum, level, at) => sum + (level - picture[at]) ** 2, 0);
      words.push(`Squared error here: ${error.toFixed(1)}.`);
    }
    if (score !== "squared error") words.push(`${score[0].toUpperCase()}${score.slice(1)}: ${rounded(sample[1])} ${unit}.`);
    words.push(sample[1] >= this.level ? "Called strange." : "Passes.");
    part(this.root, ".told").textContent = words.join(" ");
  }

  destroy() {
    this.turn += 1;
  }
}
