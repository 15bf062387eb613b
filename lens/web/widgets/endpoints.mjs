// A and B, the ends of an interpolation: each a test image or a drawing.

import { part } from "../dom.mjs";
import { fitOf } from "../maths/preparation.mjs";
import { withArticle } from "../model/dataset.mjs";
import { DrawnImage } from "../model/drawn_image.mjs";
import { DrawingDialog } from "./drawing_dialog.mjs";
import { EndpointPicker } from "./endpoint_picker.mjs";

/** @typedef {import("../model/dataset.mjs").Dataset} Dataset */

/** @typedef {import("../model/model.mjs").Model} Model */

/** @typedef {import("../model/path.mjs").Endpoint} Endpoint */

/** @typedef {"a" | "b"} End */

/** @type {End[]} */
const ENDS = ["a", "b"];

/**
 * @typedef {object} Callbacks
 * @property {() => void} change  A or B is another image
 * @property {() => Model[]} models  those that encode a drawing
 * @property {() => void} pause  something is about to cover the view
 * @property {(words: string) => void} say  to a screen reader
 * @property {(error: unknown) => void} fail
 */

export class Endpoints {
  /** @param {HTMLElement} root the view @param {Callbacks} on */
  constructor(root, on) {
    this.root = root;
    this.on = on;
    /** @type {Dataset | null} */
    this.dataset = null;
    this.usual = { a: 0, b: 0 }; // test images that it starts with
    /** @type {Endpoint} */
    this.a = 0;
    /** @type {Endpoint} */
    this.b = 0;
    /** What the next click on a map sets. @type {End} */
    this.next = "a";
    /** What is being drawn. @type {End} */
    this.drawing = "a";
    this.dialog = new DrawingDialog(part(root, ".draw-end", HTMLDialogElement), root, {
      fit: () => this.dataset && fitOf(this.dataset.name),
      arrive: () => this.draw(this.next),
      use: (image) => this.setDrawing(this.drawing, image),
      say: on.say,
    });
    this.pickers = ENDS.map((end) => {
      const place = part(root, `[data-end="${end}"]`);
      part(root, `.set-${end}`).addEventListener("click", () => this.setNext(end));
      return new EndpointPicker(place, end.toUpperCase(), (i) => this.set(end, i), () => this.draw(end));
    });
    part(root, ".swap").addEventListener("click", () => {
      [this.a, this.b] = [this.b, this.a];
      on.change();
    });
  }

  /**
   * What is set on arrival, after Back or Forward, and for other models.
   * @param {Dataset} dataset @param {{a: number, b: number}} usual @param {{a: number | null, b: number | null} | null} state
   */
  start(dataset, usual, state) {
    for (const end of ENDS) {
      const before = this[end];
      // A drawing stays for other models.
      const drawn = dataset === this.dataset && typeof before !== "number" ? before : null;
      this[end] = state?.[end] ?? drawn ?? usual[end];
    }
    this.dataset = dataset;
    this.usual = usual;
    for (const picker of this.pickers) picker.setDataset(dataset);
  }

  state() {
    const number = (/** @type {End} */ end) => {
      const image = this[end];
      return typeof image !== "number" || image === this.usual[end] ? null : image;
    };
    return { a: number("a"), b: number("b"), drawn: ENDS.filter((end) => typeof this[end] !== "number") };
  }

  /** Such as "5-to-drawing". */
  get fileName() {
    return ENDS.map((end) => (typeof this[end] === "number" ? this[end] : "drawing")).join("-to-");
  }

  /** @param {End} end what the next click on a map sets */
  setNext(end) {
    this.next = end;
    for (const each of ENDS) part(this.root, `.set-${each}`).setAttribute("aria-pressed", String(each === end));
  }

  /** @param {End} end @param {Endpoint} image */
  set(end, image) {
    this[end] = image;
    this.setNext(end === "a" ? "b" : "a");
    this.on.change();
  }

  /** Let a person draw one. @param {End} end */
  draw(end) {
    if (this.dialog.dialog.open) return;
    this.on.pause();
    this.drawing = end;
    this.dialog.open(`Draw ${end.toUpperCase()}`);
  }

  /** @param {End} end @param {Float32Array} image 784 grey levels, 0 to 1 */
  async setDrawing(end, image) {
    const models = this.on.models();
    const drawn = new DrawnImage(image);
    try {
      await drawn.encode(models);
    } catch (error) {
      this.on.fail(error);
      return;
    }
    if (models === this.on.models()) this.set(end, drawn);
  }

  /** Let other models encode the drawings. @param {Model[]} models */
  async encode(models) {
    for (const end of [this.a, this.b]) if (typeof end !== "number") await end.encode(models);
  }

  show() {
    this.pickers.forEach((picker, k) => picker.show(this[ENDS[k]]));
  }

  /** The class of each end, "" for a drawing. @returns {{a: string, b: string}} */
  classes() {
    const name = (/** @type {Endpoint} */ image) => (typeof image === "number" ? (this.dataset?.className(image) ?? "") : "");
    return { a: name(this.a), b: name(this.b) };
  }

  /** @returns {string} "A is a 7, test digit 5. B is a drawing." */
  words() {
    const { dataset } = this;
    if (!dataset) return "";
    const words = ENDS.map((end) => {
      const image = this[end];
      const what = typeof image === "number" ? `${withArticle(dataset.className(image))}, ${dataset.reference(image)}` : "a drawing";
      return `${end.toUpperCase()} is ${what}.`;
    });
    return words.join(" ");
  }

  destroy() {
    this.dialog.pad.destroy();
  }
}
