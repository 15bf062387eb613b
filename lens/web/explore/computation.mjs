// The computation with the numbers of this input: graph, formulas and code, in which the same things light up together.

import { button, part } from "../dom.mjs";
import { normalDraw } from "../maths/normal.mjs";
import { copyButton } from "../widgets/copy_button.mjs";
import { DigitCanvas } from "../widgets/digit_canvas.mjs";
import { Highlight } from "../widgets/highlight.mjs";
import { TabStop } from "../widgets/tab_stop.mjs";
import { LatentTable, noiseOf, sampleOf } from "./latent_table.mjs";
import { lines, preparation, text } from "./pytorch.mjs";
import { boxes, formulas, note, sentences } from "./steps.mjs";
import { inputClass } from "./subject.mjs";

/** @typedef {import("./subject.mjs").Subject} Subject */

const UNLIKELY = 3; // |ε| that only 1 draw in 370 exceeds

export class ComputationPanel {
  /** @param {HTMLDetailsElement} root @param {import("./subject.mjs").Host} host */
  constructor(root, host) {
    this.root = root;
    this.host = host;
    /** @type {import("./steps.mjs").Sentences} */
    this.sentences = {};
    /** @type {DigitCanvas | null} */
    this.x = null;
    /** @type {DigitCanvas | null} */
    this.xHat = null;
    /** @type {Subject | null} what was built */
    this.built = null;
    /** @type {Float32Array | null} */
    this.decoded = null;
    const graph = part(root, ".graph");
    this.highlight = new Highlight(this.root, (parts) => this.say(parts));
    this.graphStop = new TabStop(graph);
    this.formulaStop = new TabStop(part(root, ".formulas"));
    this.codeStop = new TabStop(part(root, ".code"));
    this.table = new LatentTable(part(root, ".latents"), {
      input: (latent, eps) => this.setNoise(latent, eps),
      release: (latent) => this.released(latent),
      built: () => this.collect(),
    });
    this.root.addEventListener("toggle", () => {
      this.refresh();
      host.settle();
    });
    part(root, ".draw-noise").addEventListener("click", () => {
      this.sample(() => normalDraw(Math.random));
      if (host.subject) host.tell("sampled", { count: 1, class: inputClass(host.subject) });
    });
    part(root, ".no-noise").addEventListener("click", () => {
      this.sample(() => 0);
      host.tell("noise", { size: 0 });
    });
    copyButton(
      part(root, ".copy"),
      () => (host.subject ? `${preparation(host.subject)}\n\n${text(lines(host.subject.model.entry))}\n` : ""),
      (sentence) => host.announce(sentence),
    );
  }

  /** Whether it is on show, as the state has it. */
  get open() {
    return this.root.open;
  }

  set open(open) {
    this.root.open = open;
    this.refresh();
  }

  /** Bring what is on show up to date; folded, it does nothing. */
  refresh() {
    const { subject } = this.host;
    if (!this.open || !subject) return;
    if (this.built !== subject) this.build(subject);
    this.setInput(subject);
    this.move(subject);
    if (this.decoded) this.xHat?.drawUnit(this.decoded);
  }

  /** @param {Subject} subject */
  setModel(subject) {
    this.decoded = null;
    if (this.open) this.build(subject);
  }

  /** @param {Subject} subject */
  build(subject) {
    const { entry } = subject.model;
    this.built = subject;
    this.sentences = sentences(entry, subject.dataset.entry.noun);
    const [before, after] = boxes(entry);
    part(this.root, ".before").replaceChildren(...before.map(boxOf));
    part(this.root, ".after").replaceChildren(...after.map(boxOf));
    const canvas = (/** @type {string} */ name) => new DigitCanvas(part(this.root, `[data-parts=${name}] canvas`, HTMLCanvasElement));
    this.x = canvas("x");
    this.xHat = canvas("x_hat");
    part(this.root, ".formulas").replaceChildren(...formulas(entry).map(formulaOf));
    part(this.root, ".code").replaceChildren(...lines(entry).map(lineOf));
    part(this.root, ".family-note").textContent = note(entry.family);
    this.say(null);
    this.table.build(subject);
    part(this.root, ".noise").hidden = !this.table.sampled;
  }

  /** The marks are others. */
  collect() {
    const marks = (/** @type {string} */ inside) => [.../** @type {NodeListOf<HTMLElement>} */ (this.root.querySelectorAll(`${inside} .mark`))];
    this.graphStop.set([...marks(".before"), ...marks(".latents"), ...marks(".after")]);
    this.formulaStop.set(marks(".formulas"));
    this.codeStop.set(marks(".code"));
    this.highlight.collect();
  }

