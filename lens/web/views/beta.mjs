// β: models that differ in the weight of the KL term alone, under one slider; their maps turn into one another.

import { AlignedModel, CELLS, EXTENT, Layout, readAligned } from "../beta/aligned_model.mjs";
import { Numbers } from "../beta/numbers.mjs";
import { part } from "../dom.mjs";
import { LatentMap } from "../map/latent_map.mjs";
import { ellipse } from "../maths/ellipse.mjs";
import { openDataset } from "../model/dataset.mjs";
import { Glide } from "../motion.mjs";
import { View } from "../view.mjs";
import { ClassFilter } from "../widgets/class_filter.mjs";
import { FILTER_KEYS, ZOOM_KEYS } from "../widgets/key_help.mjs";
import { moveByKeys } from "../widgets/key_steps.mjs";
import { PictureGrid } from "../widgets/picture_grid.mjs";
import { Player } from "../widgets/player.mjs";
import { write } from "../widgets/prose.mjs";
import { draggable } from "../widgets/range.mjs";
import { Tooltip } from "../widgets/tooltip.mjs";

/** @typedef {import("../contract").Beta} Data */

/** @typedef {import("../contract").BetaModel} Entry */

/** @typedef {import("../model/dataset.mjs").Dataset} Dataset */

const LAP = 9000; // ms from the smallest β to the largest while it plays
const USUAL = 1; // the β on show at first
const PRIOR = { points: ellipse([0, 0], [1, 0, 1], 1), dash: true, halo: true };

/**
 * Places on the slider are models, in the order of their β. Between two of them the points lie between those of both;
 * all that is decoded, and every number, is the nearest model's.
 * @extends {View<Data, {dataset: Dataset, first: AlignedModel | null}, import("../contract").BetaState>}
 */
export default class Beta extends View {
  /** @param {HTMLElement} root */
  constructor(root) {
    super(root);
    /** @type {Entry[]} */
    this.entries = [];
    this.built = "";
    /** @type {Dataset | null} */
    this.dataset = null;
    /** Those that have come, by place. @type {(AlignedModel | null)[]} */
    this.models = [];
    this.at = 0; // the place on show
    this.shown = -1; // the model whose pictures are on show
    this.coming = false; // whether the other models are on their way
    this.buffers = [new Layout(new Float32Array(0), new Float32Array(0), 1)];
    this.slider = part(root, ".at", HTMLInputElement);
    const box = draggable(this.slider);
    this.ticks = box.appendChild(document.createElement("span"));
    this.ticks.className = "ticks";
    this.ticks.setAttribute("aria-hidden", "true");
    this.glide = new Glide(
      ([at]) => this.move(at),
      () => this.settle(),
    );
    this.player = new Player((t) => this.put(t * this.last), LAP);
    const tooltip = new Tooltip(part(root, ".tip"));
    this.map = new LatentMap(part(root, ".map"), "latent map", {
      hover: (i) => {
        if (this.dataset) tooltip.follow(this.map, this.dataset, i);
      },
      view: () => this.settle(),
    });
    this.filter = new ClassFilter(part(root, ".filter"), (visibleClasses) => {
      this.map.update({ visibleClasses });
      this.settle();
    });
    this.numbers = new Numbers(part(root, ".figures"));
    this.examples = new PictureGrid(part(root, ".examples canvas", HTMLCanvasElement), 10, 2);
    this.manifold = new PictureGrid(part(root, ".manifold canvas", HTMLCanvasElement), CELLS, CELLS);
    this.listen();
  }

  listen() {
    moveByKeys(this.slider, () => 1);
    this.slider.addEventListener("input", () => {
      this.stop();
      const value = this.slider.valueAsNumber;
      // A key leads to a model, a pointer anywhere.
      if (Number.isInteger(value)) this.glide.go([this.at], [value]);
      else this.move(value);
    });
    this.slider.addEventListener("change", () => {
      this.snap();
      this.tellAtRest("dragged", () => ({ beta: this.entries[Math.round(this.slider.valueAsNumber)].beta }));
    });
    part(this.root, ".play").addEventListener("click", () => {
      if (this.player.playing) {
        this.stop();
        this.snap();
        return;
      }
      part(this.root, ".play").textContent = "Pause";
      this.glide.stop();
      this.player.play(this.last ? this.at / this.last : 0);
      this.tell("played");
    });
  }

