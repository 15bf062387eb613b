// A dialog to draw an image in, or to put a picture into.

import { button, part } from "../dom.mjs";
import { DrawingPad } from "./drawing_pad.mjs";
import { openModal } from "./modal.mjs";

export class DrawingDialog {
  /**
   * @param {HTMLDialogElement} dialog @param {HTMLElement} view takes what is dropped
   * @param {{fit: () => import("../maths/preparation.mjs").Fit | null, arrive: () => void, use: (image: Float32Array) => void, say: (words: string) => void}} on
   *   `arrive`: a picture has come, or a file that can't be read; `use`: the drawing is done, 784 grey levels
   */
  constructor(dialog, view, on) {
    this.dialog = dialog;
    dialog.innerHTML = `<strong></strong><canvas class="pen"></canvas>
      <div class="buttons"><button type="button" class="undo">Undo</button><button type="button" class="clear">Clear</button>
      <button type="button" class="open-picture">Open a picture</button>
      <input type="file" accept="image/*" aria-label="a picture" tabindex="-1" hidden></div>
      <p class="complaint" hidden></p><div class="buttons done"></div>`;
    this.pad = new DrawingPad(dialog, view, {
      fit: on.fit,
      arrive: on.arrive,
      refuse: on.arrive,
      say: on.say,
      change: () => {},
    });
    const use = button("Use it", () => {
      const image = this.pad.image();
      if (!image) {
        this.pad.complain("Nothing is drawn.");
        return;
      }
      dialog.close();
      this.pad.pen.clear();
      on.use(image);
    });
    part(dialog, ".done").append(use, button("Cancel", () => dialog.close()));
  }

  /** @param {string} title such as "Draw A" */
  async open(title) {
    if (this.dialog.open) return;
    part(this.dialog, "strong").textContent = title;
    this.dialog.setAttribute("aria-label", title);
    this.pad.complain("");
    await openModal(this.dialog);
    part(this.dialog, ".pen", HTMLCanvasElement).focus({ preventScroll: true });
  }
}
