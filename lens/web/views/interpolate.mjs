// Interpolate: five ways from digit A to digit B, live under one scrub slider.

import { classFilter, part, spreadColours } from "../dom.mjs";
import { EndPicker } from "../widgets/endpoint_picker.mjs";
import { Tip } from "../widgets/nearest_digits.mjs";
import { openDigits } from "../model/formats.mjs";
import { frameOf, project, projectAll } from "../maths/plane.mjs";
import { Live } from "../render_loop.mjs";
import { LatentMap } from "../map/latent_map.mjs";
import { openModel } from "../model/model.mjs";
import { Path, WAYS } from "../model/path.mjs";
import { Picture } from "../widgets/digit_canvas.mjs";
import { download, film, strips } from "../export.mjs";
import { readTheme } from "../theme.mjs";

const FRAMES = 11; // of a strip
const STEPS = 40; // of a path drawn on a map
const LAP = 3500; // ms from A to B while playing
const SETTLE = 120; // ms of rest before the state goes to the server

/**
 * Python sends {base, models: Entry[], a, b, t} (null where the address names none); the view reports
 * {a, b, t}. Ends are codes of real test digits (a VAE's means), so the same address gives the same film.
 * @param {HTMLElement} root
 */
export function open(root) {
  return new Interpolate(root);
}

class Interpolate {
  /** @param {HTMLElement} root */
  constructor(root) {
    this.root = root;
    this.live = new Live(() => this.draw());
    this.turn = 0;
    /** @type {import("../model/model.mjs").Model[]} */
    this.models = [];
    /** @type {LatentMap[]} */
    this.maps = [];
    this.rows = WAYS.map((way) => this.buildRow(way));
    this.slider = part(root, ".t");
    this.ends = {
      a: new EndPicker(part(root, '[data-end="a"]'), "A", (i) => this.setEnd("a", i)),
      b: new EndPicker(part(root, '[data-end="b"]'), "B", (i) => this.setEnd("b", i)),
    };
    /** @type {"a" | "b"} */
    this.next = "a";
    classFilter(part(root, ".filter"), (shown) => {
      for (const map of this.maps) {
        map.shown = shown.slice();
        map.drawBase();
      }
    });
    this.playing = 0;
    this.reported = "";
    this.listen();
  }

  /** @param {import("../model/path.mjs").Way} way */
  buildRow(way) {
    const row = document.createElement("div");
    row.className = "row";
    row.innerHTML = `<span class="name"></span><div class="cell"><canvas role="img"></canvas></div>
      <div class="strip"><canvas role="img"></canvas><i></i></div>`;
    part(row, ".name").textContent = way.name;
    const canvas = part(row, ".cell canvas");
    canvas.setAttribute("aria-label", `decoded digit, ${way.name}`);
    const strip = part(row, ".strip canvas");
    strip.width = 28 * FRAMES;
    strip.height = 28;
    strip.setAttribute("aria-label", `strip of ${FRAMES} frames, ${way.name}`);
    const box = part(row, ".strip");
    box.addEventListener("pointerdown", (/** @type {PointerEvent} */ event) => {
      const place = strip.getBoundingClientRect();
      const frame = Math.floor(((event.clientX - place.left) / place.width) * FRAMES);
      this.setT(Math.min(1, Math.max(0, frame / (FRAMES - 1))));
      this.released();
    });
    part(this.root, ".rows").append(row);
    return { way, picture: new Picture(canvas), strip, mark: part(row, ".strip i"), path: new Path(way, undefined) };
  }

  listen() {
    const { root } = this;
    this.slider.addEventListener("input", () => {
      this.stop();
      this.setT(this.slider.valueAsNumber);
    });
    this.slider.addEventListener("change", () => this.released());
    part(root, ".play").addEventListener("click", () => (this.playing ? this.stop() : this.play()));
    part(root, ".swap").addEventListener("click", () => {
      [this.a, this.b] = [this.b, this.a];
      this.ready();
      this.released();
    });
    for (const end of /** @type {("a" | "b")[]} */ (["a", "b"])) {
      part(root, `.set-${end}`).addEventListener("click", () => this.setNext(end));
    }
    const name = () => `latent-lab-${this.a}-to-${this.b}`;
    const paths = () => this.rows.map((row) => row.path);
    part(root, ".gif").addEventListener("click", async (/** @type {Event} */ event) => {
      this.stop();
      const button = /** @type {HTMLButtonElement} */ (event.currentTarget);
      button.disabled = true;
      download(await film(paths()), `${name()}.gif`);
      button.disabled = false;
    });
    part(root, ".png").addEventListener("click", async () => {
      download(await strips(paths(), this.rows.map((row) => row.strip)), `${name()}.png`);
    });
  }

  /**
   * @param {{base: string, models: import("../model/model.mjs").Entry[], a: number | null, b: number | null,
   *   t: number | null}} data
   * @param {(state: object) => void} report
   */
  async update(data, report) {
    this.report = report;
    this.turn += 1;
    const { turn } = this;
    const theme = readTheme(this.root);
    spreadColours(this.root, theme.digits);
    const opening = data.models.map((entry) => openModel(data.base, entry));
    const [digits, ...models] = await Promise.all([openDigits(data.base), ...opening]);
    // Another choice may have been made while the files came.
    if (turn !== this.turn) return;
    if (!this.digits) {
      this.digits = digits;
      this.a = data.a ?? digits.byClass[7][0];
      this.b = data.b ?? digits.byClass[0][0];
      this.t = data.t ?? 0.5;
      this.buildMaps(data.models);
    }
    if (models.some((model, k) => model !== this.models[k])) {
      this.models = models;
      models.forEach((model, k) => this.setPoints(this.maps[k], model));
      for (const row of this.rows) {
        row.path = new Path(row.way, models.find((model) => model.entry.family === row.way.family));
      }
      await this.ready();
    }
    data.models.forEach(({ title }, k) => {
      const { root } = this.maps[k];
      root.setAttribute("aria-label", `latent map, ${title}`);
      part(root.parentElement, "figcaption").textContent = title;
    });
    for (const map of this.maps) map.setTheme(theme);
    await this.draw();
  }

