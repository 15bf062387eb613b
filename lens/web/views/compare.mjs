// Compare: several models side by side; one test image highlighted on all maps.

import { Column } from "../compare/column.mjs";
import { Gallery } from "../compare/gallery.mjs";
import { part } from "../dom.mjs";
import { showFrames, visibleFrames } from "../map/frames.mjs";
import { holesInWords } from "../map/holes.mjs";
import { openDataset, withArticle } from "../model/dataset.mjs";
import { readerOf } from "../model/reader.mjs";
import { reducedMotion } from "../motion.mjs";
import { View } from "../view.mjs";
import { ClassFilter } from "../widgets/class_filter.mjs";
import { DigitCanvas } from "../widgets/digit_canvas.mjs";
import { FILTER_KEYS, ZOOM_KEYS } from "../widgets/key_help.mjs";
import { onePlane } from "../widgets/map_words.mjs";
import { write } from "../widgets/prose.mjs";

/** @typedef {import("../contract").Compare} Data */

/** @typedef {import("../model/model.mjs").Model} Model */

/** @typedef {import("../model/dataset.mjs").Dataset} Dataset */

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
    /** @type {"points" | "holes"} */
    this.layer = "points";
    this.filter = new ClassFilter(part(root, ".filter"), (visibleClasses) => {
      for (const { map } of this.columns) map.update({ visibleClasses });
      this.settle();
    });
    this.differs = false; // whether the models' pictures show differences
    this.gallery = new Gallery(part(root, ".worst"), {
      pick: (i) => {
        this.choose(i);
        part(root, ".map").scrollIntoView({ block: "nearest", behavior: reducedMotion() ? "auto" : "smooth" });
      },
      changed: () => {
        this.settle();
        const { label } = this.gallery;
        if (label !== null && this.dataset) this.tell("worst", { class: this.dataset.entry.class_names[label] });
      },
      say: (sentence) => this.announcer.say(sentence),
      fail: (error) => this.fail(error),
    });
    for (const layer of /** @type {const} */ (["points", "holes"])) {
      part(root, `.layer-${layer}`).addEventListener("click", () => {
        this.layer = layer;
        this.showLayer();
        this.settle();
        this.tell("layer", { layer });
      });
    }
    for (const [name, differs] of /** @type {[string, boolean][]} */ ([["reconstruction", false], ["difference", true]])) {
      part(root, `.show-${name}`).addEventListener("click", () => {
        this.showDifferences(differs);
        this.settle();
        this.tell("picture", { picture: name });
      });
    }
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
  prepare({ models, dataset: { noun, plural } }) {
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
    for (const word of this.root.querySelectorAll(".plural")) word.textContent = plural;
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
    this.gallery.setModels(dataset, models, data.models.map(({ title }) => title));
    const news = this.isNews(data.state);
    if (news) this.takeOver(data.state);
    if (!changed && !news) return;
    this.showLayer();
    this.highlight(this.chosen);
    await this.draw();
    // Nothing was done yet that is worth a word.
    this.announcer.stop();
  }

  /** @param {Data["state"]} state what is set on arrival, after Back or Forward, and for other models */
  takeOver(state) {
    this.chosen = state?.digit ?? 0;
    this.showDifferences(state?.picture === "difference");
    if (this.gallery.label !== (state?.worst ?? null)) this.gallery.choose(state?.worst ?? null);
    this.layer = state?.layer ?? "points";
    this.filter.choose(state?.classes ?? null);
    showFrames(this.columns.map(({ map }) => map), state?.frames);
    this.settled();
  }

  state() {
    if (!this.dataset) return null;
    const frames = visibleFrames(this.columns.map(({ map }) => map));
    /** @type {"difference" | null} */
    const picture = this.differs ? "difference" : null;
    const layer = this.layer === "points" ? null : this.layer;
    return { digit: this.chosen || null, picture, worst: this.gallery.label, layer, classes: this.filter.chosen, frames };
  }

  /** Show the points alone, or the holes beneath them. */
  showLayer() {
    const { root, layer, dataset, columns } = this;
    for (const each of ["points", "holes"]) part(root, `.layer-${each}`).setAttribute("aria-pressed", String(each === layer));
    const holes = layer === "holes";
    const sizes = [...new Set(columns.flatMap(({ model }) => (model && model.dim > 2 ? model.dim : [])))].sort((a, b) => a - b);
    const many = sizes.length > 0;
    part(root, ".use").hidden = holes;
    part(root, ".legend").hidden = !holes;
    part(root, ".plane").hidden = !many;
    write(part(root, ".plane"), many ? `Codes of ${sizes.join(" or ")} latents are ${onePlane(sizes.join(" or "))}.` : "");
    if (dataset) write(part(root, ".legend"), holesInWords(dataset.entry, many ? `the kept ${dataset.entry.noun}` : ""));
    if (holes) this.drawHoles();
    else for (const column of columns) column.hideHoles();
  }

  async drawHoles() {
    const { dataset, columns, chosen } = this;
    if (!dataset) return;
    const current = () => this.layer === "holes" && this.dataset === dataset;
    try {
      const reader = await readerOf(dataset);
      if (reader && current()) await Promise.all(columns.map((column) => column.showHoles(reader, chosen, current)));
    } catch (error) {
      if (current()) this.fail(error);
    }
  }

  rest() {
    if (this.layer === "holes") this.drawHoles();
  }

  /** Let the models' pictures show what is missing and what was invented, or what was decoded. @param {boolean} differs */
  showDifferences(differs) {
    this.differs = differs;
    part(this.root, ".show-difference").setAttribute("aria-pressed", String(differs));
    part(this.root, ".show-reconstruction").setAttribute("aria-pressed", String(!differs));
    part(this.root, ".ink").setAttribute("aria-hidden", String(!differs));
    this.gallery.setDifferences(differs);
    this.loop.ask();
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
    this.tellAtRest("highlighted", () => this.facts(i));
  }

  /** What is told of a test image. @param {number} i */
  facts(i) {
    return { digit: i, class: this.dataset?.className(i) ?? "" };
  }

  /** @param {number} i keep this test digit */
  choose(i) {
    this.highlight(i);
    for (const column of this.columns) column.reveal();
    this.chosen = i;
    this.settle();
    this.tell("highlighted", this.facts(i));
  }

  restore() {
    this.forget("highlighted");
    if (this.columns.some(({ digit }) => digit !== this.chosen)) this.highlight(this.chosen);
  }

  async draw() {
    const { dataset, highlighted } = this;
    if (!dataset) return;
    this.gallery.mark(highlighted);
    const image = dataset.image(highlighted);
    this.original.drawBytes(image);
    const name = this.nameOf(dataset, highlighted);
    part(this.root, ".which").textContent = name;
    this.original.canvas.setAttribute("aria-label", `original ${dataset.entry.noun}, ${name}`);
    await Promise.all(this.columns.map((column) => column.draw(image, name, this.differs)));
  }

  destroy() {
    super.destroy();
    this.gallery.stop();
    for (const { map } of this.columns) map.destroy();
  }
}
