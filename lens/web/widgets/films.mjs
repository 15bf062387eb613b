// The rows of several interpolations, and what the reader reads in their images.

import { part } from "../dom.mjs";
import { Path } from "../model/path.mjs";
import { readerOf } from "../model/reader.mjs";
import { waysInWords } from "./decoded_words.mjs";
import { Film } from "./film.mjs";
import { write } from "./prose.mjs";

/** @typedef {import("../model/dataset.mjs").Dataset} Dataset */

/** @typedef {import("../model/path.mjs").Way} Way */

export class Films {
  /** @param {HTMLElement} root of the view @param {(t: number) => void} pick @param {() => void} redraw asks for the images at t */
  constructor(root, pick, redraw) {
    this.root = root;
    this.pick = pick;
    this.redraw = redraw;
    /** @type {Film[]} */
    this.films = [];
    this.drawn = false; // all strips
    this.turn = 0;
    /** @type {Dataset | null} whose strips are drawn */
    this.dataset = null;
    /** @type {import("../model/reader.mjs").Reader | null} */
    this.reader = null;
    /** @type {import("../model/reader.mjs").Verdict[]} on the images at t, one a way, or none */
    this.reads = [];
  }

  /** One row for each way. @param {Way[]} ways @param {import("../contract").Dataset} entry */
  build(ways, entry) {
    write(part(this.root, ".reader-hint"), hint(entry));
    for (const each of this.films) each.root.remove();
    this.films = ways.map((way) => new Film(way, entry.noun, this.pick));
    part(this.root, ".rows").append(...this.films.map(({ root }) => root));
  }

  /** @param {Way[]} ways those of the rows @param {import("../model/model.mjs").Model[]} models */
  setModels(ways, models) {
    ways.forEach((way, k) => {
      this.films[k].path = new Path(way, models[way.place]);
    });
  }

  /** The films whose models are there. @returns {(Film & {path: Path})[]} */
  ready() {
    return this.films.filter(/** @returns {each is Film & {path: Path}} */ (each) => each.path !== null);
  }

  paths() {
    return this.ready().map(({ path }) => path);
  }

  /** Draw the strips between the endpoints; read them once they are there. @param {Dataset} dataset */
  async draw(dataset) {
    this.turn += 1;
    const { turn } = this;
    this.drawn = false;
    if (dataset !== this.dataset) this.reader = null;
    this.dataset = dataset;
    for (const each of this.ready()) await each.drawStrip();
    if (turn !== this.turn) return null;
    this.drawn = true;
    return () => this.read(dataset, () => turn === this.turn);
  }

  /** @param {Dataset} dataset @param {() => boolean} current false once other strips are wanted */
  async read(dataset, current) {
    const place = part(this.root, ".reader-hint");
    try {
      this.reader = await readerOf(dataset);
      write(place, hint(dataset.entry));
    } catch {
      write(place, "The classifier that reads the images can't be fetched; swap A and B to try again.");
    }
    const { reader } = this;
    if (!reader || !current()) return;
    this.redraw();
    for (const each of this.ready()) {
      if (current()) await each.readStrip(reader, current);
    }
  }

  /** Draw the images at t, and read them in one run. @param {number} t */
  async show(t) {
    const films = this.ready();
    const levels = new Float32Array(784 * films.length);
    for (const [k, each] of films.entries()) {
      const picture = await each.path.picture(t);
      each.show(t, picture);
      levels.set(picture, 784 * k);
    }
    const { reader } = this;
    this.reads = reader ? await reader.read(levels) : [];
    films.forEach((each, k) => each.showVerdict(this.reads[k] ?? null, reader?.names ?? []));
  }

  /** What the ways are like at t. @param {number} t @param {Dataset} dataset */
  words(t, dataset) {
    return waysInWords(this.paths(), t, dataset, this.reads);
  }
}

/** @param {import("../contract").Dataset} entry */
function hint({ reader, plural }) {
  if (!reader) return `How legible a way is can't be said: no classifier here reads ${plural}.`;
  const right = `${(100 * reader.accuracy).toFixed(1)}\u00a0%`;
  return `Under each frame is what a [classifier](reader) reads in it, or ? where it is less than 90\u00a0% sure. It reads ${right} of the test ${plural} right. Legible: the share of the way, at 101 points, that it reads with at least 90\u00a0%.`;
}
