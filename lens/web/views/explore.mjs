// Explore: the whole way of one model, from an input through its code z to the decoded image, which follows z live.

import { part } from "../dom.mjs";
import { ComputationPanel } from "../explore/computation.mjs";
import { CostBar } from "../explore/cost_bar.mjs";
import { InputPanel } from "../explore/input_panel.mjs";
import { MapPanel } from "../explore/map_panel.mjs";
import { OutputPanel } from "../explore/output_panel.mjs";
import { PinsPanel } from "../explore/pins.mjs";
import { PosteriorPanel } from "../explore/posterior_panel.mjs";
import { Subject } from "../explore/subject.mjs";
import { TakeHomePanel } from "../explore/take_home.mjs";
import { TraversalsPanel } from "../explore/traversals.mjs";
import { distance, project } from "../maths/plane.mjs";
import { openDataset } from "../model/dataset.mjs";
import { readerOf } from "../model/reader.mjs";
import { Glide } from "../motion.mjs";
import { View } from "../view.mjs";

/** @typedef {import("../contract").Explore} Data */

/** @typedef {import("../contract").ExploreState} State */

/** @typedef {import("../explore/subject.mjs").Panel} Panel */

/** @typedef {import("../explore/subject.mjs").Host} Host */

/** @typedef {{model: import("../model/model.mjs").Model, dataset: import("../model/dataset.mjs").Dataset}} Loaded */

/**
 * @implements {Host}
 * @extends {View<Data, Loaded, State>}
 */
