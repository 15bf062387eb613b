// Explore: one model. Map, sliders and keys share one code z, and the digit follows it live.

import { part } from "../dom.mjs";
import { drawManifold } from "../map/manifold.mjs";
import { LatentMap } from "../map/latent_map.mjs";
import { distance, frameOf, MovingCode, project, projectAll } from "../maths/plane.mjs";
import { drawCode } from "../maths/draws.mjs";
import { openDataset } from "../model/dataset.mjs";
import { Glide } from "../motion.mjs";
import { View } from "../view.mjs";
import { ClassFilter } from "../widgets/class_filter.mjs";
import { codeInWords, decodedWords } from "../widgets/decoded_words.mjs";
import { DigitCanvas } from "../widgets/digit_canvas.mjs";
import { FILTER_KEYS, SLIDER_KEYS, ZOOM_KEYS } from "../widgets/key_help.mjs";
import { NEAREST, NearestDigits } from "../widgets/nearest_digits.mjs";
import { Sliders } from "../widgets/sliders.mjs";
import { Tooltip } from "../widgets/tooltip.mjs";

/** @typedef {import("../contract").Explore} Data */

/** @typedef {import("../model/model.mjs").Model} Model */

/** @typedef {import("../model/dataset.mjs").Dataset} Dataset */

/** A model on show, with its code. @typedef {{model: Model, dataset: Dataset, code: MovingCode}} Subject */

/** @extends {View<Data, {model: Model, dataset: Dataset}, import("../contract").ExploreState>} */
export default class Explore extends View {
  /** @param {HTMLElement} root */
  constructor(root) {
    super(root);
    this.picture = new DigitCanvas(part(root, ".digit", HTMLCanvasElement));
    /** @type {Subject | null} */
    this.subject = null;
    this.digit = 0;
    this.manifold = false;
    this.gridWish = 0;
    /** @type {Float32Array | null} the code that the grid on show goes through */
    this.gridCode = null;
    this.glide = new Glide(
      (z) => {
        this.subject?.code.set(z);
        this.moved();
      },
      () => this.settle(),
    );
    this.sliders = new Sliders(part(root, ".sliders"), {
      input: (latent, value) => {
        this.glide.stop();
        this.subject?.code.setLatent(latent, value);
        this.moved();
      },
      release: () => this.settle(),
    });
    this.nearest = new NearestDigits(part(root, ".near"), (i) => this.jump(i));
    this.tooltip = new Tooltip(part(root, ".tip"));
    this.map = new LatentMap(part(root, ".map"), "latent map", {
      drag: (u, v) => {
        if (!this.subject) return;
        const { code } = this.subject;
        this.glide.stop();
        code.moveTo(u, v);
        // At once, not when the digit has been decoded: the next key's step starts here.
        this.map.update({ cross: code.place });
        this.moved();
      },
      release: () => this.settle(),
      hover: (i) => {
        if (this.subject) this.tooltip.follow(this.map, this.subject.dataset, i);
      },
      pick: (i) => this.jump(i),
      steer: true,
      view: () => {
        this.showHint();
        if (this.manifold) this.drawGrid(true);
        this.settle();
      },
    });
    this.filter = new ClassFilter(part(root, ".filter"), (visibleClasses) => {
      this.map.update({ visibleClasses });
      this.settle();
    });
    this.listenToButtons();
  }

  listenToButtons() {
    const { root } = this;
    part(root, ".centre").addEventListener("click", () => {
      if (this.subject) this.go(centreOf(this.subject.model.entry));
    });
    part(root, ".random").addEventListener("click", () => {
      if (!this.subject) return;
      const { space } = this.subject.model.entry;
      const distribution = part(root, ".distribution", HTMLSelectElement).value === "fitted" ? "fitted" : "prior";
      this.go(drawCode(space, distribution, Math.random));
    });
    part(root, ".next").addEventListener("click", () => {
      if (!this.subject) return;
      const { count, labels } = this.subject.dataset;
      let next = this.digit;
      do next = (next + 1) % count;
      while (!this.filter.visible[labels[next]]);
      this.jump(next);
    });
    for (const layer of ["points", "manifold"]) {
      part(root, `.layer-${layer}`).addEventListener("click", () => {
        this.manifold = layer === "manifold";
        this.showLayer();
        this.settle();
      });
    }
  }

