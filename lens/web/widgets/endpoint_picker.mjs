// Chooses one end of an interpolation: a real test digit, by class or at random.

import { Picture } from "./digit_canvas.mjs";
import { part } from "../dom.mjs";

export class EndPicker {
  /** @param {HTMLElement} root @param {string} name "A" or "B" @param {(i: number) => void} pick */
  constructor(root, name, pick) {
    root.innerHTML = `<canvas role="img"></canvas>
      <div class="choose"><label><strong></strong><select></select></label>
      <button type="button" class="another">Another</button></div>`;
    this.picture = new Picture(part(root, "canvas"));
    this.picture.canvas.className = "digit";
    this.name = name;
    part(root, "strong").textContent = name;
    this.select = part(root, "select");
    this.select.setAttribute("aria-label", `class of ${name}`);
    for (const text of ["any digit", ..."0123456789"]) {
      this.select.add(new Option(text.length > 1 ? text : `a ${text}`, text.length > 1 ? "" : text));
    }
    const another = () => pick(this.draw());
    this.select.addEventListener("change", another);
    part(root, ".another").addEventListener("click", another);
  }

  /** A random test digit of the class that is selected. */
  draw() {
    const { byClass, count } = this.digits;
    const choices = this.select.value === "" ? null : byClass[Number(this.select.value)];
    const place = Math.floor(Math.random() * (choices ? choices.length : count));
    return choices ? choices[place] : place;
  }

  /** @param {import("../model/formats.mjs").Digits} digits @param {number} i */
  show(digits, i) {
    this.digits = digits;
    const label = digits.labels[i];
    if (this.select.value !== "") this.select.value = String(label);
    this.picture.drawBytes(digits.image(i));
    this.picture.canvas.setAttribute("aria-label", `${this.name}: a ${label}, test digit ${i}`);
    this.picture.canvas.title = `a ${label}, test digit ${i}`;
  }
}
