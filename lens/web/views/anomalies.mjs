// Anomalies: scores of normal and anomalous images with a threshold that is dragged live, and the images at both ends.

import { button, part } from "../dom.mjs";
import { openDataset } from "../model/dataset.mjs";
import { View } from "../view.mjs";
import { DigitCanvas } from "../widgets/digit_canvas.mjs";
import { SLIDER_KEYS } from "../widgets/key_help.mjs";
import { Threshold, rounded } from "../widgets/threshold.mjs";

/** @typedef {import("../contract").Anomalies} Data */

/** @typedef {import("../model/model.mjs").Model} Model */

/** @typedef {import("../model/dataset.mjs").Dataset} Dataset */

/** @typedef {[number, number]} Sample  a test image and its score */

/** One image in a list, and what a model makes of it once that is known. */
class Cell {
  /** @param {Sample} sample @param {"normal" | "anomalous"} side @param {(cell: Cell) => void} pick */
  constructor([image, score], side, pick) {
    this.image = image;
    this.score = score;
    this.side = side;
    this.original = new DigitCanvas(document.createElement("canvas"));
    this.reconstructed = new DigitCanvas(document.createElement("canvas"));
    const words = document.createElement("span");
    words.textContent = rounded(score);
    this.button = button("", () => pick(this));
    this.button.append(this.original.canvas, this.reconstructed.canvas, words);
    /** @type {Float32Array | null} 784 grey levels, once the image has come */
    this.levels = null;
    /** @type {Float32Array | null} */
    this.output = null;
  }

  /** @param {Dataset} dataset */
  setDataset(dataset) {
    this.levels = dataset.greyLevels(this.image);
    this.original.drawUnit(this.levels);
    this.button.title = `${dataset.className(this.image)}, ${dataset.reference(this.image)}`;
    this.button.setAttribute("aria-label", `${rounded(this.score)}: ${this.button.title}`);
  }

  /** @param {Float32Array} output what the model makes of it */
  setOutput(output) {
    this.output = output;
    this.reconstructed.drawUnit(output);
  }
}

/** @extends {View<Data, {normal: Dataset, anomalous: Dataset, opening: Promise<Model | null>}, import("../contract").AnomaliesState>} */
export default class Anomalies extends View {
  /** @param {HTMLElement} root */
  constructor(root) {
    super(root);
    this.shown = "";
    this.complete = false;
    this.level = 0;
    this.score = "";
    this.unit = "";
    /** @type {Cell[]} */
    this.cells = [];
    /** @type {Cell | null} the one shown large */
    this.closer = null;
    this.threshold = new Threshold(root, (threshold) => this.judge(threshold), () => {
      this.settle();
      this.tellAtRest("threshold", () => this.threshold.rates);
    });
    const [original, reconstructed, difference] = ["original", "reconstruction", "squared difference"].map((name) => {
      const figure = document.createElement("figure");
      const picture = new DigitCanvas(document.createElement("canvas"));
      picture.canvas.setAttribute("role", "img");
      const caption = document.createElement("figcaption");
      caption.textContent = name;
      figure.append(picture.canvas, caption);
      part(root, ".trio").append(figure);
      return { figure, picture };
    });
    this.trio = { original, reconstructed, difference };
  }

  /** A cell for each sample, before its image has come. @param {Data} data */
  prepare({ detector, normal, anomalous, model, reconstructed }) {
    const wanted = JSON.stringify([detector, normal, anomalous, model?.stamp]);
    // Failed loads are tried again at the next rerun.
    if (wanted === this.shown && this.complete) return;
    this.shown = wanted;
    this.complete = false;
    this.closer = null;
    this.score = detector.score;
    this.unit = detector.unit;
    const words = { normal: normal.plural, anomalous: anomalous.plural };
    const list = (/** @type {Sample[]} */ samples, /** @type {"normal" | "anomalous"} */ side) =>
      samples.map((sample) => new Cell(sample, side, (cell) => this.choose(cell)));
    const most = list(detector.most_anomalous, "normal");
    const least = list(detector.least_anomalous, "anomalous");
    this.cells = [...most, ...least];
    for (const cell of this.cells) cell.reconstructed.canvas.hidden = !model && !reconstructed;
    part(this.root, ".most-title").textContent = `Most anomalous ${words.normal}`;
    part(this.root, ".least-title").textContent = `Least anomalous ${words.anomalous}`;
    part(this.root, ".most-anomalous").replaceChildren(...most.map((cell) => cell.button));
    part(this.root, ".least-anomalous").replaceChildren(...least.map((cell) => cell.button));
    this.threshold.setScores(detector, words);
  }

  /** @param {Data} data @param {import("../view.mjs").OpenModel} open */
  async load({ base, model, normal, anomalous }, open) {
    const opening = model ? openWithEncoder(open(model)) : Promise.resolve(null);
    // It may fail before anything awaits it.
    opening.catch(() => {});
    const [first, second] = await Promise.all([openDataset(base, normal), openDataset(base, anomalous)]);
    return { normal: first, anomalous: second, opening };
  }

