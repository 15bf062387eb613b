// Compare: several models of one size side by side; one test digit lit on all maps.

import { classFilter, part, spreadColours } from "../dom.mjs";
import { openDigits } from "../model/formats.mjs";
import { frameOf, moveTo, project, projectAll } from "../maths/plane.mjs";
import { Live } from "../render_loop.mjs";
import { LatentMap } from "../map/latent_map.mjs";
import { openModel } from "../model/model.mjs";
import { Picture } from "../widgets/digit_canvas.mjs";
import { readTheme } from "../theme.mjs";

/**
 * Python sends {base, models: Entry[], digit: number | null}; the view reports {digit}.
 * @param {HTMLElement} root
 */
export function open(root) {
  return new Compare(root);
}

/** One model of the comparison: its map, its picture and the code it shows. */
class Column {
  /** @param {Compare} view @param {import("../model/model.mjs").Entry} entry */
  constructor(view, entry) {
    this.view = view;
    const cell = document.createElement("div");
    cell.className = "cell";
    cell.innerHTML = `<canvas role="img"></canvas>
      <div class="words"><strong></strong><span class="error"></span><span class="unit">squared error</span></div>`;
    const canvas = part(cell, "canvas");
    this.picture = new Picture(canvas);
    this.error = part(cell, ".error");
    const square = document.createElement("div");
    square.className = "square";
    square.innerHTML = `<h3></h3><div class="map"></div>`;
    this.map = new LatentMap(part(square, ".map"), `latent map, ${entry.title}`, {
      drag: (u, v) => this.drag(u, v),
      hover: (i) => this.view.hover(i, this),
      pick: (i) => this.view.choose(i),
      enter: () => this.view.choose(this.model.nearest(this.z, 1)[0]),
    });
    this.map.root.addEventListener("pointerleave", (event) => {
      if (event.pointerType === "mouse") this.view.restore();
    });
    this.cell = cell;
    this.square = square;
    /** @type {import("../model/model.mjs").Model} */
    this.model = null;
    this.z = new Float32Array(0);
    this.digit = -1;
    this.setTitle(entry.title);
  }

  /** @param {string} title what the column is called; another model may take it over */
  setTitle(title) {
    part(this.cell, "strong").textContent = title;
    part(this.square, "h3").textContent = title;
    this.picture.canvas.setAttribute("aria-label", `decoded digit, ${title}`);
    this.map.root.setAttribute("aria-label", `latent map, ${title}`);
  }

  /** @param {import("../model/model.mjs").Model} model @param {import("../model/formats.mjs").Digits} digits */
  setModel(model, digits) {
    if (this.model === model) return;
    this.model = model;
    this.z = new Float32Array(model.dim);
    const { u, v } = projectAll(model);
    this.map.setPoints(u, v, digits.labels);
    this.map.setFrame(frameOf(model.entry.space));
  }

  /** @param {number} u @param {number} v */
  drag(u, v) {
    moveTo(this.model.entry.space, this.z, u, v);
    this.digit = -1;
    this.map.lit = -1;
    this.view.live.ask();
  }

  /** @param {number} i show the code of this test digit */
  showDigit(i) {
    this.digit = i;
    this.z.set(this.model.code(i));
    this.map.lit = i;
  }

  /** Zoom out where the digit on show lies outside the view. */
  reveal() {
    this.map.reveal(...project(this.model.entry.space, this.z));
  }

  /** @param {Uint8Array} original */
  async draw(original) {
    this.map.cross = this.digit < 0 ? project(this.model.entry.space, this.z) : null;
    this.map.drawOverlay();
    const pixels = await this.model.decode(this.z);
    this.picture.drawUnit(pixels);
    let error = 0;
    for (let k = 0; k < 784; k += 1) error += (pixels[k] - original[k] / 255) ** 2;
    this.error.textContent = error.toFixed(1);
  }
}

class Compare {
  /** @param {HTMLElement} root */
  constructor(root) {
    this.root = root;
    this.original = new Picture(part(root, ".original canvas"));
    /** @type {Column[]} */
    this.columns = [];
    this.chosen = 0;
    this.lit = 0;
    this.live = new Live(() => this.draw());
    this.turn = 0;
    classFilter(part(root, ".filter"), (shown) => {
      for (const { map } of this.columns) {
        map.shown = shown.slice();
        map.drawBase();
      }
      this.shown = shown;
    });
    this.shown = new Array(10).fill(true);
    part(root, ".next").addEventListener("click", () => {
      let i = this.chosen;
      do i = (i + 1) % this.digits.count;
      while (!this.shown[this.digits.labels[i]]);
      this.choose(i);
    });
  }

  /**
   * @param {{base: string, models: import("../model/model.mjs").Entry[], digit: number | null}} data
   * @param {(state: object) => void} report
   */
  async update(data, report) {
    this.report = report;
    this.turn += 1;
    const { turn } = this;
    const theme = readTheme(this.root);
    spreadColours(this.root, theme.digits);
    if (!this.columns.length) this.build(data);
    const opening = data.models.map((entry) => openModel(data.base, entry));
    const [digits, ...models] = await Promise.all([openDigits(data.base), ...opening]);
    // Another choice may have been made while the files came.
    if (turn !== this.turn) return;
    const changed = models.some((model, k) => model !== this.columns[k].model);
    this.digits = digits;
    models.forEach((model, k) => {
      this.columns[k].setModel(model, digits);
      this.columns[k].setTitle(data.models[k].title);
    });
    if (changed) this.light(this.chosen);
    for (const { map } of this.columns) map.setTheme(theme);
    await this.draw();
  }

  /** @param {{models: import("../model/model.mjs").Entry[], digit: number | null}} data */
  build(data) {
    const stage = part(this.root, ".stage");
    this.columns = data.models.map((entry) => new Column(this, entry));
    for (const { cell, square } of this.columns) {
      part(stage, ".cells").append(cell);
      stage.append(square);
    }
    this.chosen = data.digit ?? 0;
  }

  /** @param {number} i light this test digit everywhere */
  light(i) {
    this.lit = i;
    for (const column of this.columns) column.showDigit(i);
    this.live.ask();
  }

  /** @param {number} i the test digit under the pointer, or -1 @param {Column} column where */
  hover(i, column) {
    if (i < 0 || (i === this.lit && column.digit === i)) return;
    this.light(i);
  }

  /** @param {number} i keep this test digit */
  choose(i) {
    this.light(i);
    for (const column of this.columns) column.reveal();
    if (i === this.chosen) return;
    this.chosen = i;
    this.report({ digit: i });
  }

  restore() {
    if (this.columns.some(({ digit }) => digit !== this.chosen)) this.light(this.chosen);
  }

  async draw() {
    const { digits, lit } = this;
    const image = digits.image(lit);
    this.original.drawBytes(image);
    part(this.root, ".which").textContent = `a ${digits.labels[lit]}, test digit ${lit}`;
    await Promise.all(this.columns.map((column) => column.draw(image)));
  }

  destroy() {
    this.live.stop();
    for (const { map } of this.columns) map.destroy();
  }
}