export default class Explore extends View {
  /** @param {HTMLElement} root */
  constructor(root) {
    super(root);
    /** @type {Subject | null} */
    this.subject = null;
    this.inputTurn = 0;
    /** What a person has moved z by, until it is told. @type {import("../explore/subject.mjs").Hand | null} */
    this.hand = null;
    this.glide = new Glide(
      (z) => {
        this.subject?.code.set(z);
        this.moved();
      },
      () => this.settle(),
    );
    this.output = new OutputPanel(part(root, ".output"), this);
    this.middle = new MapPanel(part(root, ".middle"), this);
    /** @type {import("../map/latent_map.mjs").LatentMap} */
    this.map = this.middle.map;
    this.input = new InputPanel(part(root, ".input"), this, () => this.middle.filter.visible);
    this.posterior = new PosteriorPanel(part(root, ".posterior"), this);
    const cost = new CostBar(part(root, ".cost"), this);
    this.computation = new ComputationPanel(part(root, ".computation", HTMLDetailsElement), this);
    this.pins = new PinsPanel(part(root, ".pins", HTMLDetailsElement), this);
    const traversals = new TraversalsPanel(part(root, ".traversals", HTMLDetailsElement), this);
    const takeHome = new TakeHomePanel(part(root, ".take-home"), this);
    /** All parts, in the order in which they are told. @type {Panel[]} */
    this.panels = [this.middle, this.output, this.input, this.posterior, cost, this.computation, this.pins, traversals, takeHome];
    tellOpened(root, (name) => this.tell("opened", { part: name }));
    root.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && !event.defaultPrevented && this.subject?.own) this.back();
    });
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

  /** @param {Data} data @param {Loaded} loaded @param {import("../theme.mjs").Theme} theme */
  async show({ state }, { model, dataset }, theme) {
    for (const panel of this.panels) panel.setTheme?.(theme);
    const news = this.isNews(state);
    const before = this.subject;
    // Maybe only the address changed, which follows z.
    if (before?.model === model && !news) {
      // What couldn't be drawn is tried again.
      this.rest();
      return;
    }
    if (before?.model !== model) this.setModel(new Subject(model, dataset));
    if (news) this.restore(state);
    else this.middle.setLayer(this.middle.layer);
    if (this.subject) this.output.describe(this.subject);
    this.settled();
    await this.draw();
  }

  /** @param {Subject} subject */
  setModel(subject) {
    this.glide.stop();
    this.inputTurn += 1;
    this.subject = subject;
    for (const panel of this.panels) panel.setModel?.(subject);
    for (const panel of this.panels) panel.setInput?.(subject);
  }

  /** @param {Data["state"]} state what is set on arrival, after Back or Forward, and for another model */
  restore(state) {
    const { subject } = this;
    if (!subject) return;
    this.glide.stop();
    this.inputTurn += 1;
    subject.input = subject.testInput(state?.digit ?? 0);
    subject.code.set(state?.z ?? subject.input.mean);
    subject.own = Boolean(state?.z);
    this.hand = null;
    for (const panel of this.panels) panel.setInput?.(subject);
    this.middle.filter.choose(state?.classes ?? null);
    this.middle.setLayer(state?.layer ?? "points");
    this.middle.options.choose(state);
    this.map.showFrame(state?.frame ?? null);
    this.pins.restore(state?.pins ?? null);
    this.computation.open = state?.computation === "open";
    this.posterior.restore(state);
  }

  state() {
    const { subject } = this;
    if (!subject) return null;
    const { code, input } = subject;
    const [z, start] = [this.glide.target ?? code.z, input.mean].map((each) => Array.from(each, (value) => Number(value.toFixed(3))));
    const atStart = input.digit !== null && z.every((value, k) => value === start[k]);
    return {
      digit: input.digit || null,
      z: atStart ? null : z,
      layer: this.middle.layer === "points" ? null : this.middle.layer,
      ...this.middle.options.chosen,
      classes: this.middle.filter.chosen,
      frame: this.map.visibleFrame,
      pins: this.pins.state(),
      computation: this.computation.open ? /** @type {const} */ ("open") : null,
      ...this.posterior.state(),
    };
  }

  keys() {
    /** @type {import("../widgets/key_help.mjs").Row[]} */
    const own = [["Esc", "hide the image beside the map's cursor; back to the input"]];
    // The first call comes before there are any.
    return [...(this.panels ?? []).flatMap((panel) => panel.keys?.() ?? []), ...own];
  }

  async draw() {
    const { subject } = this;
    if (!subject) return;
    for (const panel of this.panels) panel.move?.(subject);
    const decoded = await subject.model.decode(subject.code.z);
    await Promise.all(this.panels.map((panel) => panel.draw?.(subject, decoded)));
  }

  /** @param {ArrayLike<number>} z @param {import("../explore/subject.mjs").Hand} [by] */
  go(z, by) {
    const { subject } = this;
    if (!subject) return;
    subject.own = by !== undefined;
    this.hand = by ?? null;
    this.map.reveal(project(subject.model.entry.space, z));
    this.glide.go(subject.code.z, z);
  }

  /** @param {ArrayLike<number>} z @param {import("../explore/subject.mjs").Hand} [by] */
  set(z, by) {
    const { subject } = this;
    if (!subject) return;
    this.glide.stop();
    this.inputTurn += 1;
    subject.own = by !== undefined;
    this.hand = by ?? null;
    if (z !== subject.code.z) subject.code.set(z);
    this.moved();
  }

  /** @param {Float32Array} image 784 grey levels, 0 to 1 @param {number | null} digit its number among the test images */
  async setInput(image, digit) {
    const { subject } = this;
    if (!subject) return;
    this.inputTurn += 1;
    if (digit !== null) {
      this.take(subject, subject.testInput(digit));
      this.go(subject.input.mean);
      this.tell("input", { class: subject.dataset.className(digit), drawn: false });
      return;
    }
    const turn = this.inputTurn;
    const seen = subject.seen(image, null);
    const posterior = await subject.model.posterior(seen);
    if (turn !== this.inputTurn || subject !== this.subject) return;
    this.take(subject, { image: seen, digit, ...posterior });
    this.map.reveal(project(subject.model.entry.space, subject.input.mean));
    this.glide.stop();
    subject.own = false;
    subject.code.set(subject.input.mean);
    this.moved();
    this.settle();
  }

  /** @param {Subject} subject @param {import("../explore/subject.mjs").Input} input */
  take(subject, input) {
    subject.input = input;
    for (const panel of this.panels) panel.setInput?.(subject);
  }

  /** @param {number} i a test image */
  jump(i) {
    if (this.subject) this.setInput(this.subject.dataset.greyLevels(i), i);
  }

  back() {
    if (this.subject) this.go(this.subject.input.mean);
  }

  settle() {
    // Nothing is sent while a pen is down; once it is lifted, the drawing is encoded again.
    if (!this.input.pad.drawing) super.settle();
  }

  /** Draw z, and say what it decodes to once it rests. */
  moved() {
    this.loop.ask();
    this.announcer.sayAtRest(() => (this.subject ? this.output.describe(this.subject) : ""));
  }

  /** @param {string} words */
  announce(words) {
    this.announcer.say(words);
  }

  rest() {
    const { subject } = this;
    if (!subject) return;
    for (const panel of this.panels) Promise.resolve(panel.rest?.(subject)).catch((error) => this.fail(error));
    // Something else may come to rest while z still glides.
    if (!this.hand || this.glide.target) return;
    if (this.heard) this.tellMoved(subject, this.hand).catch((error) => this.fail(error));
    this.hand = null;
  }

  /** Tell where a person has moved z, and what it decodes to. @param {Subject} subject @param {import("../explore/subject.mjs").Hand} by */
  async tellMoved({ model, dataset, code }, by) {
    const { visit } = this;
    const z = code.z.slice();
    const gap = distance(model.code(model.nearest(z, 1)[0]), z) / model.entry.space.far_gap;
    const reader = await readerOf(dataset);
    if (!reader) {
      this.tell("moved", { by, gap });
      return;
    }
    const [{ label, confidence }] = await reader.read(await model.decode(z));
    // Meanwhile a lesson may have gone on.
    if (visit !== this.visit) return;
    this.tell("moved", { by, gap, confidence, read: reader.names[label] });
  }

  destroy() {
    super.destroy();
    this.glide.stop();
    for (const panel of this.panels) panel.destroy?.();
  }
}

/** Tell which folded part a person opens, by its name as a control. @param {HTMLElement} root @param {(name: string) => void} tell */
function tellOpened(root, tell) {
  // Keys click a summary too; what a page or a lesson opens isn't clicked.
  root.addEventListener("click", ({ target }) => {
    const fold = target instanceof Element && target.closest("summary")?.parentElement;
    if (fold instanceof HTMLDetailsElement && !fold.open) tell(fold.dataset.control ?? "");
  });
}
