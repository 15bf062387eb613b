// Compare: several models of one size side by side; one test digit highlighted on all maps.

import { part } from "../dom.mjs";
import { LatentMap } from "../map/latent_map.mjs";
import { frameOf, MovingCode, projectAll } from "../maths/plane.mjs";
import { openDataset, withArticle } from "../model/dataset.mjs";
import { View } from "../view.mjs";
import { ClassFilter } from "../widgets/class_filter.mjs";
import { DigitCanvas } from "../widgets/digit_canvas.mjs";

/** @typedef {import("../contract").Compare} Data */

/** @typedef {import("../model/model.mjs").Model} Model */

/** @typedef {import("../model/dataset.mjs").Dataset} Dataset */

/** One model of the comparison: its map, its digit and the code it shows. */
class Column {
  /** @param {Compare} view @param {string} title */
  constructor(view, title) {
    this.cell = document.createElement("div");
    this.cell.className = "cell";
    this.cell.innerHTML = `<canvas role="img"></canvas>
      <div class="words"><strong></strong><span class="error"></span><span class="unit">squared error</span></div>`;
    this.picture = new DigitCanvas(part(this.cell, "canvas", HTMLCanvasElement));
    this.error = part(this.cell, ".error");
    this.square = document.createElement("div");
    this.square.className = "square";
    this.square.innerHTML = `<h3></h3><div class="map"></div>`;
    /** @type {Model | null} */
    this.model = null;
    /** @type {MovingCode | null} */
    this.code = null;
    this.digit = -1; // the test digit whose code is shown, or -1
    this.map = new LatentMap(part(this.square, ".map"), "latent map", {
      drag: (u, v) => {
        this.code?.moveTo(u, v);
        this.digit = -1;
        view.loop.ask();
      },
      hover: (i) => view.hover(i, this),
      pick: (i) => view.choose(i),
      enter: () => {
        if (this.model && this.code) view.choose(this.model.nearest(this.code.z, 1)[0]);
      },
    });
    this.map.root.addEventListener("pointerleave", (event) => {
      if (event.pointerType === "mouse") view.restore();
    });
    this.setTitle(title);
  }

  /** @param {string} title what the column is called; another model may take it over */
  setTitle(title) {
    part(this.cell, "strong").textContent = title;
    part(this.square, "h3").textContent = title;
    this.picture.canvas.setAttribute("aria-label", `decoded digit, ${title}`);
    this.map.setLabel(`latent map, ${title}`);
  }

  /** @param {Model} model @param {Dataset} dataset */
  setModel(model, dataset) {
    if (this.model === model) return;
    const { space } = model.entry;
    this.model = model;
    this.code = new MovingCode(space, model.code(0));
    this.map.update({ points: projectAll(model), classes: dataset.labels, frame: frameOf(space) });
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

  /** @param {Uint8Array} original */
  async draw(original) {
    const { model, code, digit } = this;
    if (!model || !code) return;
    this.map.update({ cross: digit < 0 ? code.place : null, highlighted: digit });
    const pixels = await model.decode(code.z);
    this.picture.drawUnit(pixels);
    let error = 0;
    for (let k = 0; k < 784; k += 1) error += (pixels[k] - original[k] / 255) ** 2;
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
  prepare({ models, digit }) {
    if (this.columns.length) return;
    const stage = part(this.root, ".stage");
    this.columns = models.map(({ title }) => new Column(this, title));
    for (const { cell, square } of this.columns) {
      part(stage, ".cells").append(cell);
      stage.append(square);
    }
    this.chosen = digit ?? 0;
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
      this.columns[k].setTitle(data.models[k].title);
      this.columns[k].map.update({ theme });
    });
    if (!changed) return;
    this.highlight(this.chosen);
    await this.draw();
  }

  /** @param {number} i highlight this test digit everywhere */
  highlight(i) {
    this.highlighted = i;
    for (const column of this.columns) column.showDigit(i);
    this.loop.ask();
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
    if (i === this.chosen) return;
    this.chosen = i;
    this.report({ digit: i });
  }

  restore() {
    if (this.columns.some(({ digit }) => digit !== this.chosen)) this.highlight(this.chosen);
  }

  async draw() {
    const { dataset, highlighted } = this;
    if (!dataset) return;
    const image = dataset.image(highlighted);
    this.original.drawBytes(image);
    const name = withArticle(dataset.className(highlighted));
    part(this.root, ".which").textContent = `${name}, ${dataset.reference(highlighted)}`;
    await Promise.all(this.columns.map((column) => column.draw(image)));
  }

  destroy() {
    super.destroy();
    for (const { map } of this.columns) map.destroy();
  }
}
