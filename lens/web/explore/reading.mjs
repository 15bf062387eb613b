// Under the decoded image: what the reader reads in it, while it changes.

import { isLegible, readerOf, readsAs } from "../model/reader.mjs";
import { write } from "../widgets/prose.mjs";

/** @typedef {import("./subject.mjs").Subject} Subject */

/** @typedef {import("../model/reader.mjs").Verdict} Verdict */

export class Reading {
  /** @param {HTMLElement} place @param {() => void} arrived the first image of a model has been read */
  constructor(place, arrived) {
    this.place = place;
    this.arrived = arrived;
    /** @type {Subject | null} */
    this.subject = null;
    /** @type {import("../model/reader.mjs").Reader | null} */
    this.reader = null;
    /** @type {Float32Array | null} the image that was drawn last */
    this.decoded = null;
    /** @type {Verdict | null} on that image */
    this.verdict = null;
  }

  /** @param {Subject} subject */
  async setModel(subject) {
    const { dataset } = subject;
    this.subject = subject;
    this.reader = null;
    this.decoded = null;
    this.show(null, dataset.entry.reader ? "" : `No classifier here reads ${dataset.entry.plural}.`);
    try {
      const reader = await readerOf(dataset);
      // Another model may have been chosen meanwhile.
      if (subject !== this.subject) return;
      this.reader = reader;
      if (!this.decoded || !reader) return;
      await this.draw(subject, this.decoded);
      this.arrived();
    } catch {
      if (subject === this.subject) this.show(null, "The classifier that reads it can't be fetched.");
    }
  }

  /** @param {Subject} subject @param {Float32Array} decoded */
  async draw(subject, decoded) {
    this.decoded = decoded;
    const { reader } = this;
    if (!reader) return;
    const [found] = await reader.read(decoded);
    if (subject === this.subject) this.show(found, readsAs(found, reader.names[found.label]));
  }

  /** @param {Verdict | null} found @param {string} words */
  show(found, words) {
    this.verdict = found;
    write(this.place, words.replace(/^(reads as|hard to read)/, "[$1](reader)"));
    this.place.classList.toggle("hard", found !== null && !isLegible(found));
  }
}
