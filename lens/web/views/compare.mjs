// Compare: several models side by side; one test image highlighted on all maps.

import { part } from "../dom.mjs";
import { showFrames, visibleFrames } from "../map/frames.mjs";
import { LatentMap } from "../map/latent_map.mjs";
import { frameOf, MovingCode, projectAll } from "../maths/plane.mjs";
import { openDataset, withArticle } from "../model/dataset.mjs";
import { View } from "../view.mjs";
import { ClassFilter } from "../widgets/class_filter.mjs";
import { decodedWords } from "../widgets/decoded_words.mjs";
import { DigitCanvas } from "../widgets/digit_canvas.mjs";
import { FILTER_KEYS, ZOOM_KEYS } from "../widgets/key_help.mjs";

/** @typedef {import("../contract").Compare} Data */

/** @typedef {import("../model/model.mjs").Model} Model */

/** @typedef {import("../model/dataset.mjs").Dataset} Dataset */

/** What a column's number is, by the pixels that its model was trained on: errors on other pixels can't be compared. */
const UNITS = {
  grey: "squared error",
  threshold: "squared error, black-and-white pixels",
  stochastic: "trained on random black-and-white pixels",
};

/** One model of the comparison: its map, its digit and the code it shows. */
class Column {
  /** @param {Compare} view */
  constructor(view) {
    this.cell = document.createElement("div");
    this.cell.className = "cell";
    this.cell.innerHTML = `<canvas role="img"></canvas>
      <div class="words"><strong></strong><span class="error"></span><span class="unit"></span></div>`;
    this.picture = new DigitCanvas(part(this.cell, "canvas", HTMLCanvasElement));
    this.error = part(this.cell, ".error");
    this.unit = part(this.cell, ".unit");
    this.square = document.createElement("div");
    this.square.className = "square";
    this.square.innerHTML = `<h2></h2><div class="map"></div>`;
    /** @type {Model | null} */
    this.model = null;
    /** @type {MovingCode | null} */
    this.code = null;
    this.digit = -1; // the test digit whose code is shown, or -1
    this.title = "";
    this.noun = "";
    this.map = new LatentMap(part(this.square, ".map"), "latent map", {
      drag: (u, v) => {
        this.code?.moveTo(u, v);
        this.digit = -1;
        view.loop.ask();
        view.announcer.sayAtRest(() => (view.dataset ? this.words(view.dataset) : ""));
      },
      hover: (i) => view.hover(i, this),
      pick: (i) => view.choose(i),
      view: () => view.settle(),
      leave: () => view.restore(),
    });
    this.map.root.addEventListener("pointerleave", (event) => {
      if (event.pointerType === "mouse") view.restore();
    });
  }

  /** @param {string} title what the column is called; another model may take it over @param {string} noun of an image */
  setTitle(title, noun) {
    part(this.cell, "strong").textContent = title;
    part(this.cell, "strong").title = title;
    part(this.square, "h2").textContent = title;
    this.title = title;
    this.noun = noun;
    this.namePicture("");
    this.map.setLabel(`latent map, ${title}`);
  }

  /** Say what its picture shows. @param {string} what */
  namePicture(what) {
    this.picture.canvas.setAttribute("aria-label", `decoded ${this.noun}, ${this.title}${what}`);
  }

  /** What is known about what it decodes at its cross-hair. @param {Dataset} dataset */
  words(dataset) {
    const { model, code, title } = this;
    if (!model || !code) return "";
    return `${title}, at the cross-hair. ${decodedWords(model, dataset, code.z)}`;
  }

  remove() {
    this.map.destroy();
    this.cell.remove();
    this.square.remove();
  }

  /** @param {Model} model @param {Dataset} dataset */
  setModel(model, dataset) {
    if (this.model === model) return;
    const { space } = model.entry;
    this.model = model;
    this.code = new MovingCode(space, model.code(0));
    this.unit.textContent = UNITS[model.entry.binarisation];
    const { class_names: classNames } = dataset.entry;
    this.map.update({ points: projectAll(model), classes: dataset.labels, classNames, frame: frameOf(space) });
  }

  /** @param {number} i show the code of this test digit */
  showDigit(i) {
    if (!this.model || !this.code) return;
    this.digit = i;
    this.code.set(this.model.code(i));
  }

  /** Zoom out where the digit on show is out of view. */
  reveal() {
    if (this.code) this.map.reveal(this.code.place);
  }

  /** @param {Uint8Array} original @param {string} name of it */
  async draw(original, name) {
    const { model, code, digit } = this;
    if (!model || !code) return;
    this.map.update({ cross: digit < 0 ? code.place : null, highlighted: digit });
    const pixels = await model.decode(code.z);
    this.picture.drawUnit(pixels);
    this.namePicture(digit < 0 ? ", at the cross-hair" : `, reconstruction of ${name}`);
    const { binarisation } = model.entry;
    if (binarisation === "stochastic") {
      this.error.textContent = "–";
      return;
    }
    const seen = (/** @type {number} */ level) => (binarisation === "grey" ? level / 255 : Number(level > 127.5));
    let error = 0;
    for (let k = 0; k < 784; k += 1) error += (pixels[k] - seen(original[k])) ** 2;
    this.error.textContent = error.toFixed(1);
  }
}

