// Reconstruct: test images, corrupted or not, through the encoders and decoders of several models, live.

import { part } from "../dom.mjs";
import { binarise } from "../maths/corruption.mjs";
import { noiseFor } from "../maths/noise.mjs";
import { openDataset } from "../model/dataset.mjs";
import { readerOf } from "../model/reader.mjs";
import { View } from "../view.mjs";
import { CorruptionControls } from "../widgets/corruption_controls.mjs";
import { SLIDER_KEYS } from "../widgets/key_help.mjs";
import { ModelRow, PictureRow, showVerdicts } from "../widgets/picture_row.mjs";
import { write } from "../widgets/prose.mjs";
import { SizeSlider } from "../widgets/size_slider.mjs";

/** @typedef {import("../contract").Reconstruct} Data */

/** @typedef {import("../contract").LabelledModel} Entry */

/** @typedef {import("../model/model.mjs").Model} Model */

/** @typedef {import("../model/dataset.mjs").Dataset} Dataset */

/** @typedef {Entry["binarisation"]} Binarisation */

/**
 * Other models take over what is set, unless a start value changed.
 * @extends {View<Data, {dataset: Dataset, models: Model[]}, import("../contract").ReconstructState>}
 */
export default class Reconstruct extends View {
  /** @param {HTMLElement} root */
  constructor(root) {
    super(root);
    this.controls = new CorruptionControls(root, () => {
      this.change();
      this.tellAtRest("corrupted", () => ({ kind: this.controls.kind, level: this.controls.value }));
    });
    this.sizes = new SizeSlider(root, {
      slide: () => this.change(),
      release: () => this.tellAtRest("sized", () => ({ model: this.sizes.entry.name, latents: this.sizes.entry.latent_dim })),
      all: () => this.change(),
    });
    /** Reads what is decoded, where the models are of several sizes. @type {import("../model/reader.mjs").Reader | null} */
    this.reader = null;
    /** @type {Data | null} what the page asked for last */
    this.asked = null;
    /** @type {Dataset | null} */
    this.dataset = null;
    this.pattern = 0; // of the noise
    /** @type {number[]} test images */
    this.shown = [];
    /** @type {Float32Array[]} their grey levels, 0 to 1 */
    this.images = [];
    /** @type {import("../maths/noise.mjs").Noise[]} one each */
    this.noise = [];
    this.built = { rows: "", controls: "", images: "" };
    this.clean = new PictureRow("", "");
    /** @type {PictureRow | null} */
    this.corrupted = null;
    /** @type {ModelRow[]} */
    this.rows = [];
    /** @type {Binarisation} how the rows above those of the models show images */
    this.common = "grey";
    part(root, ".again").addEventListener("click", () => {
      this.pattern += 1;
      this.layOut();
      this.change();
      this.tell("noise");
    });
    part(root, ".next").addEventListener("click", () => {
      const { dataset } = this;
      if (!dataset) return;
      this.shown = this.shown.map((i) => dataset.nextOfClass(i));
      this.layOut();
      this.change();
      this.tell("digits");
    });
  }

  /** Something was done: draw, and say what came of it once it rests. */
  change() {
    this.loop.ask();
    this.settle();
    this.announcer.sayAtRest(() => this.words());
  }

  /** The numbers of the models on show. */
  words() {
    const rows = this.rows.filter((_, place) => this.sizes.shows(place));
    const errors = rows.map((row) => `${row.label} ${row.value("error")}`);
    const alike = rows.map((row) => row.value("alike")).filter(Boolean).join(", ");
    return `Squared error: ${errors.join(", ")}.${alike && ` Recognised: ${alike}.`}`;
  }

  /** @returns {import("../widgets/key_help.mjs").Row[]} */
  keys() {
    return [...SLIDER_KEYS, ["Enter, Space", "on a test image: another of its class"]];
  }

  /** @param {Data} data */
  prepare(data) {
    if (!this.built.rows) this.build(data);
  }