  /** The last place. */
  get last() {
    return this.entries.length - 1;
  }

  /** @param {Data} data */
  prepare({ models: entries, dataset: { plural } }) {
    const built = JSON.stringify(entries.map(({ stamp }) => stamp));
    if (built === this.built) return;
    this.built = built;
    this.entries = entries;
    this.models = entries.map(() => null);
    this.shown = -1;
    this.slider.max = String(this.last);
    this.ticks.replaceChildren(
      ...entries.map(({ label }, k) => {
        const tick = document.createElement("span");
        tick.textContent = label;
        tick.style.setProperty("--share", String(this.last ? k / this.last : 0));
        return tick;
      }),
    );
    this.numbers.build(entries);
    for (const word of this.root.querySelectorAll(".plural")) word.textContent = plural;
  }

  /** @param {Data} data */
  async load({ base, dataset: words, state }) {
    const { turn } = this;
    const dataset = await openDataset(base, words);
    const wanted = state && state.visit !== this.visit ? this.placeOf(state.beta) : Math.round(this.at);
    const first = this.models[wanted] ?? (await readAligned(base, this.entries[wanted], dataset, () => turn === this.turn));
    return { dataset, first };
  }

  /** @param {Data} data @param {{dataset: Dataset, first: AlignedModel | null}} loaded @param {import("../theme.mjs").Theme} theme */
  async show(data, { dataset, first }, theme) {
    if (!first) return;
    const place = this.entries.indexOf(first.entry);
    this.models[place] = first;
    this.dataset = dataset;
    const { class_names: classNames } = dataset.entry;
    this.filter.setNames(classNames);
    this.map.update({ theme, classes: dataset.labels, classNames });
    if (this.isNews(data.state)) await this.takeOver(data.state);
    else await this.draw();
    this.readOthers(data.base, dataset);
  }

  /** @param {Data["state"]} state what is set on arrival, and after Back or Forward */
  async takeOver(state) {
    this.stop();
    this.glide.stop();
    this.put(this.placeOf(state?.beta ?? null));
    this.filter.choose(state?.classes ?? null);
    // Its frame depends on the model.
    await this.draw();
    this.map.showFrame(state?.frame ?? null);
    this.settled();
    // Nothing was done yet that is worth a word.
    this.announcer.stop();
  }

  /** @param {string | null} label of a β @returns {number} its place */
  placeOf(label) {
    const found = this.entries.findIndex((entry) => (label === null ? entry.beta === USUAL : entry.label === label));
    return Math.max(0, found);
  }

  /** Fetch the other models one after another, the nearest first. @param {string} base @param {Dataset} dataset */
  async readOthers(base, dataset) {
    const { built } = this;
    if (this.coming) return;
    this.coming = true;
    try {
      for (let k = this.nextMissing(); k >= 0; k = this.nextMissing()) {
        const found = await readAligned(base, this.entries[k], dataset, () => built === this.built);
        if (!found) return;
        this.models[k] = found;
        this.loop.ask();
      }
    } catch (error) {
      this.fail(error);
    } finally {
      this.coming = false;
    }
  }

  /** The place of the missing model nearest to that on show, or -1. */
  nextMissing() {
    const missing = [...this.models.keys()].filter((k) => !this.models[k]);
    this.showProgress(missing.length);
    missing.sort((a, b) => Math.abs(a - this.at) - Math.abs(b - this.at));
    return missing[0] ?? -1;
  }

  /** @param {number} missing models */
  showProgress(missing) {
    const all = this.models.length;
    part(this.root, ".progress").textContent = missing ? `${all - missing} of ${all} models loaded …` : "";
    [...this.ticks.children].forEach((tick, k) => tick.classList.toggle("missing", !this.models[k]));
  }

  state() {
    if (!this.dataset || !this.entries.length) return null;
    const entry = this.entries[Math.round(this.at)];
    return { beta: entry.beta === USUAL ? null : entry.label, classes: this.filter.chosen, frame: this.map.visibleFrame };
  }

