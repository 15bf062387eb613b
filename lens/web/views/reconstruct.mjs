// Reconstruct: test digits, disturbed or not, through the encoders and decoders of several models, live.

import { fieldOf } from "../maths/noise.mjs";
import { asSeen } from "../maths/corruption.mjs";
import { part } from "../dom.mjs";
import { openDigits } from "../model/formats.mjs";
import { Knobs } from "../widgets/corruption_controls.mjs";
import { Line, ModelLine } from "../widgets/picture_row.mjs";
import { Live } from "../render_loop.mjs";
import { openModel } from "../model/model.mjs";

/**
 * @typedef {import("../model/model.mjs").Entry & {label: string}} Entry
 *
 * @typedef {object} Data
 * @property {string} base
 * @property {Entry[]} models  one row each; all of one data set
 * @property {number[] | null} [digits]  test pictures; without them the first of each class
 * @property {"noise" | "nudge" | null} [disturb]
 * @property {string} [kind]  "masking", "salt-pepper" or "gaussian"; "noise", "shift" or "rotate": where it starts
 * @property {number} [level]  0 to 1, where it starts; of a nudge 1 is the slider's end
 */

/**
 * Python sends Data; nothing is reported. Other models take over what is set, unless a start value changed.
 * @param {HTMLElement} root
 */
export function open(root) {
  return new Reconstruct(root);
}

class Reconstruct {
  /** @param {HTMLElement} root */
  constructor(root) {
    this.root = root;
    this.live = new Live(() => this.draw());
    this.knobs = new Knobs(root, () => this.live.ask());
    this.turn = 0;
    this.pattern = 0;
    /** @type {number[]} test pictures */
    this.shown = [];
    this.was = { lines: "", knobs: "", digits: "" };
    part(root, ".again").addEventListener("click", () => {
      this.pattern += 1;
      this.lay();
    });
    part(root, ".next").addEventListener("click", () => {
      if (!this.digits) return;
      this.shown = this.shown.map((i) => this.after(i));
      this.lay();
    });
  }

  /** @param {number} i @returns {number} the next test picture of the same class */
  after(i) {
    const same = this.digits.byClass[this.digits.labels[i]];
    return same[(same.indexOf(i) + 1) % same.length];
  }

  /** @param {Data} data */
  async update(data) {
    this.turn += 1;
    const { turn } = this;
    if (!this.was.lines) this.build(data);
    const opening = data.models.map(async (entry) => {
      const model = await openModel(data.base, entry);
      await model.openEncoder();
      return model;
    });
    const [digits, ...models] = await Promise.all([openDigits(data.base, data.models[0].data), ...opening]);
    // Another choice may have been made while the files came.
    if (turn !== this.turn) return;
    this.build(data);
    models.forEach((model, k) => this.rows[k].setModel(model));
    const wanted = JSON.stringify([digits.name, data.digits]);
    if (wanted !== this.was.digits) this.shown = data.digits?.slice() ?? digits.byClass.map((same) => same[0]);
    this.was.digits = wanted;
    this.digits = digits;
    this.lay();
    await this.draw();
  }

  /** Make rows and controls, where they are not those that stand there. @param {Data} data */
  build(data) {
    const { root } = this;
    const { models, disturb } = data;
    const knobs = JSON.stringify([disturb, data.kind, data.level]);
    if (knobs !== this.was.knobs) this.knobs.set(disturb, data.kind, data.level ?? 0.3);
    this.was.knobs = knobs;
    const lines = JSON.stringify([models, disturb]);
    if (lines === this.was.lines) return;
    this.was.lines = lines;
    const thing = models[0].data === "fashion-mnist" ? "picture" : "digit";
    const seen = new Set(models.map(({ pixels }) => pixels ?? "grey"));
    // Where all models see the same pixels, the rows above theirs show just these.
    this.common = seen.size === 1 ? [...seen][0] : "grey";
    this.clean = new Line(`test ${thing}`, `test ${thing}`, (k) => this.replace(k));
    this.spoilt = disturb ? new Line(disturb === "noise" ? "corrupted" : "nudged", `disturbed ${thing}`) : null;
    this.rows = models.map((entry) => new ModelLine(entry, disturb === "nudge"));
    const all = [this.clean, ...(this.spoilt ? [this.spoilt] : []), ...this.rows];
    for (const line of all) line.setCount(this.shown.length || data.digits?.length || 10);
    part(root, ".lines").replaceChildren(...all.map((line) => line.root));
    part(root, ".again").hidden = disturb !== "noise";
    part(root, ".next").textContent = `Next ${thing}s`;
    part(root, ".hint").textContent = explain(models, thing, disturb);
    this.thing = thing;
  }

