// Chooses one end of an interpolation: a real test digit, by class or at random, or a drawing.

import { part } from "../dom.mjs";
import { withArticle } from "../model/dataset.mjs";
import { DigitCanvas } from "./digit_canvas.mjs";

export class EndpointPicker {
  /** @param {HTMLElement} root @param {string} name "A" or "B" @param {(i: number) => void} pick @param {() => void} draw */
  constructor(root, name, pick, draw) {
    root.innerHTML = `<canvas role="img" class="digit"></canvas>
      <div class="choose"><label><strong></strong><select></select></label>
      <span class="buttons"><button type="button" class="another">Another</button>
      <button type="button" class="draw">Draw</button></span></div>`;
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
    part(root, ".draw").setAttribute("aria-label", `Draw ${name}`);
    part(root, ".draw").addEventListener("click", draw);
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

  /** @param {import("../model/path.mjs").Endpoint} end */
  show(end) {
    const { dataset } = this;
    if (!dataset) return;
    if (typeof end !== "number") {
      this.select.value = "";
      this.canvas.drawUnit(end.image);
      this.canvas.canvas.setAttribute("aria-label", `${this.name}: a drawing`);
      this.canvas.canvas.title = "a drawing";
      return;
    }
    const i = end;
    if (this.select.value !== "") this.select.value = String(dataset.labels[i]);
    const words = `${withArticle(dataset.className(i))}, ${dataset.reference(i)}`;
    this.canvas.drawBytes(dataset.image(i));
    this.canvas.canvas.setAttribute("aria-label", `${this.name}: ${words}`);
    this.canvas.canvas.title = words;
  }
}
