// The controls of a corruption or a perturbation: which kind, how strong, and for a shift in which direction.

import { CORRUPTIONS, PERTURBATIONS } from "../maths/corruption.mjs";
import { button, part } from "../dom.mjs";
import { moveByKeys } from "./key_steps.mjs";
import { draggable } from "./range.mjs";

/** @typedef {import("../maths/corruption.mjs").Kind} Kind */

/** @typedef {Exclude<import("../contract").Reconstruct["controls"], "size">} Controls */

const KINDS = { corruption: CORRUPTIONS, perturbation: PERTURBATIONS };

export class CorruptionControls {
  /** @param {HTMLElement} root @param {() => void} changed called at every step of a drag */
  constructor(root, changed) {
    this.root = root;
    this.changed = changed;
    this.angle = 0;
    this.level = 0;
    /** @type {Record<string, Kind>} those to choose from */
    this.kinds = {};
    /** The name of the kind that is chosen, "" without controls. */
    this.kind = "";
    this.slider = part(root, ".level input", HTMLInputElement);
    this.slider.addEventListener("input", () => {
      this.level = this.slider.valueAsNumber / this.kinds[this.kind].high;
      this.readOut();
      changed();
    });
    const angle = part(root, ".angle input", HTMLInputElement);
    for (const input of [this.slider, angle]) {
      draggable(input);
      moveByKeys(input, () => Number(input.step));
    }
    angle.addEventListener("input", () => {
      this.angle = angle.valueAsNumber;
      this.readOut();
      changed();
    });
  }

  /**
   * @param {Controls} controls null shows nothing
   * @param {string} first kind @param {number} level share of the slider's way from 0 to its high end
   */
  set(controls, first, level) {
    this.kinds = controls ? KINDS[controls] : {};
    this.kind = "";
    this.level = level;
    part(this.root, ".kinds").hidden = part(this.root, ".level").hidden = !controls;
    part(this.root, ".angle").hidden = true;
    if (!controls) return;
    const buttons = Object.entries(this.kinds).map(([kind, { title }]) => {
      const made = button(title, () => {
        this.setKind(kind);
        this.changed();
      });
      made.dataset.kind = kind;
      return made;
    });
    part(this.root, ".kinds").replaceChildren(...buttons);
    part(this.root, ".kinds").setAttribute("aria-label", `kind of ${controls}`);
    this.setKind(first in this.kinds ? first : Object.keys(this.kinds)[0]);
  }

  /** @param {number} degrees direction of a shift */
  setAngle(degrees) {
    this.angle = degrees;
    part(this.root, ".angle input", HTMLInputElement).value = String(degrees);
    if (this.kind) this.readOut();
  }

  /** @param {string} kind the level stays what it was */
  setKind(kind) {
    const { label, low, high, step } = this.kinds[kind];
    this.kind = kind;
    if (low === 0) this.level = Math.abs(this.level);
    for (const each of part(this.root, ".kinds").children) {
      each.setAttribute("aria-pressed", String(each.getAttribute("data-kind") === kind));
    }
    Object.assign(this.slider, { min: String(low), max: String(high), step: String(step) });
    this.slider.value = String(this.level * high);
    this.slider.setAttribute("aria-label", label);
    part(this.root, ".level .title").textContent = label;
    part(this.root, ".angle").hidden = kind !== "shift";
    this.readOut();
  }

  readOut() {
    const { words, high } = this.kinds[this.kind];
    const value = words(this.level * high);
    part(this.root, ".level .value").textContent = value;
    this.slider.setAttribute("aria-valuetext", value);
    part(this.root, ".angle .value").textContent = `${this.angle}°`;
    part(this.root, ".angle input").setAttribute("aria-valuetext", `${this.angle}°`);
  }

  /** Where the slider is, in its own unit: a share, pixels or degrees. */
  get value() {
    return this.level * this.kinds[this.kind].high;
  }

  /** Whether a model should undo it; a moved image is another image, to be reconstructed as it is. */
  get undone() {
    return !["shift", "rotate"].includes(this.kind);
  }

  /**
   * @param {Float32Array} image 784 grey levels @param {import("../maths/noise.mjs").Noise} noise
   * @returns {Float32Array} the image as it is corrupted or perturbed now
   */
  apply(image, noise) {
    if (!this.kind) return image;
    const { apply, high } = this.kinds[this.kind];
    const out = new Float32Array(784);
    apply(image, noise, this.level * high, this.angle, out);
    return out;
  }
}
