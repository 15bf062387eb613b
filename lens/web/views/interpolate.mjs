// Interpolate: the ways of several models from image A to image B, live under one slider.

import { part } from "../dom.mjs";
import { film, sheetOfStrips } from "../export.mjs";
import { showFrames, visibleFrames } from "../map/frames.mjs";
import { LatentMap } from "../map/latent_map.mjs";
import { frameOf, project, projectAll } from "../maths/plane.mjs";
import { openDataset } from "../model/dataset.mjs";
import { waysThrough } from "../model/path.mjs";
import { View } from "../view.mjs";
import { ClassFilter } from "../widgets/class_filter.mjs";
import { Endpoints } from "../widgets/endpoints.mjs";
import { FRAMES } from "../widgets/film.mjs";
import { Films } from "../widgets/films.mjs";
import { FILTER_KEYS, SLIDER_KEYS, ZOOM_KEYS } from "../widgets/key_help.mjs";
import { moveByKeys, spoken } from "../widgets/key_steps.mjs";
import { Player } from "../widgets/player.mjs";
import { write } from "../widgets/prose.mjs";
import { draggable } from "../widgets/range.mjs";
import { saveButton } from "../widgets/save_button.mjs";
import { Tooltip } from "../widgets/tooltip.mjs";

/** @typedef {import("../contract").Interpolate} Data */

/** @typedef {import("../model/model.mjs").Model} Model */

/** @typedef {import("../model/dataset.mjs").Dataset} Dataset */

/** @typedef {import("../model/path.mjs").Endpoint} Endpoint */

const STEPS = 40; // of a path drawn on a map
const KEY_STEP = 0.01; // of t

/**
 * Endpoints are codes of real test digits (a VAE's means), so the same address gives the same film; or of drawings,
 * which aren't in the address.
 * @extends {View<Data, {dataset: Dataset, models: Model[]}, import("../contract").InterpolateState>}
 */
export default class Interpolate extends View {
  /** @param {HTMLElement} root */
  constructor(root) {
    super(root);
    /** @type {Dataset | null} */
    this.dataset = null;
    /** @type {Model[]} */
    this.models = [];
    /** @type {LatentMap[]} */
    this.maps = [];
    this.t = 0.5;
    this.built = "";
    this.films = new Films(
      root,
      (t) => {
        this.setT(t);
        this.settle();
        this.tell("scrubbed", { t });
      },
      () => this.loop.ask(),
    );
    this.slider = part(root, ".t", HTMLInputElement);
    draggable(this.slider);
    this.ends = new Endpoints(root, {
      change: () => this.changeEndpoints(),
      models: () => this.models,
      pause: () => this.stop(),
      say: (words) => this.announcer.say(words),
      fail: (error) => this.fail(error),
    });
    this.filter = new ClassFilter(part(root, ".filter"), (visibleClasses) => {
      for (const map of this.maps) map.update({ visibleClasses });
      this.settle();
    });
    this.player = new Player((t) => this.setT(t));
    this.listen();
  }

  listen() {
    const { root } = this;
    moveByKeys(this.slider, () => KEY_STEP);
    this.slider.addEventListener("input", () => {
      this.stop();
      this.setT(this.slider.valueAsNumber);
    });
    this.slider.addEventListener("change", () => {
      this.settle();
      this.tellAtRest("scrubbed", () => ({ t: this.t }));
    });
    part(root, ".play").addEventListener("click", () => (this.player.playing ? this.stop() : this.play()));
    this.saves(".gif", "GIF", () => film(this.films.paths()));
    this.saves(".png", "PNG", () => sheetOfStrips(this.films.paths(), FRAMES));
  }

  /** @param {string} selector of the button @param {string} kind @param {() => Promise<Blob>} make */
  saves(selector, kind, make) {
    const button = part(this.root, selector);
    button.addEventListener("click", () => this.stop());
    const name = () => `latent-lab-${this.ends.fileName}`;
    saveButton(button, part(this.root, ".save-trouble"), kind, name, make, (words) => this.announcer.say(words));
  }

  /** Make a row for each way and a map for each model, unless they are there already. @param {Data} data */
  prepare({ models, dataset }) {
    const ways = waysThrough(models);
    const built = JSON.stringify([ways.map(({ name }) => name), dataset.noun]);
    if (built === this.built) return;
    this.built = built;
    this.films.build(ways, dataset);
    for (const map of this.maps.splice(models.length)) {
      map.destroy();
      map.root.parentElement?.remove();
    }
    while (this.maps.length < models.length) this.maps.push(this.buildMap());
    part(this.root, ".squares").dataset.count = String(models.length);
    // Whatever is still on show belongs to other rows.
    this.models = [];
  }

  /** @param {Data} data @param {import("../view.mjs").OpenModel} open */
  async load({ base, dataset: words, models: entries }, open) {
    const [dataset, ...models] = await Promise.all([openDataset(base, words), ...entries.map(open)]);
    return { dataset, models };
  }

  /** @param {Data} data @param {{dataset: Dataset, models: Model[]}} loaded @param {import("../theme.mjs").Theme} theme */
  async show(data, { dataset, models }, theme) {
    const news = this.isNews(data.state);
    if (news || dataset !== this.dataset) this.start(data, dataset);
    data.models.forEach(({ title }, k) => {
      const map = this.maps[k];
      map.setLabel(`latent map, ${title}`);
      if (map.root.parentElement) part(map.root.parentElement, "figcaption").textContent = title;
      map.update({ theme });
    });
    const same = models.length === this.models.length && models.every((model, k) => model === this.models[k]);
    if (same && this.films.drawn && !news) return;
    this.models = models;
    models.forEach((model, k) => {
      const { class_names: classNames } = dataset.entry;
      const frame = frameOf(model.entry.space);
      this.maps[k].update({ points: projectAll(model), classes: dataset.labels, classNames, frame });
    });
    await this.ends.encode(models);
    if (models !== this.models) return;
    this.films.setModels(waysThrough(data.models), models);
    const drawn = this.drawEndpoints();
    if (news) {
      showFrames(this.maps, data.state?.frames);
      this.settled();
    }
    await drawn;
    await this.draw();
  }