  /** @param {Subject} subject */
  setInput(subject) {
    if (!this.open || this.built !== subject) return;
    this.x?.drawUnit(subject.input.image);
    this.table.setInput(subject);
  }

  /** @param {Subject} subject */
  move(subject) {
    if (!this.open || this.built !== subject) return;
    this.table.move(subject);
    this.root.classList.toggle("own", subject.own);
    const { input, code } = subject;
    const far = input.logVar ? noiseOf(code.z, input.mean, input.logVar).some((eps) => Math.abs(eps) > UNLIKELY) : false;
    const place = part(this.root, ".unlikely");
    const words = far ? `Beyond ±${UNLIKELY}, where 1 draw in 370 falls: this z is unlikely for this input.` : "";
    if (place.textContent !== words) place.textContent = words;
  }

  /** @param {Subject} _subject @param {Float32Array} decoded */
  draw(_subject, decoded) {
    this.decoded = decoded;
    if (this.open) this.xHat?.drawUnit(decoded);
  }

  /** @param {number} latent @param {number} eps */
  setNoise(latent, eps) {
    const { subject } = this.host;
    if (!subject?.input.logVar) return;
    const { mean, logVar } = subject.input;
    const z = subject.code.z.slice();
    z[latent] = mean[latent] + Math.exp(0.5 * logVar[latent]) * eps;
    this.host.set(z);
  }

  /** A person has dragged the ε of a latent. @param {number} latent */
  released(latent) {
    const { subject } = this.host;
    this.host.settle();
    if (!subject?.input.logVar) return;
    const { code, input } = subject;
    this.host.tell("noise", { size: Math.abs(noiseOf(code.z, input.mean, input.logVar ?? [])[latent]) });
  }

  /** @param {() => number} draw gives ε of each latent */
  sample(draw) {
    const { subject } = this.host;
    if (!subject?.input.logVar) return;
    const { mean, logVar } = subject.input;
    this.host.go(sampleOf(Array.from(mean, draw), mean, logVar));
  }

  /** @param {string | null} parts what is lit */
  say(parts) {
    const place = part(this.root, ".sentence");
    if (parts === null) {
      place.innerHTML = '<span class="mouse">Point at</span><span class="finger">Tap</span> a box, a term or a line: what belongs to it lights up.';
      return;
    }
    place.textContent = this.sentences[parts] ?? this.sentences[parts.split(" ")[0]] ?? "";
  }

  /** @returns {import("../widgets/key_help.mjs").Row[]} */
  keys() {
    if (!this.open) return [];
    return [["← →", "in the graph, the formulas or the code: light up the next part; Enter keeps it lit, Esc ends it"]];
  }
}

/** @param {import("./steps.mjs").Box} box */
function boxOf({ part: name, title, content }) {
  const made = button("", () => {});
  made.className = `mark box ${name}`;
  mark(made, [name]);
  const [head, words] = [document.createElement("span"), document.createElement(content ? "span" : "canvas")];
  head.className = "title";
  head.textContent = title;
  words.className = "content";
  if (words instanceof HTMLCanvasElement) words.setAttribute("aria-hidden", "true");
  else words.textContent = content;
  made.append(head, words);
  return made;
}

/** @param {import("./steps.mjs").Token[]} tokens */
function formulaOf(tokens) {
  const made = document.createElement("div");
  made.className = "formula";
  made.innerHTML = tokens
    .map((token) => (typeof token === "string" ? `<math>${token}</math>` : `<button type="button" class="mark term"><span class="unseen">${token.words}</span><math aria-hidden="true">${token.maths}</math></button>`))
    .join("");
  const terms = tokens.filter((token) => typeof token !== "string");
  made.querySelectorAll("button").forEach((term, k) => mark(term, terms[k].parts));
  return made;
}

/** @param {import("./pytorch.mjs").Line} line */
function lineOf({ parts, code, comment }) {
  // Not a button, whose text can't be selected.
  const made = document.createElement("div");
  made.className = "mark line";
  made.setAttribute("role", "button");
  mark(made, parts);
  made.textContent = code;
  if (comment) {
    const words = document.createElement("span");
    words.className = "comment";
    words.textContent = `  # ${comment}`;
    made.append(words);
  }
  return made;
}

/** @param {HTMLElement} element @param {string[]} parts */
function mark(element, parts) {
  element.dataset.parts = parts.join(" ");
  element.setAttribute("aria-pressed", "false");
}