  /** Go on to the nearest model. */
  snap() {
    const place = Math.round(this.slider.valueAsNumber);
    this.slider.value = String(place);
    if (this.at === place) this.settle();
    else if (this.glide.target?.[0] !== place) this.glide.go([this.at], [place]);
  }

  /** Put the slider and the map to a place. @param {number} at */
  put(at) {
    this.slider.value = String(at);
    this.move(at);
  }

  /** @param {number} at */
  move(at) {
    this.at = at;
    this.loop.ask();
    this.announcer.sayAtRest(() => this.words());
  }

  stop() {
    if (!this.player.playing) return;
    this.player.stop();
    part(this.root, ".play").textContent = "Play";
  }

  /** The model that is there and nearest to a place, or -1. @param {number} at */
  nearest(at) {
    let found = -1;
    this.models.forEach((model, k) => {
      if (model && (found < 0 || Math.abs(k - at) < Math.abs(found - at))) found = k;
    });
    return found;
  }

  /** What the map shows at a place. @param {number} at @returns {Layout | null} */
  layoutAt(at) {
    const low = Math.floor(at);
    const [from, to] = [this.models[low], this.models[low + 1]];
    if (low === at || !from || !to) return this.models[this.nearest(at)]?.layout ?? null;
    // Two in turn: the map knows other points by their being other arrays.
    if (this.buffers[0].u.length !== from.layout.u.length) {
      const count = from.layout.u.length;
      this.buffers = [0, 1].map(() => new Layout(new Float32Array(count), new Float32Array(count), 1));
    }
    this.buffers.reverse();
    return this.buffers[0].between(from.layout, to.layout, at - low);
  }

  async draw() {
    const { map, dataset, at } = this;
    const nearest = this.nearest(at);
    const model = this.models[nearest];
    const layout = this.layoutAt(at);
    if (!dataset || !model || !layout) return;
    const { u, v, reach, posteriors } = layout;
    map.update({
      points: { u, v },
      frame: { u: [-reach, reach], v: [-reach, reach], probability: false },
      paths: [PRIOR, ...posteriors.map(({ mean, covariance }) => ({ points: ellipse(mean, covariance, 1), dash: false, halo: true }))],
    });
    this.slider.setAttribute("aria-valuetext", `β = ${this.entries[Math.round(this.slider.valueAsNumber)].label}`);
    if (nearest !== this.shown) this.showModel(nearest, model, dataset);
  }

  /** Everything that belongs to one model. @param {number} k @param {AlignedModel} model @param {Dataset} dataset */
  showModel(k, { entry, examples, manifold }, dataset) {
    this.shown = k;
    const name = `β = ${entry.label}`;
    const { example_images: chosen, plural } = dataset.entry;
    write(part(this.root, ".which"), `[β](beta) = ${entry.label}`);
    this.numbers.show(k);
    const originals = new Float32Array(784 * chosen.length);
    chosen.forEach((i, place) => originals.set(dataset.greyLevels(i), 784 * place));
    const both = new Float32Array(2 * originals.length);
    both.set(originals);
    both.set(examples, originals.length);
    this.examples.show(both);
    this.examples.canvas.setAttribute("aria-label", `decoded ${plural}, ${name}: ten test ${plural}, below them their reconstructions`);
    this.manifold.show(manifold);
    this.manifold.canvas.setAttribute("aria-label", `decoded ${plural}, ${name}: a grid of codes from −${EXTENT} to ${EXTENT} along both axes of the map`);
    this.map.setLabel(`latent map, ${name}`);
  }

  /** The model on show, and its numbers. */
  words() {
    return this.shown < 0 ? "" : `β = ${this.entries[this.shown].label}. ${this.numbers.words(this.shown)}.`;
  }

  /** @returns {import("../widgets/key_help.mjs").Row[]} */
  keys() {
    return [
      ["← →", "on the slider: to the next model"],
      ["Home, End", "to the smallest and the largest β"],
      ["← → ↑ ↓", "on the map: move the cursor, and see the nearest test image; with Shift in finer steps"],
      ["Esc", "hide the image beside the cursor"],
      ...ZOOM_KEYS,
      ...FILTER_KEYS,
    ];
  }

  destroy() {
    super.destroy();
    // What is still on its way isn't wanted any more.
    this.built = "";
    this.player.stop();
    this.glide.stop();
    this.map.destroy();
  }
}
