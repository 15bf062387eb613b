// Traversals: for each latent the images along it, all other latents as in z; and what each of them changes.

import { part } from "../dom.mjs";
import { filmOfTraversals } from "../files/pictures.mjs";
import { summary } from "../maths/traversal.mjs";
import { readerOf } from "../model/reader.mjs";
import { write } from "../widgets/prose.mjs";
import { saveButton } from "../widgets/save_button.mjs";
import { FIRST } from "../widgets/sliders.mjs";
import { latentFacts } from "./subject.mjs";
import { TraversalRow } from "./traversal_row.mjs";

/** @typedef {import("./subject.mjs").Subject} Subject */

export class TraversalsPanel {
  /** @param {HTMLDetailsElement} root @param {import("./subject.mjs").Host} host */
  constructor(root, host) {
    this.root = root;
    this.host = host;
    /** @type {TraversalRow[]} the most informative latent first */
    this.rows = [];
    this.turn = 0;
    this.reading = 0;
    /** @type {Promise<void> | null} while rows are brought up to z */
    this.following = null;
    root.addEventListener("toggle", () => this.safely(this.rest()));
    part(root, ".all").addEventListener("click", () => {
      this.build(this.rows.length <= FIRST);
      this.safely(this.rest());
    });
    saveButton(
      part(root, ".film"),
      part(root, ".save-trouble"),
      "GIF",
      () => `latent-lab-${host.subject?.model.entry.name}-traversals`,
      async () => {
        if (!host.subject) throw new Error("there is no model yet");
        return filmOfTraversals(host.subject.model, host.subject.code.z.slice(), this.rows);
      },
      (words) => host.announce(words),
    );
  }

  /** @param {Subject} subject */
  setModel({ model, dataset }) {
    const { latent_dim: count, variational } = model.entry;
    const range =
      variational ? "from −3 to 3, three [standard deviations](sigma) of the [prior](prior) each way" : "over the range of the test images' codes";
    const words = dataset.entry.reader
      ? "Beside it is what a [classifier](reader) reads along the row, where that is [legible](legible)."
      : `No classifier here reads ${dataset.entry.plural}, so the rows aren't put into words.`;
    write(part(this.root, ".how"), `Each row decodes z with one [latent](latent) changed, ${range}. A click on a frame sets z. ${words}`);
    part(this.root, ".all").hidden = count <= FIRST;
    this.build(false);
  }

  /** @param {boolean} all latents, or only the first */
  build(all) {
    const { subject } = this.host;
    if (!subject) return;
    const { model } = subject;
    const { space, latent_dim: count } = model.entry;
    const known = new Map(this.rows.filter((row) => row.model === model).map((row) => [row.latent, row]));
    const shown = space.order.slice(0, all ? count : FIRST);
    this.rows = shown.map((latent) => known.get(latent) ?? new TraversalRow(model, latent, (value) => this.pick(latent, value)));
    part(this.root, ".rows").replaceChildren(...this.rows.map(({ root }) => root));
    part(this.root, ".all").textContent = all ? `Show the first ${FIRST}` : `Show all ${count}`;
    this.summarise();
  }

  /** @param {number} latent @param {number} value */
  pick(latent, value) {
    const { subject } = this.host;
    if (!subject) return;
    const z = subject.code.z.slice();
    z[latent] = value;
    this.host.go(z, "traversal");
    this.host.tell("traversed", latentFacts(subject, latent));
  }

  /** @returns {import("../widgets/key_help.mjs").Row[]} */
  keys() {
    return [["← → in a row of frames", "to another frame; Enter sets z"]];
  }

  draw() {
    this.safely(this.follow());
  }

  /** Bring the rows up to z, one a frame of the screen, each to the newest z. @returns {Promise<void>} */
  follow() {
    const { host, root } = this;
    if (!root.open || !host.subject) return Promise.resolve();
    for (const row of this.rows) row.mark(host.subject.code.z);
    this.following ??= this.decode().finally(() => {
      this.following = null;
    });
    return this.following;
  }

  async decode() {
    for (let row = this.oldest(); row && this.host.subject; row = this.oldest()) {
      this.turn += 1;
      row.turn = this.turn;
      await row.decode(this.host.subject.code.z);
      this.summarise();
      await new Promise((resume) => requestAnimationFrame(resume));
    }
  }

  /** Of the rows that don't go through z the one that was decoded first. @returns {TraversalRow | null} */
  oldest() {
    const { subject } = this.host;
    if (!subject || !this.root.open) return null;
    const old = this.rows.filter((row) => row.isOld(subject.code.z));
    return old.sort((a, b) => a.turn - b.turn)[0] ?? null;
  }

  async rest() {
    await this.follow();
    await this.read();
  }

  /** Have each row read that wasn't yet, one after another, until z moves on. */
  async read() {
    const { subject } = this.host;
    this.reading += 1;
    const { reading } = this;
    const reader = subject && this.root.open ? await readerOf(subject.dataset) : null;
    if (!subject || !reader) return;
    for (const row of this.rows.filter(({ isRead }) => !isRead)) {
      const { levels } = row;
      const found = await reader.read(levels);
      if (reading !== this.reading || row.levels !== levels) return;
      row.tell(found, reader.names);
      await new Promise((resume) => setTimeout(resume));
    }
    this.summarise();
  }

  /** Say how many latents change what, once all rows on show are read. */
  summarise() {
    const active = this.rows.filter(({ inactive }) => !inactive);
    const known = active.length > 1 && active.every(({ isRead }) => isRead);
    part(this.root, ".summary").textContent = known ? summary(active.map(({ changes }) => changes)) : "";
  }

  /** @param {Promise<void>} work whose failure is a sentence, unless another model has come meanwhile */
  safely(work) {
    const { subject } = this.host;
    work.catch((error) => {
      if (subject === this.host.subject) this.host.fail(error);
    });
  }
}
