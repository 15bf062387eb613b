// The posterior of the input: its numbers, its ellipses on the map, one sample of it or twenty, and the prior's circles.

import { button, part } from "../dom.mjs";
import { klOfLatents, reconstructionError, total } from "../maths/costs.mjs";
import { generator } from "../maths/noise.mjs";
import { project } from "../maths/plane.mjs";
import { deviations, planeCovariance, sample } from "../maths/posterior.mjs";
import { fixed } from "../widgets/decimals.mjs";
import { DigitCanvas } from "../widgets/digit_canvas.mjs";
import { write } from "../widgets/prose.mjs";
import { TabStop } from "../widgets/tab_stop.mjs";
import { inputClass } from "./subject.mjs";

/** @typedef {import("./subject.mjs").Subject} Subject */

const SAMPLES = 20;
const SEEDS = 10_000; // sets of samples that an address can name
const FEW = 4; // latents whose numbers are listed
const PRIOR = [1, 2]; // standard deviations

export class PosteriorPanel {
  /** @param {HTMLElement} root @param {import("./subject.mjs").Host} host */
  constructor(root, host) {
    this.root = root;
    this.strip = part(host.root, ".samples");
    this.host = host;
    this.prior = false;
    /** Of the samples on show, null where there are none. @type {number | null} */
    this.seed = null;
    this.samples = new Float32Array(0); // codes one after another
    this.places = new Float32Array(0); // on the map, u and v of each in turn
    /** Counts what was to be decoded, so that only the newest is shown. */
    this.wish = 0;
    this.stale = false; // the pictures are of other samples
    this.picked = -1;
    part(root, ".resample").addEventListener("click", () => this.resample());
    part(root, ".twenty").addEventListener("click", () => {
      this.setSeed(Math.floor(SEEDS * Math.random()));
      if (host.subject) host.tell("sampled", { count: SAMPLES, class: inputClass(host.subject) });
    });
    part(this.strip, ".others").addEventListener("click", () => part(root, ".twenty").click());
    part(this.strip, ".hide").addEventListener("click", () => {
      this.setSeed(null);
      part(root, ".twenty").focus();
    });
    part(root, ".prior").addEventListener("click", () => {
      this.prior = !this.prior;
      this.showPrior();
      host.settle();
      host.tell("prior", { shown: this.prior });
    });
    this.pictures = Array.from({ length: SAMPLES }, (_, k) => {
      const made = button("", () => this.pick(k));
      const canvas = new DigitCanvas(document.createElement("canvas"));
      made.append(canvas.canvas);
      made.setAttribute("aria-label", `sample ${k + 1}`);
      made.setAttribute("aria-pressed", "false");
      made.title = "go to this z";
      return { made, canvas };
    });
    const buttons = this.pictures.map(({ made }) => made);
    const box = part(this.strip, ".sample-pictures");
    box.append(...buttons);
    this.stop = new TabStop(box, buttons);
  }

  /** @param {Subject} subject */
  setModel({ model, dataset }) {
    const { variational, title } = model.entry;
    part(this.root, ".posterior-buttons").hidden = !variational;
    if (!variational) {
      const words = `${title} gives each ${dataset.entry.noun} one code, not a distribution of codes: there is no posterior to sample.`;
      write(part(this.root, ".posterior-words"), words);
    }
    this.showPrior();
  }

  /** @param {import("../contract").ExploreState | null} state */
  restore(state) {
    this.prior = state?.prior === "circles";
    this.showPrior();
    this.setSeed(state?.samples ?? null);
  }

  /** @returns {import("../widgets/key_help.mjs").Row[]} */
  keys() {
    if (!this.host.subject?.model.logVars) return [];
    return [["← → in the row of samples", "to another sample; Enter makes it z"]];
  }

  /** What is set; null is a default. */
  state() {
    return { samples: this.seed, prior: this.prior ? /** @type {const} */ ("circles") : null };
  }

  /** @param {Subject} subject */
  setInput(subject) {
    const { mean, logVar } = subject.input;
    if (logVar) write(part(this.root, ".posterior-words"), inNumbers(mean, deviations(logVar)));
    this.sample(subject);
  }

  /** @param {Subject} subject */
  move(subject) {
    this.showMarks(subject);
    this.showPicked(subject);
  }

  rest() {
    return this.stale ? this.decode() : undefined;
  }

  /** The prior's circles, where there is a prior. */
  showPrior() {
    const shown = this.prior && this.host.subject?.model.entry.variational;
    part(this.root, ".prior").setAttribute("aria-pressed", String(Boolean(shown)));
    this.host.map.update({ circles: shown ? PRIOR : [] });
  }

