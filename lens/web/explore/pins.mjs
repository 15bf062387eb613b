// Pins: codes that a person keeps as pictures, and sums of them, such as A − B + C.

import { part } from "../dom.mjs";
import { distance, project } from "../maths/plane.mjs";
import { DigitCanvas } from "../widgets/digit_canvas.mjs";
import { formula, LETTERS, PinList } from "./pin_list.mjs";
import { PinSlot } from "./pin_slot.mjs";
import { write } from "../widgets/prose.mjs";

/** @typedef {import("./subject.mjs").Subject} Subject */

const SHORT = 2; // latents whose codes go into the address

export class PinsPanel {
  /** @param {HTMLDetailsElement} root @param {import("./subject.mjs").Host} host */
  constructor(root, host) {
    this.root = root;
    this.host = host;
    this.pins = new PinList();
    this.turn = 0;
    this.slots = LETTERS.map((letter) => new PinSlot(letter, () => this.go(letter), () => this.remove(letter)));
    part(root, ".slots").append(...this.slots.map((slot) => slot.root));
    this.result = new DigitCanvas(part(root, ".sum canvas", HTMLCanvasElement));
    this.choosers = [...root.querySelectorAll("select")];
    for (const chooser of this.choosers) {
      chooser.addEventListener("change", () => {
        chooser.dataset.chosen = chooser.value;
        this.decode();
        host.tell("summed");
      });
    }
    part(root, ".pin").addEventListener("click", () => this.pin());
    part(root, ".show").addEventListener("click", () => {
      const sum = this.sum();
      if (!sum) return;
      host.go(sum, "sum");
      host.tell("summed");
    });
    host.map.on.mark = (letter) => this.go(letter);
    host.root.addEventListener("keydown", (event) => {
      if (event.key.toLowerCase() !== "p" || event.ctrlKey || event.metaKey || event.altKey) return;
      if (event.target instanceof HTMLSelectElement) return;
      event.preventDefault();
      this.pin();
    });
  }

  /** Bring back what was pinned of this model. @param {Subject} subject */
  setModel(subject) {
    this.pins.restore(remembered(subject), subject.model.dim);
    this.root.open = this.pins.letters.length > 0;
    this.show();
  }

  /** Pin what the address says, if it says so. @param {number[][] | null} codes */
  restore(codes) {
    const { subject } = this.host;
    if (!subject || !codes) return;
    this.pins.restore(codes, subject.model.dim);
    remember(subject, this.pins);
    this.root.open = true;
    this.show();
  }

  /** What the address says; long codes are only remembered. @returns {number[][] | null} */
  state() {
    const codes = this.pins.toJSON();
    if (!codes.length || (this.host.subject?.model.dim ?? 0) > SHORT) return null;
    return codes.map((code) => code.map((value) => Number(value.toFixed(3))));
  }

  pin() {
    const { subject } = this.host;
    if (!subject) return;
    const letter = this.pins.add(subject.code.z);
    if (letter) {
      this.change();
      this.host.tell("pinned", { pins: this.pins.letters.length });
    }
    this.say(letter ? `z is pinned as ${letter}.` : "All six pins are taken: remove one first.");
  }

  /** @param {string} letter */
  go(letter) {
    const code = this.pins.codes.get(letter);
    if (code) this.host.go(code, "pin");
  }

  /** @param {string} letter */
  remove(letter) {
    this.pins.remove(letter);
    this.change();
    this.say(`Pin ${letter} is removed.`);
    part(this.root, ".pin").focus();
  }

  /** @param {string} words */
  say(words) {
    part(this.root, ".said").textContent = words;
    this.host.announce(words);
  }

  /** A person has pinned or removed a code. */
  change() {
    const { host } = this;
    if (!host.subject) return;
    remember(host.subject, this.pins);
    this.root.open = true;
    this.show();
    host.settle();
  }

