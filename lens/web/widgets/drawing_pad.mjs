// A square to draw on and its buttons; a picture that is pasted, dropped or opened covers it.

import { part } from "../dom.mjs";
import { SIDE } from "../maths/drawing.mjs";
import { findInk, fitInk, toGrey } from "../maths/preparation.mjs";
import { readPicture } from "../model/picture.mjs";
import { reason } from "../view.mjs";
import { PenSquare } from "./pen_square.mjs";
import { takePictures } from "./picture_intake.mjs";

/** @typedef {import("../maths/preparation.mjs").Fit} Fit */

/**
 * @typedef {object} Callbacks
 * @property {() => Fit | null} fit  how ink is fitted; null as long as nothing is on show
 * @property {() => void} change  the drawing is another one
 * @property {() => void} arrive  a picture is about to cover the square
 * @property {() => void} [refuse]  a file can't be read, which is about to be said below the square
 * @property {(words: string) => void} say  to a screen reader
 */

export class DrawingPad {
  /** @param {HTMLElement} root has the square and its buttons @param {HTMLElement} view takes what is dropped @param {Callbacks} on */
  constructor(root, view, on) {
    this.root = root;
    this.on = on;
    this.reading = 0;
    this.pen = new PenSquare(part(root, ".pen", HTMLCanvasElement), {
      change: () => {
        this.complain("");
        on.change();
      },
      say: on.say,
    });
    part(root, ".undo").addEventListener("click", () => this.pen.undo());
    part(root, ".clear").addEventListener("click", () => this.pen.clear());
    const chooser = part(root, "input[type=file]", HTMLInputElement);
    this.stopTaking = takePictures(view, part(root, ".open-picture"), chooser, (file) => this.take(file));
  }

  get empty() {
    return this.pen.drawing.empty;
  }

  /** Whether a stroke goes on. */
  get drawing() {
    return this.pen.drawing.drawing;
  }

  /** The drawing as the network sees it, 784 grey levels; null for an empty one. */
  image() {
    const fit = this.on.fit();
    return fit && !this.empty ? fitInk(this.pen.drawing.ink(), fit) : null;
  }

  /** Put a picture on the square; what can't be read changes nothing. @param {File | null} file */
  async take(file) {
    this.reading += 1;
    const turn = this.reading;
    try {
      if (!file) throw new Error("There is no picture in what was pasted or dropped.");
      const ink = findInk(toGrey(await readPicture(file)));
      if (!ink) throw new Error("This picture is blank: its ink must be darker or lighter than its paper.");
      const fit = this.on.fit();
      const square = fit && fitInk(ink, fit, SIDE);
      if (!square || turn !== this.reading) return;
      this.on.arrive();
      this.pen.cover({ square, ink });
    } catch (error) {
      if (turn !== this.reading) return;
      if (file) this.on.refuse?.();
      this.complain(reason(error));
    }
  }

  /** @param {string} sentence "" for none */
  complain(sentence) {
    const place = part(this.root, ".complaint");
    place.hidden = !sentence;
    place.textContent = sentence;
    if (sentence) this.on.say(sentence);
  }

  destroy() {
    this.stopTaking();
    this.pen.stop();
  }
}