  /** Show the samples of this seed, or none. @param {number | null} seed */
  setSeed(seed) {
    const { subject } = this.host;
    this.seed = seed;
    if (!subject) return;
    this.sample(subject);
    this.showMarks(subject);
    this.decode().catch((error) => this.host.fail(error));
    this.host.settle();
  }

  /** Draw the samples anew: of one seed those of another input differ by μ and σ alone. @param {Subject} subject */
  sample({ model, input }) {
    const { mean, logVar } = input;
    const shown = this.seed !== null && logVar !== null;
    this.samples = new Float32Array(shown ? SAMPLES * model.dim : 0);
    this.places = new Float32Array(shown ? 2 * SAMPLES : 0);
    this.stale = shown;
    this.strip.hidden = !shown;
    if (!shown || this.seed === null) return;
    const random = generator(this.seed);
    for (let k = 0; k < SAMPLES; k += 1) {
      const z = sample(mean, logVar, random);
      this.samples.set(z, k * model.dim);
      this.places.set(project(model.entry.space, z), 2 * k);
    }
  }

  /** Decode the samples, all at once. */
  async decode() {
    const { subject } = this.host;
    this.wish += 1;
    const { wish, samples } = this;
    if (!subject || !samples.length) return;
    this.stale = false;
    const { model, input } = subject;
    const decoded = await model.decode(samples);
    if (wish !== this.wish || samples !== this.samples) return;
    this.pictures.forEach(({ canvas }, k) => canvas.drawUnit(decoded.subarray(784 * k, 784 * (k + 1))));
    write(part(this.strip, ".sample-words"), meanCost(model, input, decoded));
  }

  /** @param {Subject} subject */
  showMarks({ model, input, own }) {
    const { space } = model.entry;
    const { mean, logVar } = input;
    const posterior = logVar && {
      mean: project(space, mean),
      covariance: planeCovariance(space, logVar),
      samples: this.places,
      faint: own,
    };
    this.host.map.update({ posterior });
  }

  /** Which of the samples z is. @param {Subject} subject */
  showPicked({ model, code }) {
    const { samples } = this;
    let found = -1;
    for (let k = 0; k < samples.length / model.dim && found < 0; k += 1) {
      const start = k * model.dim;
      if (code.z.every((value, latent) => value === samples[start + latent])) found = k;
    }
    if (found === this.picked) return;
    this.picked = found;
    this.pictures.forEach(({ made }, k) => made.setAttribute("aria-pressed", String(k === found)));
  }

  /** z becomes a sample of the posterior. */
  resample() {
    const { subject } = this.host;
    if (!subject?.input.logVar) return;
    this.host.go(sample(subject.input.mean, subject.input.logVar, Math.random));
    this.host.tell("sampled", { count: 1, class: inputClass(subject) });
  }

  /** z becomes one of the samples on show. @param {number} k */
  pick(k) {
    this.stop.rove(k);
    const { subject } = this.host;
    if (!subject || !this.samples.length) return;
    const { dim } = subject.model;
    this.host.go(this.samples.subarray(k * dim, (k + 1) * dim));
  }
}

/** @param {ArrayLike<number>} mean @param {ArrayLike<number>} sigma */
function inNumbers(mean, sigma) {
  const list = (/** @type {ArrayLike<number>} */ values) => Array.from(values, (value) => fixed(value)).join(", ");
  if (mean.length <= FEW) return `[μ](mu) = ${list(mean)} · [σ](sigma) = ${list(sigma)}. Ellipses on the map: 1\u00a0σ and 2\u00a0σ.`;
  const [least, most] = [Math.min(...Array.from(sigma)), Math.max(...Array.from(sigma))];
  return `[σ](sigma) from ${list([least])} to ${list([most])} in ${mean.length} latents. Ellipses on the map: 1\u00a0σ and 2\u00a0σ, projected on its plane.`;
}

/**
 * What the samples cost on average.
 * @param {import("../model/model.mjs").Model} model @param {import("./subject.mjs").Input} input
 * @param {Float32Array} decoded 784 grey levels each
 */
function meanCost(model, { image, mean, logVar }, decoded) {
  const { loss } = model.entry.objective;
  if (loss !== "bce" || !logVar) return "20 samples of the posterior, decoded.";
  const logits = model.logits(decoded);
  let sum = 0;
  for (let start = 0; start < decoded.length; start += 784) {
    const [levels, before] = [decoded, logits].map((values) => values && values.subarray(start, start + 784));
    if (levels) sum += reconstructionError(loss, levels, before, image);
  }
  const cost = sum / SAMPLES + total(klOfLatents(mean, logVar));
  return `20 samples of the posterior, decoded. On average they cost ${cost.toFixed(1)} [nats](nat), an estimate of [−ELBO](elbo).`;
}