  /** Show what is pinned, here and on the map. */
  show() {
    const { pins, host, root } = this;
    const { subject } = host;
    if (!subject) return;
    const { letters } = pins;
    const marks = letters.map((letter) => {
      const [u, v] = project(subject.model.entry.space, pins.codes.get(letter) ?? []);
      return { u, v, text: letter };
    });
    host.map.update({ marks });
    root.classList.toggle("few", letters.length < 2);
    this.choosers.forEach((chooser, k) => offer(chooser, letters, k));
    this.decode();
  }

  /** The code that the choosers make. @returns {Float32Array | null} */
  sum() {
    const [a, b, c] = this.choosers.map(({ value }) => value);
    return this.pins.sum([a, b, c]);
  }

  /** Decode all pins and the sum, in one go. */
  async decode() {
    const { subject } = this.host;
    this.turn += 1;
    const { turn, pins } = this;
    const { letters } = pins;
    const sum = this.sum();
    for (const slot of this.slots) if (!letters.includes(slot.letter)) slot.clear();
    if (!subject || !letters.length) return;
    const { dim } = subject.model;
    const codes = new Float32Array(dim * (letters.length + 1));
    letters.forEach((letter, k) => codes.set(pins.codes.get(letter) ?? [], dim * k));
    if (sum) codes.set(sum, dim * letters.length);
    try {
      const levels = await subject.model.decode(codes);
      if (turn !== this.turn) return;
      const image = (/** @type {number} */ k) => levels.subarray(784 * k, 784 * (k + 1));
      for (const slot of this.slots) if (letters.includes(slot.letter)) slot.show(image(letters.indexOf(slot.letter)));
      if (sum) this.showSum(subject, sum, image(letters.length));
    } catch (error) {
      if (turn === this.turn) this.host.fail(error);
    }
  }

  /** @param {Subject} subject @param {Float32Array} sum @param {Float32Array} levels that it decodes to */
  showSum({ model, dataset }, sum, levels) {
    const [a, b, c] = this.choosers.map(({ value }) => value);
    const words = formula([a, b, c]);
    this.result.drawUnit(levels);
    this.result.canvas.setAttribute("aria-label", `decoded ${words}`);
    part(this.root, "figcaption").textContent = words;
    const { usual_gap: usual, far_gap: far } = model.entry.space;
    const gap = distance(model.code(model.nearest(sum, 1)[0]), sum);
    const warning =
      gap > far
        ? `Far from the codes of all test ${dataset.entry.plural}: the nearest is ${gap.toPrecision(2)} [away](distance) (usually ${usual.toPrecision(2)}).`
        : "";
    write(part(this.root, ".far"), warning);
  }

  /** @returns {import("../widgets/key_help.mjs").Row[]} */
  keys() {
    return [["P", "pin z"]];
  }
}

/**
 * Let a person choose one of the letters; at first the three choosers have three of them.
 * @param {HTMLSelectElement} chooser @param {string[]} letters @param {number} k which chooser it is
 */
function offer(chooser, letters, k) {
  const { chosen: before = "" } = chooser.dataset;
  const chosen = letters.includes(before) ? before : letters[Math.min(k, letters.length - 1)];
  chooser.replaceChildren(...letters.map((letter) => new Option(letter, letter, false, letter === chosen)));
}

/** @param {Subject} subject */
function keyOf({ model }) {
  return `latent-lab pins ${model.entry.name} ${model.entry.stamp}`;
}

/** What this tab has pinned of the model before. @param {Subject} subject @returns {unknown} */
function remembered(subject) {
  try {
    return JSON.parse(sessionStorage.getItem(keyOf(subject)) ?? "null");
  } catch {
    // Not all browsers let a page keep something.
    return null;
  }
}

/** @param {Subject} subject @param {PinList} pins */
function remember(subject, pins) {
  try {
    sessionStorage.setItem(keyOf(subject), JSON.stringify(pins));
  } catch {
    // They last as long as the page.
  }
}