  /** @param {Data} data @param {import("../view.mjs").OpenModel} open */
  async load({ base, models: entries, dataset: words }, open) {
    const opening = entries.map(async (entry) => {
      const model = await open(entry);
      await model.openEncoder();
      return model;
    });
    const [dataset, ...models] = await Promise.all([openDataset(base, words), ...opening]);
    return { dataset, models };
  }

  /** @param {Data} data @param {{dataset: Dataset, models: Model[]}} loaded */
  async show(data, { dataset, models }) {
    this.build(data);
    models.forEach((model, k) => this.rows[k].setModel(model));
    this.dataset = dataset;
    this.layOut();
    await this.draw();
    if (data.controls === "size") await this.read(dataset);
  }

  /** Let the reader read what is decoded from now on; the pictures come first. @param {Dataset} dataset */
  async read(dataset) {
    if (this.reader) return;
    this.reader = await readerOf(dataset);
    await this.draw();
  }

  /** Make rows and controls, unless they are there already. @param {Data} data */
  build(data) {
    const { root, built } = this;
    const { models, controls, kind, level, dataset, state } = data;
    const { noun } = dataset;
    const news = this.isNews(state);
    const start = JSON.stringify([controls, kind, level]);
    if (news || start !== built.controls) {
      this.controls.set(controls === "size" ? null : controls, state?.kind ?? kind, state?.level ?? level);
      this.sizes.build(controls === "size" ? models : []);
      this.sizes.choose(state?.size ?? null, state?.rows === "all");
      this.controls.setAngle(state?.angle ?? 0);
      this.pattern = state?.noise ?? 0;
    }
    built.controls = start;
    const images = JSON.stringify([dataset.name, data.images]);
    if (news || images !== built.images) this.shown = usualImages(data, state?.images).slice();
    built.images = images;
    this.asked = data;
    // Here, not when the models have come: meanwhile something else may be chosen.
    if (news) this.settled();
    const count = this.shown.length;
    const rows = JSON.stringify([models, dataset.name, controls, count]);
    if (rows === built.rows) return;
    built.rows = rows;
    const seen = new Set(models.map(({ binarisation }) => binarisation));
    // Where all models see the same pixels, the rows above theirs show just these.
    this.common = seen.size === 1 ? models[0].binarisation : "grey";
    this.clean = new PictureRow(`test ${noun}`, `test ${noun}`, (k) => this.replace(k));
    const name = controls === "perturbation" ? "perturbed" : "corrupted";
    this.corrupted = controls && controls !== "size" ? new PictureRow(name, `${name} ${noun}`) : null;
    this.rows = models.map(
      (entry) => new ModelRow(entry, controls === "perturbation", entry.binarisation === this.common),
    );
    const all = [this.clean, ...(this.corrupted ? [this.corrupted] : []), ...this.rows];
    for (const row of all) row.setCount(count, controls === "size" && row instanceof ModelRow);
    this.rows.forEach((row, place) => {
      row.root.hidden = !this.sizes.shows(place);
    });
    part(root, ".lines").replaceChildren(...all.map((row) => row.root));
    part(root, ".again").hidden = controls !== "corruption";
    part(root, ".next").textContent = `Next ${dataset.plural}`;
    write(part(root, ".hint"), explain(data));
  }

  /** @param {number} k show another image of the same class at this place */
  replace(k) {
    if (!this.dataset) return;
    this.shown[k] = this.dataset.nextOfClass(this.shown[k]);
    this.layOut();
    this.change();
    this.tell("digits");
  }

  state() {
    const { asked, controls, shown, pattern } = this;
    if (!asked) return null;
    const level = Number(controls.level.toFixed(4));
    return {
      images: String(shown) === String(usualImages(asked)) ? null : shown,
      kind: !controls.kind || controls.kind === asked.kind ? null : controls.kind,
      level: !controls.kind || level === asked.level ? null : level,
      angle: controls.angle || null,
      noise: pattern || null,
      ...this.sizes.state(),
    };
  }