  /** What is set on arrival, after Back or Forward, and for other models. @param {Data} data @param {Dataset} dataset */
  start({ a, b, state }, dataset) {
    this.stop();
    this.dataset = dataset;
    this.ends.start(dataset, { a: a ?? dataset.byClass[7][0], b: b ?? dataset.byClass[0][0] }, state);
    this.t = state?.t ?? 0.5;
    this.filter.setNames(dataset.entry.class_names);
    this.filter.choose(state?.classes ?? null);
  }

  state() {
    if (!this.dataset) return null;
    const t = Number(this.t.toFixed(3));
    return {
      ...this.ends.state(),
      t: t === 0.5 ? null : t,
      classes: this.filter.chosen,
      frames: visibleFrames(this.maps),
    };
  }

  buildMap() {
    const box = document.createElement("figure");
    box.innerHTML = `<div class="map"></div><div class="tip" hidden><canvas></canvas><span></span></div>
      <figcaption></figcaption>`;
    part(this.root, ".aside").before(box);
    const tooltip = new Tooltip(part(box, ".tip"));
    const map = new LatentMap(part(box, ".map"), "latent map", {
      pick: (i) => this.ends.set(this.ends.next, i),
      view: () => this.settle(),
      hover: (i) => {
        if (this.dataset) tooltip.follow(map, this.dataset, i);
      },
    });
    map.update({ visibleClasses: this.filter.visible.slice() });
    return map;
  }

  async changeEndpoints() {
    this.settle();
    this.tell("ends", this.ends.classes());
    this.announcer.sayAtRest(() => `${this.ends.words()} ${this.words()}`);
    try {
      await this.drawEndpoints();
    } catch (error) {
      this.fail(error);
    }
  }

  /** Draw strips and paths between the new endpoints. */
  async drawEndpoints() {
    const { dataset } = this;
    const { a, b } = this.ends;
    if (!dataset) return;
    this.ends.show();
    for (const path of this.films.paths()) path.setEndpoints(dataset, a, b);
    this.maps.forEach((map, k) => {
      const { points } = map.props;
      if (!points.u.length) return;
      const { space } = this.models[k].entry;
      const mark = (/** @type {Endpoint} */ end, /** @type {string} */ text) => {
        if (typeof end === "number") return { u: points.u[end], v: points.v[end], text };
        const [u, v] = project(space, end.code(this.models[k]));
        return { u, v, text };
      };
      const marks = [mark(a, "A"), mark(b, "B")];
      map.update({ marks, paths: this.pathsThrough(this.models[k]) });
      for (const { u, v } of marks) map.reveal([u, v]);
    });
    this.loop.ask();
    const read = await this.films.draw(dataset);
    // The pictures come first.
    read?.().catch((error) => this.fail(error));
  }

  /** @param {Model} model @returns {import("../map/marks.mjs").Path[]} its interpolations, as its map draws them */
  pathsThrough(model) {
    const mine = this.films.paths().filter((path) => path.model === model);
    return mine.map((path) => {
      const points = new Float32Array(2 * (STEPS + 1));
      for (let step = 0; step <= STEPS; step += 1) {
        points.set(project(model.entry.space, path.at(step / STEPS)), 2 * step);
      }
      return { points, dash: path.way.dash };
    });
  }

  /** @param {number} t */
  setT(t) {
    this.t = t;
    this.loop.ask();
    this.announcer.sayAtRest(() => this.words());
  }

  /** What the ways are like at t. */
  words() {
    return this.dataset ? this.films.words(this.t, this.dataset) : "";
  }

  /** @returns {import("../widgets/key_help.mjs").Row[]} */
  keys() {
    return [
      ...SLIDER_KEYS,
      ["← → ↑ ↓", "on a map: move the cursor; with Shift in finer steps"],
      ["Enter, Space", "on a map: the nearest point becomes A or B"],
      ["Esc", "hide the image beside the cursor"],
      ...ZOOM_KEYS,
      ...FILTER_KEYS,
    ];
  }

  async draw() {
    const { t, models, dataset } = this;
    if (!models.length || !dataset) return;
    if (this.slider.valueAsNumber !== t) this.slider.value = String(t);
    this.slider.setAttribute("aria-valuetext", spoken(t));
    write(part(this.root, ".t-value"), `[t](way) = ${t.toFixed(2)}`);
    this.maps.forEach((map, k) => {
      const first = this.films.paths().find((path) => path.model === models[k]);
      if (first) map.update({ cross: project(models[k].entry.space, first.at(t)) });
    });
    await this.films.show(t);
  }

  play() {
    part(this.root, ".play").textContent = "Pause";
    this.player.play(this.t);
    this.tell("played");
  }

  stop() {
    if (!this.player.playing) return;
    this.player.stop();
    part(this.root, ".play").textContent = "Play";
    this.settle();
  }

  destroy() {
    super.destroy();
    this.player.stop();
    this.ends.destroy();
    for (const map of this.maps) map.destroy();
  }
}
