// The place of one pin: its picture, which leads back to its code, and a button that removes it.

import { button } from "../dom.mjs";
import { DigitCanvas } from "../widgets/digit_canvas.mjs";

export class PinSlot {
  /** @param {string} letter @param {() => void} go @param {() => void} remove */
  constructor(letter, go, remove) {
    this.letter = letter;
    this.root = document.createElement("div");
    this.root.className = "slot";
    const name = document.createElement("b");
    name.textContent = letter;
    this.picture = new DigitCanvas(document.createElement("canvas"));
    this.back = button("", go);
    this.back.className = "pinned";
    this.back.setAttribute("aria-label", `back to pin ${letter}`);
    this.back.title = `back to pin ${letter}`;
    this.back.append(this.picture.canvas);
    this.remove = button("×", remove);
    this.remove.className = "remove";
    this.remove.setAttribute("aria-label", `remove pin ${letter}`);
    this.remove.title = `remove pin ${letter}`;
    this.root.append(this.back, name, this.remove);
    this.clear();
  }

  /** @param {Float32Array} levels of its picture */
  show(levels) {
    this.picture.drawUnit(levels);
    this.root.classList.remove("empty");
    this.back.hidden = false;
    this.remove.hidden = false;
  }

  clear() {
    this.root.classList.add("empty");
    this.back.hidden = true;
    this.remove.hidden = true;
  }
}