  /** Images or noise have changed: do what does not depend on a slider. */
  layOut() {
    const { dataset, shown, clean, corrupted, rows } = this;
    if (!dataset) return;
    this.noise = shown.map((i) => noiseFor(i, this.pattern));
    this.images = shown.map((i) => dataset.greyLevels(i));
    const words = shown.map((i) => `${dataset.className(i)}, ${dataset.reference(i)}`);
    for (const row of [clean, corrupted, ...rows]) row?.setWords(words);
    clean.show(this.binarised(this.images, this.common));
    for (const row of rows) row.setClean(this.binarised(this.images, row.binarisation));
    this.loop.ask();
  }

  /** Images as a model sees them, 784 grey levels each. @param {Float32Array[]} images @param {Binarisation} binarisation */
  binarised(images, binarisation) {
    const all = new Float32Array(784 * images.length);
    images.forEach((image, k) => binarise(binarisation, image, this.noise[k], all.subarray(784 * k, 784 * (k + 1))));
    return all;
  }

  async draw() {
    const { rows, corrupted, noise, common, controls } = this;
    if (!noise.length) return;
    const clean = this.clean.levels;
    const images = this.images.map((image, k) => controls.apply(image, noise[k]));
    const input = this.binarised(images, common);
    const wanted = rows.filter((_, place) => this.sizes.shows(place));
    const shows = await Promise.all(wanted.map((row) => this.run(row, images)));
    // All at once, so that no frame has one level's noise beside another's reconstruction.
    corrupted?.show(input);
    corrupted?.showError(clean);
    for (const row of rows) row.root.hidden = !wanted.includes(row);
    const chosen = this.sizes.all ? rows[this.sizes.place] : null;
    for (const row of rows) row.root.classList.toggle("chosen", row === chosen);
    for (const show of shows) show();
  }

  /**
   * A model's row with these images.
   * @param {ModelRow} row @param {Float32Array[]} images grey levels @returns {Promise<() => void>} shows what came
   */
  async run(row, images) {
    const { dataset, reader, shown } = this;
    const { levels, show } = await row.run(this.binarised(images, row.binarisation), this.controls.undone);
    if (!dataset || !reader) return show;
    const found = await reader.read(levels);
    return () => {
      show();
      showVerdicts(row, found, dataset, shown);
    };
  }
}

/** The images that are shown at first. @param {Data} data @param {number[] | null} [wanted] instead */
function usualImages({ images, dataset }, wanted) {
  return wanted ?? images ?? dataset.example_images;
}

/** How a grey image becomes black and white. @type {Record<string, string>} */
const RULES = { threshold: "white above 0.5", stochastic: "a fixed draw with the grey level as probability" };

/** The meaning of the numbers. @param {Data} data @returns {string} */
function explain({ models, dataset, controls }) {
  const { noun, plural } = dataset;
  const mean = `summed over 784 pixels, averaged over the ${plural} shown`;
  const words = [`[Squared error](squared-error) against the clean ${noun}, ${mean}.`];
  if (controls === "size") words.push(`Below each reconstruction: the ${noun} that a classifier, the reader, sees in it.`);
  if (controls === "perturbation") {
    words[0] = `[Squared error](squared-error) against the clean ${noun}; for a shifted or rotated ${noun}, against that input; ${mean}.`;
    words.push(
      `[Code moves](code-moves): the distance between the codes of the perturbed and the clean ${noun}, as a percentage of the mean ` +
        `distance between the codes of two test ${plural}, so that codes of any scale can be compared.`,
    );
  }
  for (const [binarisation, rule] of Object.entries(RULES)) {
    const binary = models.filter((entry) => entry.binarisation === binarisation);
    if (!binary.length) continue;
    const all = binary.length === models.length;
    const who = all ? "The models see" : `${binary.map(({ label }) => label).join(", ")}: sees`;
    const error = all ? "the error is measured against that" : "an error against that can't be compared with the others";
    words.push(`${who} ${plural} in [black and white](binarised) (${rule}); ${error}.`);
  }
  if (models.some(({ variational }) => variational)) words.push("A [VAE](vae)'s code is its [mean μ](mu).");
  words.push(`Click a test ${noun} for another of its class.`);
  return words.join(" ");
}
