// Draws: random codes through the decoders of several models, as grids of images side by side.

import { part } from "../dom.mjs";
import { DISTRIBUTIONS, drawCode } from "../maths/draws.mjs";
import { generator } from "../maths/noise.mjs";
import { fittedTo } from "../model/fitted.mjs";
import { View } from "../view.mjs";
import { PictureGrid } from "../widgets/picture_grid.mjs";
import { write } from "../widgets/prose.mjs";

/** @typedef {import("../contract").Draws} Data */

/** @typedef {import("../contract").LabelledModel} Entry */

/** @typedef {import("../model/model.mjs").Model} Model */

/** @typedef {import("../maths/draws.mjs").Distribution} Distribution */

const COLUMNS = 8;
const ROWS = 6;

/**
 * The grids are opened only when they are about to come into view, since they stand below other things.
 * @extends {View<Data, {models: Model[]}, {}>}
 */
export default class Draws extends View {
  /** @param {HTMLElement} root */
  constructor(root) {
    super(root);
    this.wanted = comesNear(root);
    this.seed = 1;
    /** @type {Distribution} */
    this.distribution = "prior";
    /** @type {Entry[]} */
    this.entries = [];
    /** @type {PictureGrid[]} */
    this.grids = [];
    /** @type {Model[]} */
    this.models = [];
    this.built = "";
    this.plural = "";
    part(root, ".roll").addEventListener("click", () => {
      this.seed += 1;
      this.loop.ask();
      this.tell("rolled");
    });
    for (const name of /** @type {Distribution[]} */ (Object.keys(DISTRIBUTIONS))) {
      part(root, `.from-${name}`).addEventListener("click", () => {
        this.distribution = name;
        this.showDistribution();
        this.loop.ask();
        this.tell("distribution", { from: name });
      });
    }
  }

  /** @param {Data} data */
  prepare({ models, plural }) {
    this.plural = plural;
    const built = JSON.stringify(models.map(({ label }) => label));
    if (built !== this.built) this.build(models);
    this.built = built;
    this.showDistribution();
  }

  /** @param {Entry[]} entries */
  build(entries) {
    this.entries = entries;
    // Those of other grids.
    this.models = [];
    const figures = entries.map(({ label }) => {
      const figure = document.createElement("figure");
      figure.innerHTML = "<figcaption></figcaption><canvas></canvas>";
      part(figure, "figcaption").textContent = label;
      return figure;
    });
    this.grids = figures.map((one) => new PictureGrid(part(one, "canvas", HTMLCanvasElement), COLUMNS, ROWS));
    const box = part(this.root, ".grids");
    box.style.setProperty("--columns", String(entries.length));
    box.replaceChildren(...figures);
  }

  /** @param {Data} data @param {import("../view.mjs").OpenModel} open */
  async load({ models }, open) {
    await this.wanted;
    return { models: await Promise.all(models.map(open)) };
  }

  /** @param {Data} data @param {{models: Model[]}} loaded */
  async show(data, { models }) {
    this.entries = data.models;
    this.models = models;
    await this.draw();
  }

  /** Say in words which distribution it is. */
  showDistribution() {
    const { root, entries, distribution, plural } = this;
    for (const name of Object.keys(DISTRIBUTIONS)) {
      part(root, `.from-${name}`).setAttribute("aria-pressed", String(name === distribution));
    }
    const source = DISTRIBUTIONS[distribution];
    entries.forEach(({ label }, k) => {
      const { canvas } = this.grids[k];
      canvas.setAttribute("aria-label", `${COLUMNS * ROWS} ${plural} decoded by ${label} from draws of ${source}`);
    });
    write(part(root, ".hint"), explain(entries, distribution, plural));
  }

  async draw() {
    const { models, grids, distribution, seed } = this;
    const decoded = await Promise.all(models.map(async (model) => model.decode(await codesOf(model, distribution, seed))));
    // All at once, so that no frame has different draws side by side.
    decoded.forEach((levels, k) => grids[k].show(levels));
  }
}

/**
 * Random codes for every place of a grid, one after another. Models with the same number of latents get the same ε.
 * @param {Model} model @param {Distribution} distribution @param {number} seed
 */
async function codesOf(model, distribution, seed) {
  const { dim } = model;
  const fitted = await fittedTo(model, distribution);
  const random = generator(seed);
  const codes = new Float32Array(COLUMNS * ROWS * dim);
  for (let start = 0; start < codes.length; start += dim) codes.set(drawCode(dim, fitted, random), start);
  return codes;
}

/** The draws in words. @param {Entry[]} entries @param {Distribution} distribution @param {string} plural */
function explain(entries, distribution, plural) {
  const sizes = new Set(entries.map(({ latent_dim: latents }) => latents));
  const all = entries.length === 1 ? "" : sizes.size === 1 ? ", the same for each model" : ", the same for models of one size";
  if (distribution === "prior") {
    const vaes = entries.filter(({ variational }) => variational).length;
    const subject = vaes === 0 ? "Only a VAE" : "A VAE";
    const others = vaes === 0 || vaes === entries.length ? "" : "; the other models aren't";
    return `${COLUMNS * ROWS} [codes](code) z drawn from [N(0, I)](normal)${all}, and decoded. ${subject} is trained to fill this distribution with ${plural}${others}.`;
  }
  return `${COLUMNS * ROWS} [codes](code) z drawn from the [Gaussian](normal) with the mean and covariance of each model's test codes, and decoded.`;
}

/** Resolves once the element is on the screen or a screen's height away from it. @param {HTMLElement} element @returns {Promise<void>} */
function comesNear(element) {
  return new Promise((resolve) => {
    const watcher = new IntersectionObserver(
      (seen) => {
        if (!seen.some(({ isIntersecting }) => isIntersecting)) return;
        watcher.disconnect();
        resolve();
      },
      { rootMargin: "100% 0px" },
    );
    watcher.observe(element);
  });
}
