// A row of real test images whose codes are nearest to the current one; a click jumps to one.

import { button } from "../dom.mjs";
import { DigitCanvas } from "./digit_canvas.mjs";
import { write } from "./prose.mjs";

/** @typedef {import("../model/dataset.mjs").Dataset} Dataset */

/** @typedef {import("../contract").Space} Space */

export const NEAREST = 5;

export class NearestDigits {
  /** @param {HTMLElement} root @param {(i: number) => void} pick */
  constructor(root, pick) {
    /** @type {Dataset | null} */
    this.dataset = null;
    this.found = new Array(NEAREST).fill(-1);
    this.root = root;
    this.title = document.createElement("span");
    root.append(this.title);
    this.places = this.found.map((_, place) => {
      const box = button("", () => {
        if (this.found[place] >= 0) pick(this.found[place]);
      });
      const canvas = new DigitCanvas(document.createElement("canvas"));
      const label = document.createElement("span");
      box.append(canvas.canvas, label);
      root.append(box);
      return { box, canvas, label };
    });
  }

  /** @param {Dataset} dataset */
  setDataset(dataset) {
    this.dataset = dataset;
    this.found.fill(-1);
    this.root.setAttribute("aria-label", `real test ${dataset.entry.plural} near here`);
    this.title.title = `the test ${dataset.entry.plural} with the nearest codes`;
  }

  /** @param {number[]} found test images @param {number} gap from the code on show to that of the first @param {Space} space */
  show(found, gap, { usual_gap: usual, far_gap: far }) {
    const { dataset } = this;
    if (!dataset) return;
    const { noun, plural } = dataset.entry;
    this.root.classList.toggle("far", gap > far);
    write(this.title, nearestWords(gap, usual, gap > far, noun, plural));
    found.forEach((i, place) => {
      if (this.found[place] === i) return;
      this.found[place] = i;
      const { box, canvas, label } = this.places[place];
      const name = dataset.className(i);
      canvas.drawBytes(dataset.image(i));
      label.textContent = name;
      label.style.setProperty("--digit", `var(--digit-${dataset.labels[i]})`);
      box.setAttribute("aria-label", `a real ${name}, ${dataset.reference(i)}`);
      box.title = `jump to ${dataset.reference(i)}, class ${name}`;
    });
  }
}

/**
 * What is said of the nearest codes, as prose.
 * @param {number} gap to the first of them @param {number} usual that of a test image to the next @param {boolean} isFar
 * @param {string} noun @param {string} plural
 */
export function nearestWords(gap, usual, isFar, noun, plural) {
  const away = `${gap.toPrecision(2)} [away](distance) (usually ${usual.toPrecision(2)}).`;
  if (isFar) return `No real ${noun} near: the nearest code is ${away}`;
  return gap ? `Nearest test ${plural}: ${away}` : `Nearest test ${plural}: the first is right here.`;
}
