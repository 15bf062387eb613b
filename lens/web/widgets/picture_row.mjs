// A row of pictures with its name before it and numbers behind it; one kind of row belongs to a model.

import { Picture } from "./digit_canvas.mjs";
import { part } from "../dom.mjs";

export class Line {
  /**
   * @param {string} label what stands before the pictures @param {string} name what one of them is called
   * @param {(k: number) => void} [pick] makes the pictures buttons
   */
  constructor(label, name, pick) {
    this.name = name;
    this.pick = pick;
    this.root = document.createElement("div");
    this.root.className = "line";
    this.root.innerHTML = `<span class="name"></span><div class="pictures"></div><div class="numbers"></div>`;
    part(this.root, ".name").textContent = label;
    /** @type {Picture[]} */
    this.pictures = [];
    /** @type {Float32Array} 784 grey levels a picture, not clipped */
    this.levels = new Float32Array(0);
  }

  /** @param {string[]} words what each picture shows; one canvas each */
  setWords(words) {
    if (this.pictures.length !== words.length) this.setCount(words.length);
    this.pictures.forEach(({ canvas }, k) => {
      canvas.setAttribute("aria-label", `${this.name}, ${words[k]}`);
      canvas.title = this.pick ? `${words[k]}; a click shows another` : words[k];
      if (this.pick) canvas.parentElement.setAttribute("aria-label", `another picture of class ${words[k]}`);
    });
  }

  /** @param {number} count */
  setCount(count) {
    this.pictures = Array.from({ length: count }, () => new Picture(document.createElement("canvas")));
    const cells = this.pictures.map(({ canvas }, k) => {
      canvas.setAttribute("role", "img");
      canvas.setAttribute("aria-label", this.name);
      if (!this.pick) return canvas;
      const button = document.createElement("button");
      button.type = "button";
      button.append(canvas);
      button.addEventListener("click", () => this.pick(k));
      return button;
    });
    const box = part(this.root, ".pictures");
    box.style.setProperty("--count", String(count));
    box.replaceChildren(...cells);
  }

  /** @param {Float32Array} levels 784 grey levels a picture; clipped for show only */
  show(levels) {
    this.levels = levels;
    this.pictures.forEach((picture, k) => picture.drawUnit(levels.subarray(784 * k, 784 * (k + 1))));
  }

  /** @param {string} key @param {string} unit @param {string} value */
  tell(key, unit, value) {
    const numbers = part(this.root, ".numbers");
    let place = numbers.querySelector(`[data-number="${key}"]`);
    if (!place) {
      place = document.createElement("span");
      place.dataset.number = key;
      place.innerHTML = `<b></b> <small></small>`;
      part(place, "small").textContent = unit;
      numbers.append(place);
    }
    part(place, "b").textContent = value;
  }

  /** @param {Float32Array} clean the error is measured against it: sum over pixels, mean over pictures */
  tellError(clean) {
    let sum = 0;
    for (let k = 0; k < clean.length; k += 1) sum += (this.levels[k] - clean[k]) ** 2;
    this.tell("error", "squared error", ((784 * sum) / clean.length).toFixed(1));
  }
}

/** What one model makes of the pictures. */
export class ModelLine extends Line {
  /** @param {import("../views/reconstruct.mjs").Entry} entry @param {boolean} moves whether code moves are told */
  constructor(entry, moves) {
    super(entry.label, `decoded digit, ${entry.label}`);
    this.root.classList.add("model");
    this.pixels = entry.pixels ?? "grey";
    this.moves = moves;
    /** @type {import("../model/model.mjs").Model} */
    this.model = null;
    /** @type {Float32Array | null} codes of the undisturbed pictures, once they are wanted */
    this.cleanCodes = null;
    this.apart = NaN;
  }

  /** @param {import("../model/model.mjs").Model} model */
  setModel(model) {
    if (model === this.model) return;
    this.model = model;
    this.cleanCodes = null;
    if (this.moves) this.apart = model.apart();
  }

  /** @param {Float32Array} clean undisturbed pictures as the model sees them */
  setClean(clean) {
    this.clean = clean;
    this.cleanCodes = null;
  }

  /**
   * @param {Float32Array} input pictures as the model sees them
   * @param {boolean} repairs whether it should give back the undisturbed ones, or those that it sees
   * @returns {Promise<() => void>} shows what came
   */
  async run(input, repairs) {
    const { model, clean, cleanCodes } = this;
    let move = 0;
    const codes = await model.encode(input);
    if (this.moves) {
      const still = cleanCodes ?? (await model.encode(clean));
      // Other digits may have been chosen meanwhile.
      if (clean === this.clean) this.cleanCodes = still;
      move = meanDistance(still, codes, model.dim) / this.apart;
    }
    const levels = await model.decode(codes);
    return () => {
      this.show(levels);
      if (this.moves) this.tell("move", "code moves", `${(100 * move).toFixed(0)} %`);
      this.tellError(repairs ? clean : input);
    };
  }
}

/** @param {Float32Array} a @param {Float32Array} b codes of `dim` numbers each @param {number} dim */
function meanDistance(a, b, dim) {
  let sum = 0;
  for (let start = 0; start < a.length; start += dim) {
    let squares = 0;
    for (let k = start; k < start + dim; k += 1) squares += (a[k] - b[k]) ** 2;
    sum += Math.sqrt(squares);
  }
  return (sum * dim) / a.length;
}
