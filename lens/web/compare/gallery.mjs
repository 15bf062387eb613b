// The worst reconstructions of a class, twelve for each model; a click lights one up on the maps.

import { button, part } from "../dom.mjs";
import { withArticle } from "../model/dataset.mjs";
import { DigitCanvas } from "../widgets/digit_canvas.mjs";
import { difference } from "./difference.mjs";
import { findWorst, WORST } from "./worst.mjs";

/** @typedef {import("../model/model.mjs").Model} Model */

/** @typedef {import("../model/dataset.mjs").Dataset} Dataset */

/** @typedef {import("./worst.mjs").Reconstruction} Reconstruction */

/**
 * What a gallery tells its view.
 * @typedef {object} Callbacks
 * @property {(digit: number) => void} pick
 * @property {() => void} changed  another class was chosen
 * @property {(sentence: string) => void} say
 * @property {(error: unknown) => void} fail
 */

export class Gallery {
  /** @param {HTMLElement} root @param {Callbacks} on */
  constructor(root, on) {
    this.root = root;
    this.on = on;
    /** @type {number | null} the class whose worst are shown */
    this.label = null;
    /** @type {Dataset | null} */
    this.dataset = null;
    /** @type {Model[]} */
    this.models = [];
    /** @type {string[]} */
    this.titles = [];
    this.differences = false;
    this.turn = 0;
    this.marked = -1; // the test image that the maps highlight
    /** @type {{made: HTMLElement, picture: DigitCanvas, found: Reconstruction}[]} */
    this.pictures = [];
  }

  /** @param {Dataset} dataset @param {Model[]} models @param {string[]} titles */
  setModels(dataset, models, titles) {
    if (dataset !== this.dataset) {
      const buttons = dataset.entry.class_names.map((name, label) => {
        return button(name, () => {
          this.choose(label === this.label ? null : label);
          this.on.changed();
        });
      });
      part(this.root, ".classes").replaceChildren(...buttons);
      this.root.hidden = !buttons.length;
    }
    const same = dataset === this.dataset && titles.join() === this.titles.join() && models.every((model, k) => model === this.models[k]);
    this.dataset = dataset;
    this.models = models;
    this.titles = titles;
    if (!same) this.choose(this.label);
  }

  /** @param {number | null} label */
  choose(label) {
    if (label !== null && this.dataset && !this.dataset.byClass[label]) label = null;
    this.label = label;
    this.turn += 1;
    [...part(this.root, ".classes").children].forEach((each, k) => each.setAttribute("aria-pressed", String(k === label)));
    const figures = part(this.root, ".figures");
    this.pictures = [];
    figures.replaceChildren();
    part(this.root, ".progress").textContent = "";
    if (label === null || !this.dataset) return;
    figures.append(...this.models.map((_, k) => this.figure(k)));
    this.find(label, this.dataset, this.turn);
  }

  /** An empty gallery of a model, as large as it will be. @param {number} k */
  figure(k) {
    const made = document.createElement("figure");
    made.innerHTML = `<figcaption></figcaption><div class="twelve"></div>`;
    part(made, "figcaption").textContent = this.titles[k];
    const places = Array.from({ length: WORST }, () => {
      const place = document.createElement("div");
      place.className = "place";
      return place;
    });
    part(made, ".twelve").append(...places);
    return made;
  }

  /** @param {number} label @param {Dataset} dataset @param {number} turn */
  async find(label, dataset, turn) {
    const { models, titles } = this;
    const current = () => turn === this.turn;
    const done = models.map(() => 0);
    const all = dataset.byClass[label].length;
    const { plural } = dataset.entry;
    const name = dataset.entry.class_names[label];
    const show = (/** @type {number} */ k, /** @type {number} */ count) => {
      done[k] = count;
      const share = done.reduce((sum, each) => sum + each, 0) / (all * models.length);
      part(this.root, ".progress").textContent = share < 1 ? `Reconstructing all ${all} test ${plural} of class ${name}: ${(100 * share).toFixed(0)} %` : "";
    };
    try {
      await Promise.all(
        models.map(async (model, k) => {
          if (model.entry.binarisation === "stochastic") {
            show(k, all);
            const words = document.createElement("p");
            words.className = "hint";
            words.textContent = "Trained on random black-and-white pixels, so it has no error on grey ones.";
            this.place(k).replaceChildren(words);
            return;
          }
          const found = await findWorst(model, dataset, label, current, (count) => current() && show(k, count));
          if (found && current()) this.fill(k, found, dataset);
        }),
      );
      if (current()) this.on.say(`The worst reconstructions of class ${name} by ${titles.join(", ")} are shown.`);
    } catch (error) {
      if (current()) this.on.fail(error);
    }
  }

  /** @param {number} k a model @returns {HTMLElement} where its gallery is */
  place(k) {
    return part(/** @type {HTMLElement} */ (part(this.root, ".figures").children[k]), ".twelve");
  }

  /** @param {number} k @param {Reconstruction[]} found @param {Dataset} dataset */
  fill(k, found, dataset) {
    const cells = found.map((each) => {
      const made = button("", () => this.on.pick(each.digit));
      const canvas = document.createElement("canvas");
      const error = document.createElement("span");
      error.textContent = each.error.toFixed(1);
      made.append(canvas, error);
      const words = `${withArticle(dataset.className(each.digit))}, ${dataset.reference(each.digit)}`;
      made.setAttribute("aria-label", `${words}: squared error ${error.textContent} by ${this.titles[k]}`);
      made.title = `${words}: highlight it`;
      const picture = new DigitCanvas(canvas, 28 * 2, 28);
      this.pictures.push({ made, picture, found: each });
      this.draw(picture, each);
      return made;
    });
    this.place(k).replaceChildren(...cells);
    this.mark(this.marked);
  }

  /** Mark the test image that the maps highlight. @param {number} digit */
  mark(digit) {
    this.marked = digit;
    for (const { made, found } of this.pictures) made.setAttribute("aria-current", String(found.digit === digit));
  }

  /** Show differences, or reconstructions. @param {boolean} differences */
  setDifferences(differences) {
    if (differences === this.differences) return;
    this.differences = differences;
    for (const { picture, found } of this.pictures) this.draw(picture, found);
  }

  /** @param {DigitCanvas} picture @param {Reconstruction} found */
  draw(picture, { seen, decoded }) {
    picture.drawUnit(seen);
    if (this.differences) picture.drawSigned(difference(decoded, seen), 28);
    else picture.drawUnit(decoded, 28);
  }

  stop() {
    this.turn += 1;
  }
}