  /** @param {number} k show another picture of the same class at this place */
  replace(k) {
    if (!this.digits) return;
    this.shown[k] = this.after(this.shown[k]);
    this.lay();
  }

  /** Digits or noise have changed: lay out what does not depend on a slider. */
  lay() {
    const { digits, shown, clean, spoilt, rows } = this;
    if (!digits) return;
    this.fields = shown.map((i) => fieldOf(i, this.pattern));
    this.pictures = shown.map((i) => Float32Array.from(digits.image(i), (grey) => grey / 255));
    const words = shown.map((i) => `${digits.word(i)}, test ${this.thing} ${i}`);
    for (const line of [clean, spoilt, ...rows]) line?.setWords(words);
    clean.show(this.seen(this.pictures, this.common));
    for (const row of rows) row.setClean(this.seen(this.pictures, row.pixels));
    this.live.ask();
  }

  /** Pictures, 784 grey levels each, as a model sees them. @param {Float32Array[]} pictures @param {string} pixels */
  seen(pictures, pixels) {
    const all = new Float32Array(784 * pictures.length);
    pictures.forEach((picture, k) => asSeen(pixels, picture, this.fields[k], all.subarray(784 * k, 784 * (k + 1))));
    return all;
  }

  async draw() {
    const { rows, spoilt, fields, common } = this;
    if (!fields) return;
    const clean = this.clean.levels;
    const pictures = this.pictures.map((picture, k) => this.knobs.apply(picture, fields[k]));
    const disturbed = this.seen(pictures, common);
    // A moved digit is another digit, to be redrawn as it is; noise is to be taken away.
    const repairs = !["shift", "rotate"].includes(this.knobs.kind);
    const shows = await Promise.all(rows.map((row) => row.run(this.seen(pictures, row.pixels), repairs)));
    // All at once, so that no frame lays one level's noise beside another's reconstruction.
    spoilt?.show(disturbed);
    spoilt?.tellError(clean);
    for (const show of shows) show();
  }

  destroy() {
    this.live.stop();
  }
}

/** How a grey picture becomes black and white. @type {Record<string, string>} */
const RULES = { threshold: "white above 0.5", dynamic: "a fixed draw with the grey level as probability" };

/** @param {Entry[]} models @param {string} thing @param {string} disturb @returns {string} what the numbers mean */
function explain(models, thing, disturb) {
  const mean = `sum over 784 pixels, mean of the ${thing}s shown`;
  const words = [`Squared error: against the clean ${thing}, ${mean}.`];
  if (disturb === "nudge") {
    words[0] = `Squared error: against the test ${thing}, but of what a model makes of a moved one against that; ${mean}.`;
    words.push(
      `Code moves: how far the nudged ${thing}'s code lies from the clean one's, in per cent of the mean distance ` +
        `between the codes of two test ${thing}s; so codes of any scale compare.`,
    );
  }
  for (const [pixels, rule] of Object.entries(RULES)) {
    const binary = models.filter((entry) => entry.pixels === pixels);
    if (!binary.length) continue;
    const who = binary.length === models.length ? "The models see" : `${binary.map(({ label }) => label).join(", ")}: seen`;
    words.push(`${who} in black and white (${rule}) and measured against that.`);
  }
  if (models.some(({ family }) => family.includes("vae"))) words.push("A VAE's code is its mean μ.");
  words.push(`Click a test ${thing} for another of its class.`);
  return words.join(" ");
}
