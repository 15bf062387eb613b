// How many of a model's random codes decode to something legible: the share, and a sentence that says what it is of.

import { shareInWords } from "../model/legible_share.mjs";
import { write } from "./prose.mjs";

/** @typedef {import("../model/model.mjs").Model} Model */

export class LegibleFigure {
  /** @param {HTMLElement} root a paragraph */
  constructor(root) {
    this.root = root;
    this.number = document.createElement("strong");
    this.words = document.createElement("span");
    root.append(this.number, " ", this.words);
    /** @type {Model | null} whose it is */
    this.model = null;
  }

  /** Say what it is of, as long as the share isn't known. @param {Model} model */
  await(model) {
    if (this.model !== model) this.show(model, null);
  }

  /** @param {Model} model @param {number | null} share */
  show(model, share) {
    this.model = model;
    this.number.textContent = share === null ? "… %" : `${(100 * share).toFixed(1)} %`;
    write(this.words, shareInWords(model));
  }
}
