// What comes out: the decoded image, a slider for each latent, and the test images with the nearest codes.

import { part } from "../dom.mjs";
import { drawCode } from "../maths/draws.mjs";
import { distance } from "../maths/plane.mjs";
import { fittedTo } from "../model/fitted.mjs";
import { codeInWords, decodedWords } from "../widgets/decoded_words.mjs";
import { DigitCanvas } from "../widgets/digit_canvas.mjs";
import { SLIDER_KEYS } from "../widgets/key_help.mjs";
import { NEAREST, NearestDigits } from "../widgets/nearest_digits.mjs";
import { Sliders } from "../widgets/sliders.mjs";
import { Reading } from "./reading.mjs";
import { latentFacts } from "./subject.mjs";

/** @typedef {import("./subject.mjs").Subject} Subject */

export class OutputPanel {
  /** @param {HTMLElement} root @param {import("./subject.mjs").Host} host */
  constructor(root, host) {
    this.root = root;
    this.host = host;
    this.picture = new DigitCanvas(part(root, ".digit", HTMLCanvasElement));
    this.reading = new Reading(part(root, ".reading"), () => {
      if (host.subject) this.describe(host.subject);
    });
    this.sliders = new Sliders(part(root, ".sliders"), {
      input: (latent, value) => {
        const z = host.subject?.code.z.slice();
        if (!z) return;
        z[latent] = value;
        host.set(z, "slider");
      },
      release: (latent) => {
        host.settle();
        if (host.subject) host.tell("slid", latentFacts(host.subject, latent));
      },
    });
    this.nearest = new NearestDigits(part(root, ".near"), (i) => host.jump(i));
    part(root, ".centre").addEventListener("click", () => {
      if (host.subject) host.go(centreOf(host.subject.model.entry), "centre");
    });
    part(root, ".random").addEventListener("click", () => this.goToRandom().catch((error) => host.fail(error)));
  }

  /** A random code of the chosen distribution. */
  async goToRandom() {
    const { subject } = this.host;
    if (!subject) return;
    const { model } = subject;
    const chosen = part(this.root, ".distribution", HTMLSelectElement).value;
    const fitted = await fittedTo(model, chosen === "fitted" ? "fitted" : "prior");
    // Of many latents it takes a while, and another model may be on show by then.
    if (this.host.subject === subject) this.host.go(drawCode(model.dim, fitted, Math.random), "random");
  }

  /** @param {Subject} subject */
  setModel(subject) {
    const { model, dataset } = subject;
    this.reading.setModel(subject);
    this.sliders.build(model.entry);
    this.nearest.setDataset(dataset);
    this.picture.canvas.setAttribute("aria-label", `decoded ${dataset.entry.noun}`);
    part(this.root, ".distribution", HTMLSelectElement).value = model.entry.variational ? "prior" : "fitted";
  }

  /** @param {Subject} subject */
  move({ model, code }) {
    this.sliders.set(code.z);
    const nearest = model.nearest(code.z, NEAREST);
    this.nearest.show(nearest, distance(model.code(nearest[0]), code.z), model.entry.space);
  }

  /** @param {Subject} subject @param {Float32Array} decoded */
  draw(subject, decoded) {
    this.picture.drawUnit(decoded);
    return this.reading.draw(subject, decoded);
  }

  /** What is known about the decoded image; the canvas is called so. @param {Subject} subject */
  describe({ model, dataset, code }) {
    const words = `${decodedWords(model, dataset, code.z, this.reading.verdict)} ${codeInWords(code.z)}`.trimEnd();
    this.picture.canvas.setAttribute("aria-label", `decoded ${dataset.entry.noun}. ${words}`);
    return words;
  }

  keys() {
    return SLIDER_KEYS;
  }
}

/** The mean of the prior; for a model without one, that of its codes. @param {import("../contract").Model} entry */
function centreOf({ variational, space }) {
  return variational ? space.mean.map(() => 0) : space.mean;
}