  /** @param {Data} data */
  prepare({ model }) {
    this.root.classList.toggle("many", model.latent_dim > 4);
  }

  /** @param {Data} data @param {import("../view.mjs").OpenModel} open */
  async load({ base, model: entry, dataset: words }, open) {
    const [model, dataset] = await Promise.all([open(entry), openDataset(base, words)]);
    return { model, dataset };
  }

  /** @param {Data} data @param {{model: Model, dataset: Dataset}} loaded @param {import("../theme.mjs").Theme} theme */
  async show({ state }, { model, dataset }, theme) {
    this.map.update({ theme });
    const news = this.isNews(state);
    const before = this.subject;
    // Maybe only the address changed, which follows z.
    if (before?.model === model && !news) {
      // A grid that couldn't be drawn is tried again.
      if (this.manifold && !this.gridCode) this.drawGrid();
      return;
    }
    if (before?.model !== model) this.setModel(model, dataset);
    if (news) this.restore(state);
    else this.showLayer();
    this.picture.canvas.setAttribute("aria-label", `decoded digit. ${this.words()}`);
    this.settled();
    await this.draw();
  }

  /** @param {Model} model @param {Dataset} dataset */
  setModel(model, dataset) {
    const { space, family } = model.entry;
    this.digit = 0;
    this.glide.stop();
    this.subject = { model, dataset, code: new MovingCode(space, model.code(0)) };
    this.sliders.build(model.entry);
    this.nearest.setDataset(dataset);
    this.filter.setNames(dataset.entry.class_names);
    part(this.root, ".next").textContent = `Next ${dataset.entry.noun}`;
    part(this.root, ".distribution", HTMLSelectElement).value = family === "vae" ? "prior" : "fitted";
    const { class_names: classNames } = dataset.entry;
    this.map.update({ points: projectAll(model), classes: dataset.labels, classNames });
  }

  /** @param {Data["state"]} state what is set on arrival, after Back or Forward, and for another model */
  restore(state) {
    if (!this.subject) return;
    this.glide.stop();
    this.subject.code.set(state?.z ?? this.subject.model.code(0));
    this.manifold = state?.layer === "manifold";
    this.filter.choose(state?.classes ?? null);
    this.showLayer();
    this.map.showFrame(state?.frame ?? null);
  }

  state() {
    if (!this.subject) return null;
    const { code, model } = this.subject;
    const [z, start] = [this.glide.target ?? code.z, model.code(0)].map((each) => Array.from(each, (value) => Number(value.toFixed(3))));
    return {
      z: z.every((value, k) => value === start[k]) ? null : z,
      layer: this.manifold ? /** @type {const} */ ("manifold") : null,
      classes: this.filter.chosen,
      frame: this.map.visibleFrame,
    };
  }

  /** Show the grid of decoded digits, or the points. */
  showLayer() {
    const { manifold, subject } = this;
    part(this.root, ".layer-points").setAttribute("aria-pressed", String(!manifold));
    part(this.root, ".layer-manifold").setAttribute("aria-pressed", String(manifold));
    part(this.root, ".filter").classList.toggle("idle", manifold);
    if (!subject) return;
    const { space, family } = subject.model.entry;
    this.gridCode = null;
    this.map.update({ backdrop: null, frame: { ...frameOf(space), probability: manifold && family === "vae" } });
    // The first view of each layer; which says so, and draws the grid.
    this.map.show(this.map.props.frame);
  }

  /** The sentence under the map. */
  showHint() {
    if (!this.subject) return;
    const { model, dataset } = this.subject;
    const sentence = this.manifold
      ? manifoldHint(model.entry)
      : pointsHint(model.entry, dataset.entry.plural, model.count, this.map.outside());
    part(this.root, ".hint").textContent = sentence;
  }

