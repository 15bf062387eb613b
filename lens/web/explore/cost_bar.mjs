// What the input costs at the present z: its reconstruction error and KL as one bar, their sum, the KL of each latent.
// What else training minimised, the model's family says.

import { button, part } from "../dom.mjs";
import { crossEntropy, klOfLatents, reconstructionError, squaredError, total } from "../maths/costs.mjs";
import { write } from "../widgets/prose.mjs";

/** @typedef {import("./subject.mjs").Subject} Subject */

/** @typedef {import("../contract").Objective["loss"]} Loss */

/** @type {Record<Loss, {name: string, unit: string, meaning: string}>} */
const LOSSES = {
  bce: {
    name: "reconstruction", unit: "nats",
    meaning: "how badly the decoded picture predicts the input's pixels: their cross-entropy, summed over 784 pixels",
  },
  mse: {
    name: "squared error", unit: "",
    meaning: "how far the decoded picture is from the input: (x̂ − x)², summed over 784 pixels",
  },
  l1: {
    name: "absolute error", unit: "",
    meaning: "how far the decoded picture is from the input: |x̂ − x|, summed over 784 pixels",
  },
};
const STEPS = [1, 1.5, 2, 3, 4, 6, 8]; // where a bar ends, times powers of ten
const LEAST = 0.45; // of the bar, that it fills before it gets another end
const CLOSE = 1e-4; // of μ, where z is μ

/**
 * @typedef {object} Cost
 * @property {number} reconstruction  the loss that the model was trained on
 * @property {number} squares  Σ (x̂ - x)²
 * @property {number | null} kl  null without a posterior
 */

/**
 * @param {Subject} subject @param {ArrayLike<number>} decoded grey levels @param {ArrayLike<number> | null} logits
 * @returns {Cost} of the input decoded so
 */
export function costOf({ model, input }, decoded, logits) {
  return {
    reconstruction: reconstructionError(model.entry.objective.loss, decoded, logits, input.image),
    squares: squaredError(decoded, input.image),
    kl: input.logVar && total(klOfLatents(input.mean, input.logVar)),
  };
}

export class CostBar {
  /** @param {HTMLElement} root @param {import("./subject.mjs").Host} host */
  constructor(root, host) {
    this.root = root;
    this.host = host;
    this.bar = part(root, ".cost-bar");
    this.end = 0; // of the bar, in its unit
    this.floor = 0; // what a perfect copy of the input would cost
    /** What a term means, once someone has asked. */
    this.asked = "";
    /** @type {Cost | null} */
    this.cost = null;
    /** @type {Record<string, HTMLButtonElement>} */
    this.terms = {};
    this.sum = document.createElement("b");
    this.note = document.createElement("span");
    this.latents = part(root, ".kl-latents", HTMLDetailsElement);
    this.latents.addEventListener("toggle", () => {
      if (host.subject) this.showLatents(host.subject);
    });
  }

  /** @param {Subject} subject */
  setModel({ model, dataset }) {
    const { objective, variational } = model.entry;
    const { name } = LOSSES[objective.loss];
    part(this.root, ".cost-title").textContent = `What this ${dataset.entry.noun} costs`;
    this.end = 0;
    this.asked = "";
    this.terms = { reconstruction: this.term("reconstruction", name) };
    if (variational) this.terms.kl = this.term("kl", "KL");
    const terms = Object.values(this.terms).flatMap((each, k) => (k ? [" + ", each] : [each]));
    part(this.root, ".cost-sum").replaceChildren(...terms, ...(variational ? [" = ", this.sum, " "] : [" "]), this.note);
    this.latents.hidden = !variational;
  }

  /** A term's name and number; its meaning is its title, and below once it is pressed. @param {string} kind @param {string} name */
  term(kind, name) {
    const made = button("", () => {
      this.asked = this.asked === kind ? "" : kind;
      if (this.host.subject && this.cost) this.explain(this.host.subject, this.cost);
    });
    made.className = `term ${kind}`;
    made.innerHTML = `<span></span> <b></b>`;
    part(made, "span").textContent = name;
    return made;
  }

  /** @param {Subject} subject */
  setInput(subject) {
    const { input, model } = subject;
    this.floor = model.entry.objective.loss === "bce" ? entropy(input.image) : 0;
    this.showLatents(subject);
  }

  /** What each latent costs, where it is unfolded. @param {Subject} subject */
  showLatents({ input, model, dataset }) {
    if (!input.logVar || !this.latents.open) return;
    const nats = klOfLatents(input.mean, input.logVar);
    showRows(part(this.root, ".kl-rows"), nats, model.entry.space, dataset.entry.noun);
  }

  /** @param {Subject} subject @param {Float32Array} decoded */
  draw(subject, decoded) {
    this.show(subject, costOf(subject, decoded, subject.model.logits(decoded)));
  }

  /** @param {Subject} subject @param {Cost} cost */
  show(subject, cost) {
    this.cost = cost;
    const { loss } = subject.model.entry.objective;
    const { unit, name } = LOSSES[loss];
    const all = cost.reconstruction + (cost.kl ?? 0);
    this.end = barEnd(all, this.end);
    const share = (/** @type {number} */ value) => `${(100 * Math.min(1, value / this.end)).toFixed(2)}%`;
    part(this.bar, ".reconstruction").style.width = share(cost.reconstruction);
    part(this.bar, ".kl").style.width = share(cost.kl ?? 0);
    part(this.root, ".cost-end").textContent = String(this.end);
    part(this.terms.reconstruction, "b").textContent = withUnit(cost.reconstruction, cost.kl === null ? unit : "");
    const parts = [`${name} ${withUnit(cost.reconstruction, unit)}`];
    if (cost.kl === null) {
      write(this.note, loss === "mse" ? "" : `[squared error](squared-error) ${cost.squares.toFixed(1)}`);
    } else {
      part(this.terms.kl, "b").textContent = cost.kl.toFixed(1);
      write(this.sum, withUnit(all, loss === "bce" ? "[nats](nat)" : ""));
      write(this.note, loss === "bce" ? sumIs(subject) : "");
      parts.push(`KL ${withUnit(cost.kl, "nats")}`);
    }
    this.bar.setAttribute("aria-label", parts.join(", "));
    this.explain(subject, cost);
  }

