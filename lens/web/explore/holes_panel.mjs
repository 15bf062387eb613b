// The holes of the space beneath the points of Explore's map, and how many random codes the reader can read.

import { part } from "../dom.mjs";
import { Holes } from "../map/holes.mjs";
import { legibleShare } from "../model/legible_share.mjs";
import { readerOf } from "../model/reader.mjs";
import { LegibleFigure } from "../widgets/legible_figure.mjs";

/** @typedef {import("./subject.mjs").Subject} Subject */

export class HolesPanel {
  /** @param {HTMLElement} root @param {import("./subject.mjs").Host} host @param {import("../map/latent_map.mjs").LatentMap} map */
  constructor(root, host, map) {
    this.host = host;
    this.holes = new Holes(map);
    this.figure = new LegibleFigure(part(root, ".legible"));
    this.shown = false;
    this.timer = 0;
  }

  /** @param {boolean} shown whether the map shows them */
  show(shown) {
    const { subject } = this.host;
    this.shown = shown;
    this.figure.root.hidden = !shown || !subject?.dataset.entry.reader;
    clearTimeout(this.timer);
    if (!shown) this.holes.hide();
    // Once the map shows the part of the plane that is wanted.
    else this.timer = window.setTimeout(() => subject && this.rest(subject).catch((error) => this.host.fail(error)));
  }

  /** @param {Subject} subject */
  async rest({ model, dataset, code }) {
    const current = () => this.shown && this.host.subject?.model === model;
    if (!current() || !dataset.entry.reader) return;
    this.figure.await(model);
    const reader = await readerOf(dataset);
    if (!reader || !current()) return;
    if (!(await this.holes.show(model, reader, code.offPlane)) || !current()) return;
    const share = await legibleShare(model, reader, current);
    if (current()) this.figure.show(model, share);
  }

  destroy() {
    this.show(false);
  }
}