/** @extends {View<Data, {dataset: Dataset, models: Model[]}, import("../contract").CompareState>} */
export default class Compare extends View {
  /** @param {HTMLElement} root */
  constructor(root) {
    super(root);
    this.original = new DigitCanvas(part(root, ".original canvas", HTMLCanvasElement));
    /** @type {Dataset | null} */
    this.dataset = null;
    /** @type {Column[]} */
    this.columns = [];
    this.chosen = 0; // the test digit that is kept
    this.highlighted = 0; // the one on show
    this.filter = new ClassFilter(part(root, ".filter"), (visibleClasses) => {
      for (const { map } of this.columns) map.update({ visibleClasses });
      this.settle();
    });
    part(root, ".next").addEventListener("click", () => {
      if (!this.dataset) return;
      const { count, labels } = this.dataset;
      let i = this.chosen;
      do i = (i + 1) % count;
      while (!this.filter.visible[labels[i]]);
      this.choose(i);
    });
  }

  /** @param {Data} data */
  prepare({ models, dataset: { noun } }) {
    const stage = part(this.root, ".stage");
    stage.dataset.count = String(models.length);
    stage.style.setProperty("--count", String(models.length));
    for (const column of this.columns.splice(models.length)) column.remove();
    while (this.columns.length < models.length) {
      const column = new Column(this);
      column.setTitle(models[this.columns.length].title, noun);
      column.map.update({ visibleClasses: this.filter.visible.slice() });
      part(stage, ".cells").append(column.cell);
      stage.append(column.square);
      this.columns.push(column);
    }
    part(this.root, ".next").textContent = `Next ${noun}`;
    for (const word of this.root.querySelectorAll(".noun")) word.textContent = noun;
  }

  /** @param {Data} data @param {import("../view.mjs").OpenModel} open */
  async load({ base, dataset: words, models: entries }, open) {
    const [dataset, ...models] = await Promise.all([openDataset(base, words), ...entries.map(open)]);
    return { dataset, models };
  }

  /** @param {Data} data @param {{dataset: Dataset, models: Model[]}} loaded @param {import("../theme.mjs").Theme} theme */
  async show(data, { dataset, models }, theme) {
    const changed = models.some((model, k) => model !== this.columns[k].model);
    this.dataset = dataset;
    this.filter.setNames(dataset.entry.class_names);
    models.forEach((model, k) => {
      this.columns[k].setModel(model, dataset);
      this.columns[k].setTitle(data.models[k].title, data.dataset.noun);
      this.columns[k].map.update({ theme });
    });
    const news = this.isNews(data.state);
    if (news) this.takeOver(data.state);
    if (!changed && !news) return;
    this.highlight(this.chosen);
    await this.draw();
    // Nothing was done yet that is worth a word.
    this.announcer.stop();
  }

  /** @param {Data["state"]} state what is set on arrival, after Back or Forward, and for other models */
  takeOver(state) {
    this.chosen = state?.digit ?? 0;
    this.filter.choose(state?.classes ?? null);
    showFrames(this.columns.map(({ map }) => map), state?.frames);
    this.settled();
  }

  state() {
    if (!this.dataset) return null;
    const frames = visibleFrames(this.columns.map(({ map }) => map));
    return { digit: this.chosen || null, classes: this.filter.chosen, frames };
  }

  /** @param {number} i highlight this test digit everywhere */
  highlight(i) {
    this.highlighted = i;
    for (const column of this.columns) column.showDigit(i);
    this.loop.ask();
    this.announcer.sayAtRest(() => this.words());
  }

  /** The image on show and its errors, once they are drawn. */
  words() {
    const { dataset, highlighted, columns } = this;
    if (!dataset) return "";
    const errors = columns.map(({ title, error }) => `${title} ${error.textContent}`);
    return `${this.nameOf(dataset, highlighted)}. Squared error: ${errors.join(", ")}.`;
  }

  /** @param {Dataset} dataset @param {number} i */
  nameOf(dataset, i) {
    return `${withArticle(dataset.className(i))}, ${dataset.reference(i)}`;
  }

  /** @returns {import("../widgets/key_help.mjs").Row[]} */
  keys() {
    return [
      ["← → ↑ ↓", "on a map: move the cursor; what it meets lights up on all maps; with Shift in finer steps"],
      ["Enter, Space", "keep the nearest point"],
      ["D", "the model decodes under the cursor; D again ends that"],
      ["Esc", "back to what was kept"],
      ...ZOOM_KEYS,
      ...FILTER_KEYS,
    ];
  }

  /** @param {number} i the test digit under the pointer, or -1 @param {Column} column where */
  hover(i, column) {
    if (i < 0 || (i === this.highlighted && column.digit === i)) return;
    this.highlight(i);
  }

  /** @param {number} i keep this test digit */
  choose(i) {
    this.highlight(i);
    for (const column of this.columns) column.reveal();
    this.chosen = i;
    this.settle();
  }

  restore() {
    if (this.columns.some(({ digit }) => digit !== this.chosen)) this.highlight(this.chosen);
  }

  async draw() {
    const { dataset, highlighted } = this;
    if (!dataset) return;
    const image = dataset.image(highlighted);
    this.original.drawBytes(image);
    const name = this.nameOf(dataset, highlighted);
    part(this.root, ".which").textContent = name;
    this.original.canvas.setAttribute("aria-label", `original ${dataset.entry.noun}, ${name}`);
    await Promise.all(this.columns.map((column) => column.draw(image, name)));
  }

  destroy() {
    super.destroy();
    for (const { map } of this.columns) map.destroy();
  }
}