  /** @param {Subject} subject @param {Cost} cost */
  explain(subject, cost) {
    const { unit, meaning } = LOSSES[subject.model.entry.objective.loss];
    const perfect = this.floor >= 0.05 ? `; a perfect copy of its grey levels would cost ${this.floor.toFixed(1)}` : "";
    /** @type {Record<string, string>} */
    const meanings = { reconstruction: `${withUnit(cost.reconstruction, unit)}: ${meaning}${perfect}.` };
    if (cost.kl !== null) {
      const { noun } = subject.dataset.entry;
      meanings.kl = `${withUnit(cost.kl, "nats")}: how much the code tells about this ${noun}, measured by how far its posterior is from the prior N(0, I).`;
    }
    for (const [kind, each] of Object.entries(this.terms)) {
      each.title = meanings[kind];
      each.setAttribute("aria-pressed", String(this.asked === kind));
    }
    write(part(this.root, ".cost-words"), meanings[this.asked] ?? whatIsSummed(subject, cost));
  }
}

/** @param {number} value @param {string} unit */
function withUnit(value, unit) {
  return `${value.toFixed(1)}${unit && ` ${unit}`}`;
}

/**
 * Where the bar ends: a round number, which stays as long as the cost fills enough of the bar.
 * @param {number} cost @param {number} before @returns {number}
 */
export function barEnd(cost, before) {
  if (cost <= before && cost >= LEAST * before) return before;
  const power = 10 ** Math.floor(Math.log10(Math.max(cost, 1e-3)));
  return Number((power * (STEPS.find((step) => 1.2 * cost <= step * power) ?? 10 * STEPS[1])).toPrecision(2));
}

/** The cross-entropy of an image with itself: that of grey levels isn't 0. @param {ArrayLike<number>} image @returns {number} nats */
export function entropy(image) {
  const logits = Float64Array.from(image, (grey) => Math.log(Math.max(1e-12, grey)) - Math.log(Math.max(1e-12, 1 - grey)));
  return crossEntropy(logits, image);
}

/** What of a subject says where z comes from. @typedef {Pick<Subject, "code" | "input" | "own">} Source */

/** Where z comes from: the posterior's mean, a sample, or a person. @param {Source} subject @returns {"mean" | "sample" | "own"} */
function sourceOf({ code, input, own }) {
  if (own) return "own";
  return code.z.every((value, k) => Math.abs(value - input.mean[k]) < CLOSE) ? "mean" : "sample";
}

/** What the sum is, for a VAE with cross-entropy. @param {Subject} subject */
function sumIs(subject) {
  return { mean: "at z = μ", sample: "≈ [−ELBO](elbo), by one sample", own: "at your z" }[sourceOf(subject)];
}

/**
 * What is summed, precisely, and at the input's own code what else training minimised.
 * @param {Source & {dataset: Subject["dataset"], model: Subject["model"]}} subject @param {Cost} cost @returns {string}
 */
export function whatIsSummed(subject, cost) {
  const { noun } = subject.dataset.entry;
  const { beta, loss, note } = subject.model.entry.objective;
  const yours = `z is yours, not this ${noun}'s: what it decodes to is compared with the input all the same`;
  const source = sourceOf(subject);
  if (cost.kl === null) return source === "own" ? `${yours}.` : note;
  const sums = {
    mean: "z is the mean μ of the posterior. [−ELBO](elbo) is the mean of this sum over samples of z.",
    sample: "z is a sample of the posterior. [−ELBO](elbo) is the mean of this sum over all samples.",
    own: `${yours}, and the [KL](kl) stays the input's. The sum is no [ELBO](elbo).`,
  };
  const words = loss === "bce" ? sums[source] : source === "own" ? `${yours}.` : "";
  const weighted = (cost.reconstruction + (beta ?? 1) * cost.kl).toFixed(1);
  const withBeta = beta === 1 || beta === null ? "" : `With β = ${beta}, as in training: reconstruction + β × KL = ${weighted}.`;
  return [words, withBeta, source === "own" ? "" : note].filter(Boolean).join(" ");
}

/**
 * A bar for each latent, the most informative first.
 * @param {HTMLElement} root @param {Float64Array} nats @param {import("../contract").Space} space
 * @param {string} noun what the input shows
 */
function showRows(root, nats, { order, inactive }, noun) {
  while (root.children.length > nats.length) root.lastChild?.remove();
  while (root.children.length < nats.length) {
    const row = document.createElement("span");
    row.className = "kl-row";
    row.innerHTML = `<span class="name"></span><i></i><span class="value"></span>`;
    root.append(row);
  }
  const most = Math.max(1, ...nats);
  [...root.children].forEach((row, place) => {
    const latent = order[place];
    part(row, ".name").textContent = `z${latent + 1}`;
    part(row, "i").style.setProperty("--share", (nats[latent] / most).toFixed(4));
    part(row, ".value").textContent = nats[latent].toFixed(1);
    row.classList.toggle("inactive", inactive[latent]);
    const tells = `${nats[latent].toFixed(1)} nats: how much z${latent + 1} tells about this ${noun}`;
    row.setAttribute("title", inactive[latent] ? "inactive: it tells nothing about any image" : tells);
  });
}
