// A slider over models of several sizes, one step each, and a box to tick that shows all of them.

import { part } from "../dom.mjs";
import { moveByKeys } from "./key_steps.mjs";
import { draggable } from "./range.mjs";

/** @typedef {import("../contract").LabelledModel} Entry */

export class SizeSlider {
  /**
   * @param {HTMLElement} root of the view
   * @param {{slide: () => void, release: () => void, all: () => void}} on `slide` is called at every step of a drag
   */
  constructor(root, on) {
    this.root = part(root, ".size");
    this.box = part(root, ".all-sizes input", HTMLInputElement);
    this.slider = part(this.root, "input", HTMLInputElement);
    this.ticks = draggable(this.slider).appendChild(document.createElement("span"));
    this.ticks.className = "ticks";
    this.ticks.setAttribute("aria-hidden", "true");
    /** @type {Entry[]} */
    this.entries = [];
    this.place = 0; // of the chosen model
    moveByKeys(this.slider, () => 1);
    this.slider.addEventListener("input", () => {
      if (this.slider.valueAsNumber === this.place) return;
      this.place = this.slider.valueAsNumber;
      this.show();
      on.slide();
    });
    this.slider.addEventListener("change", () => on.release());
    this.box.addEventListener("change", () => on.all());
  }

  /** @param {Entry[]} entries none without a slider */
  build(entries) {
    this.entries = entries;
    for (const each of [this.root, this.box.parentElement]) if (each) each.hidden = !entries.length;
    const last = Math.max(1, entries.length - 1);
    this.slider.max = String(last);
    this.ticks.replaceChildren(
      ...entries.map(({ latent_dim: latents }, k) => {
        const tick = document.createElement("span");
        tick.textContent = String(latents);
        tick.style.setProperty("--share", String(k / last));
        return tick;
      }),
    );
  }

  /** Whether all are shown. */
  get all() {
    return this.box.checked;
  }

  /** The chosen model. */
  get entry() {
    return this.entries[this.place];
  }

  /** @param {string | null} latents of the model, by default the last @param {boolean} all */
  choose(latents, all) {
    const found = this.entries.findIndex(({ latent_dim: size }) => String(size) === latents);
    this.place = found < 0 ? Math.max(0, this.entries.length - 1) : found;
    this.box.checked = all;
    this.show();
  }

  /** Whether a model is on show. @param {number} place */
  shows(place) {
    return !this.entries.length || this.all || place === this.place;
  }

  show() {
    this.slider.value = String(this.place);
    const words = this.entry ? `${this.entry.latent_dim} latents` : "";
    this.slider.setAttribute("aria-valuetext", words);
    part(this.root, ".value").textContent = this.entry ? String(this.entry.latent_dim) : "";
  }

  /** What is set; null is a default. */
  state() {
    const { entries, place, entry } = this;
    return {
      size: !entry || place === entries.length - 1 ? null : String(entry.latent_dim),
      rows: this.all ? /** @type {const} */ ("all") : null,
    };
  }
}
