// A row of images with its name before it and numbers behind it; one kind of row belongs to a model.

import { button, part } from "../dom.mjs";
import { readsAs } from "../model/reader.mjs";
import { DigitCanvas } from "./digit_canvas.mjs";
import { write } from "./prose.mjs";

export class PictureRow {
  /**
   * @param {string} label before the images @param {string} name of one of the images
   * @param {(k: number) => void} [pick] makes the images buttons
   */
  constructor(label, name, pick) {
    this.label = label;
    this.name = name;
    this.pick = pick;
    this.root = document.createElement("div");
    this.root.className = "line";
    this.root.innerHTML = `<span class="name"></span><div class="pictures"></div><div class="numbers"></div>`;
    part(this.root, ".name").textContent = label;
    /** @type {DigitCanvas[]} */
    this.pictures = [];
    /** @type {HTMLElement[]} below the images, where there is something to say of them */
    this.captions = [];
    /** @type {Float32Array} 784 grey levels an image, not clipped */
    this.levels = new Float32Array(0);
  }

  /** @param {string[]} words what each image shows; one canvas each */
  setWords(words) {
    if (this.pictures.length !== words.length) this.setCount(words.length);
    this.pictures.forEach(({ canvas }, k) => {
      canvas.setAttribute("aria-label", `${this.name}, ${words[k]}`);
      canvas.title = this.pick ? `${words[k]}; click for another` : words[k];
      if (this.pick) canvas.parentElement?.setAttribute("aria-label", `another image of class ${words[k]}`);
    });
  }

  /** @param {number} count @param {boolean} [captioned] whether there are words below them */
  setCount(count, captioned = false) {
    this.pictures = Array.from({ length: count }, () => new DigitCanvas(document.createElement("canvas")));
    const cells = this.pictures.map(({ canvas }, k) => {
      canvas.setAttribute("role", "img");
      canvas.setAttribute("aria-label", this.name);
      const { pick } = this;
      if (!pick) return canvas;
      const made = button("", () => pick(k));
      made.append(canvas);
      return made;
    });
    const box = part(this.root, ".pictures");
    box.style.setProperty("--count", String(count));
    this.captions = captioned ? cells.map(caption) : [];
    box.replaceChildren(...cells, ...this.captions);
  }

  /** @param {Float32Array} levels 784 grey levels an image; clipped for show only */
  show(levels) {
    this.levels = levels;
    this.pictures.forEach((picture, k) => picture.drawUnit(levels.subarray(784 * k, 784 * (k + 1))));
  }

  /** Words below the images. @param {{text: string, title: string, marked: boolean}[]} captions */
  setCaptions(captions) {
    captions.forEach(({ text, title, marked }, k) => {
      const place = this.captions[k];
      if (!place) return;
      place.textContent = text;
      place.classList.toggle("marked", marked);
      this.pictures[k].canvas.title = title;
      this.pictures[k].canvas.setAttribute("aria-label", `${this.name}, ${title}`);
    });
  }

  /** A number behind the images. @param {string} key @param {string} unit with a term in it @param {string} value */
  setValue(key, unit, value) {
    const numbers = part(this.root, ".numbers");
    let place = numbers.querySelector(`[data-number="${key}"]`);
    if (!place) {
      place = document.createElement("span");
      place.setAttribute("data-number", key);
      place.innerHTML = `<b></b> <small></small>`;
      write(part(place, "small"), unit);
      // Below the rows the same links have stops of their own.
      for (const link of place.querySelectorAll("a")) link.tabIndex = -1;
      numbers.append(place);
    }
    part(place, "b").textContent = value;
  }

  /** @param {string} key @returns {string} a number behind the images, as it is shown */
  value(key) {
    return this.root.querySelector(`[data-number="${key}"] b`)?.textContent ?? "";
  }

  /** @param {Float32Array} reference the error is measured against it: sum over pixels, mean over images */
  showError(reference) {
    let sum = 0;
    for (let k = 0; k < reference.length; k += 1) sum += (this.levels[k] - reference[k]) ** 2;
    this.setValue("error", "[squared error](squared-error)", ((784 * sum) / reference.length).toFixed(1));
  }
}

/** A place for the words below an image, of which a screen reader hears the image's own. */
function caption() {
  const made = document.createElement("span");
  made.className = "caption";
  made.setAttribute("aria-hidden", "true");
  return made;
}

/** One model's reconstructions of the images. */
export class ModelRow extends PictureRow {
  /**
   * @param {import("../contract").LabelledModel} entry
   * @param {boolean} showsMovement whether it shows how far the codes move
   * @param {boolean} comparable whether its error is on the same pixels as those of the other rows
   */
  constructor(entry, showsMovement, comparable) {
    super(entry.label, `decoded digit, ${entry.label}`);
    this.root.classList.add("model");
    this.binarisation = entry.binarisation;
    this.showsMovement = showsMovement;
    this.comparable = comparable;
    /** @type {import("../model/model.mjs").Model | null} */
    this.model = null;
    /** @type {Float32Array} clean images as the model sees them */
    this.clean = new Float32Array(0);
    /** @type {Float32Array | null} codes of the clean images, once they are wanted */
    this.cleanCodes = null;
    this.meanCodeDistance = NaN;
  }

  /** @param {import("../model/model.mjs").Model} model */
  setModel(model) {
    if (model === this.model) return;
    this.model = model;
    this.cleanCodes = null;
    if (this.showsMovement) this.meanCodeDistance = model.meanCodeDistance();
  }

  /** @param {Float32Array} clean images as the model sees them */
  setClean(clean) {
    this.clean = clean;
    this.cleanCodes = null;
  }

  /**
   * @param {Float32Array} input images as the model sees them
   * @param {boolean} denoises whether it should give back the clean images, or those that it sees
   * @returns {Promise<{levels: Float32Array, show: () => void}>} 784 grey levels an image, and what shows them
   */
  async run(input, denoises) {
    const { model, clean } = this;
    if (!model) return { levels: new Float32Array(0), show: () => {} };
    let movement = 0;
    const codes = await model.encode(input);
    if (this.showsMovement) {
      const unmoved = this.cleanCodes ?? (await model.encode(clean));
      // Other images may have been chosen meanwhile.
      if (clean === this.clean) this.cleanCodes = unmoved;
      movement = meanDistance(unmoved, codes, model.dim) / this.meanCodeDistance;
    }
    const levels = await model.decode(codes);
    const show = () => {
      this.show(levels);
      if (this.showsMovement) this.setValue("move", "[code moves](code-moves)", `${(100 * movement).toFixed(0)} %`);
      if (this.comparable) this.showError(denoises ? clean : input);
      else this.setValue("error", "[black-and-white pixels](binarised)", "–");
    };
    return { levels, show };
  }
}

/**
 * What the reader reads in a row of images, below each, and how many it reads as what they should show.
 * @param {PictureRow} row @param {import("../model/reader.mjs").Verdict[]} found
 * @param {import("../model/dataset.mjs").Dataset} dataset @param {number[]} shown the test images
 */
export function showVerdicts(row, found, dataset, shown) {
  const { class_names: names } = dataset.entry;
  const alike = found.map(({ label }, k) => label === dataset.labels[shown[k]]);
  row.setCaptions(
    found.map((read, k) => ({
      text: names[read.label],
      title: `${dataset.className(shown[k])}, ${dataset.reference(shown[k])}: ${readsAs(read, names[read.label])}`,
      marked: !alike[k],
    })),
  );
  row.setValue("alike", "[recognised](reader)", `${alike.filter(Boolean).length} of ${shown.length}`);
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
