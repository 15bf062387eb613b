// One model of a comparison: what it makes of the image on show, its error and its map.

import { part } from "../dom.mjs";
import { Holes } from "../map/holes.mjs";
import { LatentMap } from "../map/latent_map.mjs";
import { frameOf, MovingCode, projectAll } from "../maths/plane.mjs";
import { legibleShare } from "../model/legible_share.mjs";
import { decodedWords } from "../widgets/decoded_words.mjs";
import { fixed } from "../widgets/decimals.mjs";
import { DigitCanvas } from "../widgets/digit_canvas.mjs";
import { LegibleFigure } from "../widgets/legible_figure.mjs";
import { FROM_YOU } from "../widgets/map_words.mjs";
import { write } from "../widgets/prose.mjs";
import { difference, inkInWords, seenBy, squaredError } from "./difference.mjs";

/** @typedef {import("../model/model.mjs").Model} Model */

/** @typedef {import("../model/dataset.mjs").Dataset} Dataset */

/** What a column's number is, by the pixels that its model was trained on: errors on other pixels can't be compared. */
const UNITS = {
  grey: "[squared error](squared-error)",
  threshold: "[squared error](squared-error), [black-and-white pixels](binarised)",
  stochastic: "trained on random [black-and-white pixels](binarised)",
};

export class Column {
  /** @param {import("../views/compare.mjs").default} view */
  constructor(view) {
    this.cell = document.createElement("div");
    this.cell.className = "cell";
    this.cell.innerHTML = `<canvas role="img"></canvas>
      <div class="words"><strong></strong><span class="way"></span>
        <div class="judged"><span class="error"></span><span class="unit"></span></div></div>`;
    this.picture = new DigitCanvas(part(this.cell, "canvas", HTMLCanvasElement));
    this.way = part(this.cell, ".way");
    this.error = part(this.cell, ".error");
    this.unit = part(this.cell, ".unit");
    this.square = document.createElement("div");
    this.square.className = "square";
    this.square.dataset.control = "maps";
    this.square.innerHTML = `<h2></h2><div class="map"></div><p class="hint legible" hidden></p>`;
    this.figure = new LegibleFigure(part(this.square, ".legible"));
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
        view.tellAtRest("moved", () => ({ model: this.model?.entry.name ?? "" }));
        view.announcer.sayAtRest(() => (view.dataset ? this.words(view.dataset) : ""));
      },
      hover: (i) => view.hover(i, this),
      pick: (i) => view.choose(i),
      view: () => view.settle(),
      leave: () => view.restore(),
    });
    this.holes = new Holes(this.map);
    this.map.root.addEventListener("pointerleave", (event) => {
      if (event.pointerType === "mouse") view.restore();
    });
  }

  /** @param {string} title what the column is called; another model may take it over @param {string} noun of an image */
  setTitle(title, noun) {
    // What its picture shows has been said.
    if (title === this.title && noun === this.noun) return;
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
    this.figure.root.hidden = true;
    const { class_names: classNames } = dataset.entry;
    const images = dataset;
    this.map.update({ points: projectAll(model), classes: dataset.labels, classNames, images, frame: frameOf(space) });
  }

  /** Show the points alone. */
  hideHoles() {
    this.holes.hide();
    this.figure.root.hidden = true;
  }

  /**
   * Show what the reader sees all over the map, and then how many random codes it can read.
   * @param {import("../model/reader.mjs").Reader} reader @param {number} kept the test digit through whose code the plane goes
   * @param {() => boolean} current false once this isn't wanted
   */
  async showHoles(reader, kept, current) {
    const { model } = this;
    if (!model) return;
    const { offPlane } = new MovingCode(model.entry.space, model.code(kept));
    const still = () => current() && this.model === model;
    this.figure.await(model);
    this.figure.root.hidden = false;
    if (!(await this.holes.show(model, reader, offPlane)) || !still()) return;
    const share = await legibleShare(model, reader, still);
    if (still()) this.figure.show(model, share);
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

  /** @param {Uint8Array} original @param {string} name of it @param {boolean} differs whether the picture shows the difference */
  async draw(original, name, differs) {
    const { model, code, digit } = this;
    if (!model || !code) return;
    this.map.update({ cross: digit < 0 ? code.place : null, highlighted: digit });
    const pixels = await model.decode(code.z);
    this.way.textContent = shortCode(code.z);
    this.cell.classList.toggle("own", digit < 0);
    if (digit < 0) {
      // The original isn't where this picture comes from, so there is nothing to compare it with.
      this.picture.drawUnit(pixels);
      this.namePicture(", at the cross-hair");
      this.error.textContent = "";
      write(this.unit, FROM_YOU);
      return;
    }
    const { binarisation } = model.entry;
    const signed = difference(pixels, seenBy(original, binarisation));
    if (differs) this.picture.drawSigned(signed);
    else this.picture.drawUnit(pixels);
    const what = `, reconstruction of ${name}`;
    this.namePicture(differs ? `${what}, minus the original: ${inkInWords(signed)}` : what);
    this.error.textContent = binarisation === "stochastic" ? "–" : squaredError(signed).toFixed(1);
    write(this.unit, UNITS[binarisation]);
  }
}

/** A code between its image and what is decoded from it. @param {Float32Array} z @returns {string} "z = (−0.22, 1.02)" */
function shortCode(z) {
  return z.length > 2 ? `z, ${z.length} numbers` : `z = (${Array.from(z, (value) => fixed(value)).join(", ")})`;
}
