// What goes in: a test image, a drawing, or a picture that is pasted, dropped or opened.

import { part } from "../dom.mjs";
import { fitOf } from "../maths/preparation.mjs";
import { readerOf } from "../model/reader.mjs";
import { RenderLoop } from "../render_loop.mjs";
import { DigitCanvas } from "../widgets/digit_canvas.mjs";
import { DrawingPad } from "../widgets/drawing_pad.mjs";
import { FROM_YOU } from "../widgets/map_words.mjs";
import { PEN_KEYS } from "../widgets/pen_square.mjs";

/** @typedef {import("./subject.mjs").Subject} Subject */

export class InputPanel {
  /** @param {HTMLElement} root @param {import("./subject.mjs").Host} host @param {() => boolean[]} visibleClasses */
  constructor(root, host, visibleClasses) {
    this.root = root;
    this.host = host;
    this.visibleClasses = visibleClasses;
    part(root, ".own-note p").textContent = `${FROM_YOU}, not from an input.`;
    this.picture = new DigitCanvas(part(root, ".input-digit", HTMLCanvasElement));
    this.seen = new DigitCanvas(part(root, ".seen canvas", HTMLCanvasElement));
    /** The test image that was the input last. */
    this.digit = 0;
    this.drawn = false;
    this.fresh = false; // a person has drawn, which wasn't told yet
    /** Encodes the drawing as it is, at most once a frame. */
    this.loop = new RenderLoop(
      () => this.encode(),
      (error) => host.fail(error),
    );
    this.pad = new DrawingPad(root, host.root, {
      fit: () => host.subject && fitOf(host.subject.dataset.name),
      change: () => this.redrawn(),
      arrive: () => this.show(true),
      say: (words) => host.announce(words),
    });
    this.listen();
  }

  listen() {
    const { root, host, pad } = this;
    part(root, ".from-test").addEventListener("click", () => host.jump(this.digit));
    part(root, ".from-drawing").addEventListener("click", () => {
      this.show(true);
      // On a phone the square is below it.
      host.map.root.scrollIntoView({ block: "nearest" });
      this.fresh = !pad.empty;
      if (!pad.empty) this.loop.ask();
    });
    part(root, ".next").addEventListener("click", () => this.step(() => 1));
    part(root, ".any").addEventListener("click", () => this.step((count) => 1 + Math.floor((count - 1) * Math.random())));
    part(root, ".back").addEventListener("click", () => {
      host.back();
      // The button goes; Tab goes on from here.
      part(root, this.drawn ? ".from-drawing" : ".from-test").focus({ preventScroll: true });
    });
  }

  /** Go to another test image of a class on show. @param {(count: number) => number} length of a step */
  step(length) {
    const { subject } = this.host;
    if (!subject) return;
    const { count, labels } = subject.dataset;
    const visible = this.visibleClasses();
    let next = this.digit;
    do next = (next + length(count)) % count;
    while (!visible[labels[next]]);
    this.host.jump(next);
  }

  /** @param {Subject} subject */
  setModel({ dataset }) {
    const { noun } = dataset.entry;
    part(this.root, ".from-test").textContent = `Test ${noun}`;
    part(this.root, ".next").textContent = `Next ${noun}`;
    part(this.root, ".any").textContent = `Any ${noun}`;
    if (!this.drawn || this.pad.empty) return;
    // A drawing stays for the next model, which starts with a test image.
    queueMicrotask(() => {
      this.show(true);
      this.loop.ask();
    });
  }

  /** @param {Subject} subject */
  setInput(subject) {
    const { dataset, input } = subject;
    if (input.digit === null) {
      this.seen.drawUnit(input.image);
      return;
    }
    this.digit = input.digit;
    this.picture.drawUnit(input.image);
    const words = `${dataset.className(input.digit)} · ${dataset.reference(input.digit)}`;
    part(this.root, ".input-name").textContent = words;
    this.picture.canvas.setAttribute("aria-label", `input: ${words}`);
    this.show(false);
  }

  /** Show the square to draw on, or the test image. @param {boolean} drawn */
  show(drawn) {
    const { root, pad } = this;
    this.drawn = drawn;
    this.host.root.classList.toggle("drawn", drawn);
    part(root, ".from-test").setAttribute("aria-pressed", String(!drawn));
    part(root, ".from-drawing").setAttribute("aria-pressed", String(drawn));
    for (const selector of [".input-digit", ".input-name", ".of-test"]) part(root, selector).hidden = drawn;
    for (const selector of [".pen", ".seen", ".of-drawing"]) part(root, selector).hidden = !drawn;
    pad.complain("");
    this.showWords();
    if (!drawn) return;
    // The first stroke needn't wait for it; if it fails, that stroke says so.
    this.host.subject?.model.openEncoder().catch(() => {});
  }

  /** What to do, or what became of the drawing. */
  showWords() {
    const { subject } = this.host;
    if (!subject) return;
    const { dataset, input } = subject;
    const words = !this.pad.empty
      ? seenWords(fitOf(dataset.name))
      : input.digit === null
        ? "Nothing is drawn. The last drawing is still the input."
        : `Draw a ${dataset.entry.noun}, or paste or drop a picture of one.`;
    const place = part(this.root, ".seen p");
    if (place.textContent !== words) place.textContent = words;
  }

  /** The drawing is another one. */
  redrawn() {
    this.fresh = !this.pad.empty;
    this.showWords();
    if (!this.pad.empty) this.loop.ask();
    else this.host.announce("Nothing is drawn.");
  }

  async encode() {
    if (!this.drawn) return;
    const image = this.pad.image();
    if (image) await this.host.setInput(image, null);
  }

  /** Tell what was drawn, as the reader reads it. @param {Subject} subject */
  async rest({ dataset, input }) {
    if (!this.fresh || input.digit !== null || this.pad.drawing) return;
    this.fresh = false;
    const reader = await readerOf(dataset);
    const name = reader ? reader.names[(await reader.read(input.image))[0].label] : "";
    this.host.tell("input", { class: name, drawn: true });
  }

  /** @param {Subject} subject */
  move({ own }) {
    if (this.root.classList.contains("own") !== own) this.root.classList.toggle("own", own);
  }

  /** @returns {import("../widgets/key_help.mjs").Row[]} */
  keys() {
    return [...PEN_KEYS, ["Ctrl+V", "paste a picture"]];
  }

  destroy() {
    this.loop.stop();
    this.pad.destroy();
  }
}

/** @param {import("../maths/preparation.mjs").Fit} fit */
function seenWords({ longer, byMass }) {
  const place = byMass ? "its centre of mass in the middle" : "in the middle";
  return `What the network sees: 28 × 28 pixels, the longer side ${Math.round(28 * longer)}, ${place}.`;
}
