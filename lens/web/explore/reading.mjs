// Under the decoded image: what the reader reads in it, while it changes.

import { isLegible, readerOf, readsAs, verdict } from "../model/reader.mjs";

/** @typedef {import("./subject.mjs").Subject} Subject */

/** @typedef {import("../model/reader.mjs").Verdict} Verdict */

/** @implements {import("./subject.mjs").Panel} */
export class ReadingPanel {
  /** @param {HTMLElement} element @param {import("./subject.mjs").Host} host */
  constructor(element, host) {
    this.element = element;
    this.host = host;
    /** @type {import("../model/reader.mjs").Reader | null} */
    this.reader = null;
    /** @type {Verdict | null} on the image that was drawn last */
    this.read = null;
  }

  /** @param {Subject} subject */
  async setModel({ dataset, model }) {
    this.reader = null;
    this.show(null, dataset.entry.reader ? "" : `No classifier here reads ${dataset.entry.plural}.`);
    try {
      const reader = await readerOf(dataset);
      // Another model may have been chosen meanwhile.
      if (this.host.subject?.model !== model) return;
      this.reader = reader;
      if (reader) this.host.redraw();
    } catch {
      this.show(null, "The classifier that reads it can't be fetched.");
    }
  }

  /** @param {Subject} subject @param {Float32Array} decoded */
  async draw({ dataset }, decoded) {
    const { reader } = this;
    if (!reader) return;
    const read = verdict(await reader.read(decoded));
    if (reader === this.reader) this.show(read, readsAs(read, dataset.entry.class_names[read.label]));
  }

  /** @param {Verdict | null} read @param {string} words */
  show(read, words) {
    this.read = read;
    this.element.textContent = words;
    this.element.classList.toggle("hard", read !== null && !isLegible(read));
  }
}