  /**
   * Draw the grid through the current z, unless the one on show already goes through it.
   * @param {boolean} [moved] the map shows another part now
   */
  async drawGrid(moved = false) {
    if (!this.subject) return;
    const { model, code } = this.subject;
    const through = code.offPlane.slice();
    if (!moved && this.gridCode?.every((value, k) => Math.abs(value - through[k]) < 1e-4)) return;
    this.gridCode = through;
    this.gridWish += 1;
    const wish = this.gridWish;
    const current = () => wish === this.gridWish && this.manifold && this.subject?.model === model;
    try {
      const backdrop = await drawManifold(model, this.map.viewport, through, current);
      if (backdrop) this.map.update({ backdrop });
    } catch (error) {
      if (!current()) return;
      this.gridCode = null;
      this.fail(error);
    }
  }

  /** @returns {import("../widgets/key_help.mjs").Row[]} */
  keys() {
    return [
      ["← → ↑ ↓", "on the map: move z; with Shift in finer steps"],
      ["Enter, Space", "jump to the nearest point on the map"],
      ["Esc", "hide the image beside it"],
      ...ZOOM_KEYS,
      ...SLIDER_KEYS,
      ...FILTER_KEYS,
    ];
  }

  async draw() {
    if (!this.subject) return;
    const { model, code } = this.subject;
    this.sliders.set(code.z);
    this.map.update({ cross: code.place });
    this.keepClear(this.map.viewport.toPixels(...code.place)[0] / this.map.viewport.size);
    const decoded = model.decode(code.z);
    const nearest = model.nearest(code.z, NEAREST);
    this.nearest.show(nearest, distance(model.code(nearest[0]), code.z), model.entry.space);
    this.picture.drawUnit(await decoded);
  }

  /** Where the decoded image lies on the map, it is in the corner away from the pointer. @param {number} share across */
  keepClear(share) {
    if (share < 0.45) this.root.classList.add("pointer-left");
    if (share > 0.55) this.root.classList.remove("pointer-left");
  }

  /** @param {ArrayLike<number>} z where the code glides to, and the image with it */
  go(z) {
    if (!this.subject) return;
    this.map.reveal(project(this.subject.model.entry.space, z));
    this.glide.go(this.subject.code.z, z);
  }

  /** z is another one: draw it, and say what it decodes to once it rests. */
  moved() {
    this.loop.ask();
    this.announcer.sayAtRest(() => {
      const words = this.words();
      this.picture.canvas.setAttribute("aria-label", `decoded digit. ${words}`);
      return words;
    });
  }

  /** What is known about the decoded image. */
  words() {
    if (!this.subject) return "";
    const { model, dataset, code } = this.subject;
    return `${decodedWords(model, dataset, code.z)} ${codeInWords(code.z)}`.trimEnd();
  }

  /** @param {number} i a test image */
  jump(i) {
    if (!this.subject) return;
    this.digit = i;
    this.go(this.subject.model.code(i));
  }

  rest() {
    if (this.manifold) this.drawGrid();
  }

  destroy() {
    super.destroy();
    this.glide.stop();
    this.map.destroy();
  }
}

/** The mean of the prior; for a model without one, that of its codes. @param {import("../contract").Model} entry */
function centreOf({ family, space }) {
  return family === "vae" ? space.mean.map(() => 0) : space.mean;
}

/**
 * @param {import("../contract").Model} entry @param {string} plural what the images show
 * @param {number} count @param {number} outside points that are out of view
 */
function pointsHint({ family, latent_dim: latents }, plural, count, outside) {
  const many = latents > 2;
  const plane = many ? `, seen along their two leading principal directions. Dragging moves z in these two of ${latents} directions only` : "";
  const kind = family === "vae" ? "Means μ" : "Codes";
  const rest = outside ? ` ${outside} ${outside > 1 ? "are" : "is"} outside this view; zoom out (−) to see ${outside > 1 ? "them" : "it"}.` : "";
  const use = window.matchMedia("(hover: none)").matches
    ? `Tap a point to go to its ${many ? "whole " : ""}code.`
    : `Hover for the image; click to go to its ${many ? "whole " : ""}code.`;
  return `${kind} of the ${count.toLocaleString("en")} test ${plural}${plane}.${rest} ${use}`;
}

/** @param {import("../contract").Model} entry */
function manifoldHint({ family, latent_dim: latents }) {
  const spacing = family === "vae" ? "in equal steps of probability under the prior" : "equally spaced over the view";
  return `20 × 20 decoded digits, ${spacing}${latents > 2 ? ", in the plane through z" : ""}.`;
}