  /** @param {import("../model/model.mjs").Entry[]} entries */
  buildMaps(entries) {
    for (const { title } of entries) {
      const box = document.createElement("figure");
      box.innerHTML = `<div class="map"></div><div class="tip" hidden><canvas></canvas><span></span></div>
        <figcaption></figcaption>`;
      part(this.root, ".aside").before(box);
      const tip = new Tip(part(box, ".tip"));
      const map = new LatentMap(part(box, ".map"), `latent map, ${title}`, {
        pick: (i) => this.setEnd(this.next, i),
        hover: (i) => {
          map.lit = i;
          map.drawOverlay();
          if (i < 0) tip.hide();
          else tip.show(this.digits, i, map);
        },
      });
      this.maps.push(map);
    }
  }

  /** @param {LatentMap} map @param {import("../model/model.mjs").Model} model */
  setPoints(map, model) {
    const { u, v } = projectAll(model);
    map.setPoints(u, v, this.digits.labels);
    map.setFrame(frameOf(model.entry.space));
  }

  /** @param {"a" | "b"} end @param {number} i */
  setEnd(end, i) {
    this[end] = i;
    this.setNext(end === "a" ? "b" : "a");
    this.ready();
    this.released();
  }

  /** @param {"a" | "b"} end what the next click on a map sets */
  setNext(end) {
    this.next = end;
    part(this.root, ".set-a").setAttribute("aria-pressed", String(end === "a"));
    part(this.root, ".set-b").setAttribute("aria-pressed", String(end === "b"));
  }

  /** The ends have changed: draw strips and paths anew. */
  async ready() {
    const { digits, a, b } = this;
    this.ends.a.show(digits, a);
    this.ends.b.show(digits, b);
    this.maps.forEach((map, k) => {
      const model = this.models[k];
      map.paths = this.rows
        .filter((row) => row.path.model === model)
        .map(({ path, way }) => {
          path.setEnds(digits, a, b);
          const points = new Float32Array(2 * (STEPS + 1));
          for (let step = 0; step <= STEPS; step += 1) {
            points.set(project(model.entry.space, path.at(step / STEPS)), 2 * step);
          }
          return { points, dash: way.dash };
        });
      const place = (/** @type {number} */ i, /** @type {string} */ text) => ({ u: map.u[i], v: map.v[i], text });
      map.marks = [place(a, "A"), place(b, "B")];
      for (const { u, v } of map.marks) map.reveal(u, v);
    });
    for (const { path } of this.rows) path.setEnds(digits, a, b);
    this.live.ask();
    await this.drawStrips();
  }

  async drawStrips() {
    const cell = new Picture(document.createElement("canvas"));
    for (const { path, strip } of this.rows) {
      const context = strip.getContext("2d");
      for (let frame = 0; frame < FRAMES; frame += 1) {
        cell.drawUnit(await path.picture(frame / (FRAMES - 1)));
        context.drawImage(cell.canvas, 28 * frame, 0);
      }
    }
  }

  /** @param {number} t */
  setT(t) {
    this.t = t;
    this.live.ask();
  }

  async draw() {
    const { t } = this;
    if (this.slider.valueAsNumber !== t) this.slider.value = String(t);
    part(this.root, ".t-value").textContent = `t = ${t.toFixed(2)}`;
    this.maps.forEach((map, k) => {
      const row = this.rows.find(({ path }) => path.model === this.models[k]);
      map.cross = project(this.models[k].entry.space, row.path.at(t));
      map.drawOverlay();
    });
    for (const { path, picture, mark } of this.rows) {
      mark.style.left = `${(100 * (0.5 + t * (FRAMES - 1))) / FRAMES}%`;
      picture.drawUnit(await path.picture(t));
    }
  }

  play() {
    part(this.root, ".play").textContent = "Pause";
    let last = performance.now();
    let way = this.t < 1 ? 1 : -1;
    const step = (/** @type {number} */ now) => {
      let t = this.t + (way * Math.max(0, now - last)) / LAP;
      last = now;
      if (t >= 1 || t <= 0) {
        way = -way;
        t = Math.min(1, Math.max(0, t));
      }
      this.setT(t);
      this.playing = requestAnimationFrame(step);
    };
    this.playing = requestAnimationFrame(step);
  }

  stop() {
    if (!this.playing) return;
    cancelAnimationFrame(this.playing);
    this.playing = 0;
    part(this.root, ".play").textContent = "Play";
    this.released();
  }

  released() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      const state = { a: this.a, b: this.b, t: Number(this.t.toFixed(3)) };
      const words = JSON.stringify(state);
      if (words === this.reported) return;
      this.reported = words;
      this.report(state);
    }, SETTLE);
  }

  destroy() {
    if (this.playing) cancelAnimationFrame(this.playing);
    clearTimeout(this.timer);
    this.live.stop();
    for (const map of this.maps) map.destroy();
  }
}
