// The controls of a disturbance: which kind, how strong, and for a shift where to.

import { NOISE, NUDGE } from "../maths/corruption.mjs";
import { part } from "../dom.mjs";

/** @type {Record<string, typeof NOISE>} */
const KINDS = { noise: NOISE, nudge: NUDGE };

export class Knobs {
  /** @param {HTMLElement} root @param {() => void} changed called at every step of a drag */
  constructor(root, changed) {
    this.root = root;
    this.changed = changed;
    this.angle = 0;
    this.kind = "";
    this.slider = part(root, ".level input");
    this.slider.addEventListener("input", () => {
      this.level = this.slider.valueAsNumber / this.kinds[this.kind].high;
      this.told();
    });
    const angle = part(root, ".angle input");
    angle.addEventListener("input", () => {
      this.angle = angle.valueAsNumber;
      this.told();
    });
  }

  /**
   * @param {"noise" | "nudge" | null} disturb without one no controls are shown
   * @param {string} first kind @param {number} level share of the slider's way from 0 to its high end
   */
  set(disturb, first, level) {
    this.kinds = KINDS[disturb];
    this.kind = "";
    this.level = level;
    part(this.root, ".kinds").hidden = part(this.root, ".level").hidden = !this.kinds;
    part(this.root, ".angle").hidden = true;
    if (!this.kinds) return;
    const buttons = Object.entries(this.kinds).map(([kind, { title }]) => {
      const button = document.createElement("button");
      button.type = "button";
      button.dataset.kind = kind;
      button.textContent = title;
      button.addEventListener("click", () => {
        this.setKind(kind);
        this.changed();
      });
      return button;
    });
    part(this.root, ".kinds").replaceChildren(...buttons);
    part(this.root, ".kinds").setAttribute("aria-label", `kind of ${disturb}`);
    this.setKind(first in this.kinds ? first : Object.keys(this.kinds)[0]);
  }

  /** @param {string} kind the level stays what it was */
  setKind(kind) {
    const { label, low, high, step } = this.kinds[kind];
    this.kind = kind;
    if (low === 0) this.level = Math.abs(this.level);
    for (const button of part(this.root, ".kinds").children) {
      button.setAttribute("aria-pressed", String(button.dataset.kind === kind));
    }
    Object.assign(this.slider, { min: String(low), max: String(high), step: String(step) });
    this.slider.value = String(this.level * high);
    this.slider.setAttribute("aria-label", label);
    part(this.root, ".level span").textContent = label;
    part(this.root, ".angle").hidden = kind !== "shift";
    this.readOut();
  }

  told() {
    this.readOut();
    this.changed();
  }

  readOut() {
    const { words, high } = this.kinds[this.kind];
    const value = words(this.level * high);
    part(this.root, ".level output").textContent = value;
    this.slider.setAttribute("aria-valuetext", value);
    part(this.root, ".angle output").textContent = `${this.angle}°`;
  }

  /**
   * @param {Float32Array} picture 784 grey levels @param {import("../maths/noise.mjs").Field} field
   * @returns {Float32Array} the picture as the knobs disturb it now
   */
  apply(picture, field) {
    if (!this.kinds) return picture;
    const { apply, high } = this.kinds[this.kind];
    const out = new Float32Array(784);
    apply(picture, field, this.level * high, this.angle, out);
    return out;
  }
}