  /** @param {Data} data @param {{normal: Dataset, anomalous: Dataset, opening: Promise<Model | null>}} loaded */
  async show(data, { opening, ...datasets }) {
    const news = this.isNews(data.state);
    if (news) this.threshold.choose(data.state?.threshold ?? null);
    if (this.complete) {
      if (news) this.restore(data.state);
      return;
    }
    const { turn, cells } = this;
    for (const cell of cells) cell.setDataset(datasets[cell.side]);
    this.restore(data.state);
    const outputs = await reconstruct(cells, await opening, data.reconstructed);
    if (turn !== this.turn) return;
    if (outputs) cells.forEach((cell, k) => cell.setOutput(outputs.slice(784 * k, 784 * (k + 1))));
    if (this.closer) this.look(this.closer);
    this.complete = true;
  }

  /** @param {Data["state"]} state what is set on arrival and after Back or Forward */
  restore(state) {
    const { cells } = this;
    const cell = cells.find((each) => nameOf(each) === state?.look) ?? cells[0];
    if (cell) this.look(cell);
    this.settled();
  }

  state() {
    const { closer, cells } = this;
    if (!closer) return null;
    return { threshold: this.threshold.chosen, look: closer === cells[0] ? null : nameOf(closer) };
  }

  /** Show the image that was clicked large. @param {Cell} cell */
  choose(cell) {
    this.look(cell);
    this.settle();
    this.tell("looked", { image: nameOf(cell) });
    this.announcer.sayAtRest(() => part(this.root, ".description").textContent ?? "");
  }

  /** Mark the images that the threshold flags. @param {number} threshold */
  judge(threshold) {
    this.level = threshold;
    for (const cell of this.cells) cell.button.classList.toggle("flagged", cell.score >= threshold);
    if (this.closer) this.describe(this.closer);
  }

  /** Show one image large. @param {Cell} cell */
  look(cell) {
    const { levels, output } = cell;
    if (!levels) return;
    this.closer = cell;
    for (const each of this.cells) each.button.setAttribute("aria-pressed", String(each === cell));
    const { original, reconstructed, difference } = this.trio;
    const { title } = cell.button;
    original.picture.drawUnit(levels);
    original.picture.canvas.setAttribute("aria-label", `original, ${title}`);
    for (const { figure } of [reconstructed, difference]) figure.hidden = !output;
    if (output) {
      reconstructed.picture.drawUnit(output);
      reconstructed.picture.canvas.setAttribute("aria-label", `decoded digit, ${title}`);
      difference.picture.drawUnit(output.map((level, at) => (level - levels[at]) ** 2));
      difference.picture.canvas.setAttribute("aria-label", `squared difference, ${title}`);
    }
    this.describe(cell);
  }

  /** @param {Cell} cell */
  describe({ button: { title }, score, levels, output }) {
    const words = [`${title}.`];
    if (levels && output) {
      const error = output.reduce((sum, level, at) => sum + (level - levels[at]) ** 2, 0);
      words.push(`Squared error: ${error.toFixed(1)}.`);
    }
    if (this.score !== "squared error") {
      words.push(`${this.score[0].toUpperCase()}${this.score.slice(1)}: ${rounded(score)} ${this.unit}.`);
    }
    words.push(score >= this.level ? "Flagged." : "Not flagged.");
    part(this.root, ".description").textContent = words.join(" ");
  }

  /** @returns {import("../widgets/key_help.mjs").Row[]} */
  keys() {
    const [first, ...rest] = SLIDER_KEYS;
    return [[first[0], "on the histogram: one bin"], ...rest, ["Enter, Space", "on an image: look closer"]];
  }

  destroy() {
    super.destroy();
    this.threshold.destroy();
  }
}

/** An image as the address has it. @param {Cell} cell */
function nameOf({ side, image }) {
  return `${side}-${image}`;
}

/** @param {Promise<Model>} opening @returns {Promise<Model>} */
async function openWithEncoder(opening) {
  const model = await opening;
  await model.openEncoder();
  return model;
}

/**
 * A model's reconstructions of all images, 784 grey levels each; null without a model.
 * @param {Cell[]} cells @param {Model | null} model
 * @param {string | null} stored base64 of the bytes, where they were reconstructed before
 * @returns {Promise<Float32Array | null>}
 */
async function reconstruct(cells, model, stored) {
  if (!model) return stored ? Float32Array.from(atob(stored), (letter) => letter.charCodeAt(0) / 255) : null;
  const all = new Float32Array(784 * cells.length);
  cells.forEach(({ levels }, k) => all.set(levels ?? [], 784 * k));
  return model.decode(await model.encode(all));
}
