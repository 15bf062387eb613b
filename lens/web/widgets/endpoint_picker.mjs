// Chooses one end of an interpolation: a real test digit, by class or at random.

import { part } from "../dom.mjs";
import { withArticle } from "../model/dataset.mjs";
import { DigitCanvas } from "./digit_canvas.mjs";

export class EndpointPicker {
  /** @param {HTMLElement} root @param {string} name "A" or "B" @param {(i: number) => void} pick */
  constructor(root, name, pick) {
    root.innerHTML = `<canvas role="img" class="digit"></canvas>
      <div class="choose"><label><strong></strong><select></select></label>
      <button type="button" class="another">Another</button></div>`;
    this.canvas = new DigitCanvas(part(root, "canvas", HTMLCanvasElement));
    this.name = name;
    /** @type {import("../model/dataset.mjs").Dataset | null} */
    this.dataset = null;
    part(root, "strong").textContent = name;
    this.select = part(root, "select", HTMLSelectElement);
    this.select.setAttribute("aria-label", `class of ${name}`);
    const another = () => {
      if (this.dataset) pick(this.draw(this.dataset));
    };
    this.select.addEventListener("change", another);
    part(root, ".another").addEventListener("click", another);
  }

  /** @param {import("../model/dataset.mjs").Dataset} dataset */
  setDataset(dataset) {
    this.dataset = dataset;
    const { noun, class_names: names } = dataset.entry;
    const classes = names.map((name, label) => new Option(withArticle(name), String(label)));
    this.select.replaceChildren(new Option(`any ${noun}`, ""), ...classes);
  }

  /** A random test image of the class that is selected. @param {import("../model/dataset.mjs").Dataset} dataset */
  draw({ byClass, count }) {
    const choices = this.select.value === "" ? null : byClass[Number(this.select.value)];
    const place = Math.floor(Math.random() * (choices ? choices.length : count));
    return choices ? choices[place] : place;
  }

  /** @param {number} i */
  show(i) {
    const { dataset } = this;
    if (!dataset) return;
    if (this.select.value !== "") this.select.value = String(dataset.labels[i]);
    const words = `${withArticle(dataset.className(i))}, ${dataset.reference(i)}`;
    this.canvas.drawBytes(dataset.image(i));
    this.canvas.canvas.setAttribute("aria-label", `${this.name}: ${words}`);
    this.canvas.canvas.title = words;
  }
}
