// What goes in: a test image, whose code z starts from.

import { part } from "../dom.mjs";
import { DigitCanvas } from "../widgets/digit_canvas.mjs";

/** @typedef {import("./subject.mjs").Subject} Subject */

export class InputPanel {
  /** @param {HTMLElement} root @param {import("./subject.mjs").Host} host @param {() => boolean[]} visibleClasses */
  constructor(root, host, visibleClasses) {
    this.root = root;
    this.host = host;
    this.picture = new DigitCanvas(part(root, ".input-digit", HTMLCanvasElement));
    part(root, ".next").addEventListener("click", () => {
      if (!host.subject) return;
      const { dataset, input } = host.subject;
      const visible = visibleClasses();
      let next = input.digit ?? 0;
      do next = (next + 1) % dataset.count;
      while (!visible[dataset.labels[next]]);
      host.jump(next);
    });
    part(root, ".back").addEventListener("click", () => host.back());
  }

  /** @param {Subject} subject */
  setModel({ dataset }) {
    part(this.root, ".next").textContent = `Next ${dataset.entry.noun}`;
  }

  /** @param {Subject} subject */
  setInput(subject) {
    const { dataset, input } = subject;
    this.picture.drawUnit(input.image);
    const words = input.digit === null ? "" : `${dataset.className(input.digit)} · ${dataset.reference(input.digit)}`;
    part(this.root, ".input-name").textContent = words;
    this.picture.canvas.setAttribute("aria-label", `input: ${words}`);
    this.move(subject);
  }

  /** @param {Subject} subject */
  move({ own }) {
    if (this.root.classList.contains("own") === own) return;
    this.root.classList.toggle("own", own);
    part(this.root, ".own-note").textContent = own ? "This z comes from you, not from an input." : "";
    part(this.root, ".back").classList.toggle("unseen", !own);
  }
}
