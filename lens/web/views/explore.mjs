// Explore: one model. Map, sliders and keys share one z, and the picture follows it live.

import { classFilter, part, spreadColours } from "../dom.mjs";
import { openDigits } from "../model/formats.mjs";
import { frameOf, moveTo, normalDraw, project, projectAll } from "../maths/plane.mjs";
import { Live } from "../render_loop.mjs";
import { drawManifold } from "../map/manifold.mjs";
import { LatentMap } from "../map/latent_map.mjs";
import { openModel } from "../model/model.mjs";
import { Nearby, Tip } from "../widgets/nearest_digits.mjs";
import { Picture } from "../widgets/digit_canvas.mjs";
import { Sliders } from "../widgets/sliders.mjs";
import { readTheme } from "../theme.mjs";

const SETTLE = 120; // ms of rest after a release before z goes to the server

/**
 * Python sends {base, model: Entry, z: number[] | null}; the view reports {model, z: "0.42,-1.1"}.
 * @param {HTMLElement} root
 */
export function open(root) {
  return new Explore(root);
}

class Explore {
  /** @param {HTMLElement} root */
  constructor(root) {
    this.root = root;
    this.picture = new Picture(part(root, ".digit"));
    this.sliders = new Sliders(part(root, ".sliders"), {
      input: (latent, value) => {
        this.z[latent] = value;
        this.live.ask();
      },
      release: () => this.released(),
    });
    this.nearby = new Nearby(part(root, ".near"), (i) => this.jump(i));
    this.tip = new Tip(part(root, ".tip"));
    this.map = new LatentMap(part(root, ".map"), "latent map", {
      drag: (u, v) => {
        moveTo(this.model.entry.space, this.z, u, v);
        this.live.ask();
      },
      release: () => this.released(),
      hover: (i) => this.hover(i),
      pick: (i) => this.jump(i),
      enter: () => this.jump(this.model.nearest(this.z, 1)[0]),
      view: () => {
        this.say();
        if (this.manifold) this.drawGrid(true);
      },
    });
    this.live = new Live(() => this.draw());
    this.turn = 0;
    this.z = new Float32Array(0);
    this.digit = 0;
    this.reported = "";
    this.manifold = false;
    this.wish = 0;
    this.buttons();
  }

  buttons() {
    const { root } = this;
    classFilter(part(root, ".filter"), (shown) => {
      this.map.shown = shown.slice();
      this.map.drawBase();
    });
    part(root, ".centre").addEventListener("click", () => {
      this.go(this.model.entry.space.prior_mean);
    });
    part(root, ".random").addEventListener("click", () => this.go(this.randomCode()));
    part(root, ".next").addEventListener("click", () => {
      do this.digit = (this.digit + 1) % this.digits.count;
      while (!this.map.shown[this.digits.labels[this.digit]]);
      this.jump(this.digit);
    });
    for (const layer of ["points", "manifold"]) {
      part(root, `.layer-${layer}`).addEventListener("click", () => this.showLayer(layer === "manifold"));
    }
  }

  /** A draw from the prior; for a model without one, from the Gaussian fitted to its codes. */
  randomCode() {
    const { prior_mean: mean, prior_factor: factor } = this.model.entry.space;
    const noise = mean.map(() => normalDraw());
    return mean.map((value, k) => factor[k].reduce((sum, weight, j) => sum + weight * noise[j], value));
  }

  /**
   * @param {{base: string, model: import("../model/model.mjs").Entry, z: number[] | null}} data
   * @param {(state: object) => void} report
   */
  async update(data, report) {
    this.report = report;
    this.turn += 1;
    const { turn } = this;
    // Before the files come, so that nothing jumps when they do.
    this.root.classList.toggle("many", data.model.latentDim > 4);
    const theme = readTheme(this.root);
    spreadColours(this.root, theme.digits);
    const [model, digits] = await Promise.all([openModel(data.base, data.model), openDigits(data.base, data.model.data)]);
    // Another choice may have been made while the files came.
    if (turn !== this.turn) return;
    if (model !== this.model) this.show(model, digits, data.z);
    this.map.setTheme(theme);
    await this.draw();
  }

  /**
   * @param {import("../model/model.mjs").Model} model @param {import("../model/formats.mjs").Digits} digits
   * @param {number[] | null} z
   */
  show(model, digits, z) {
    this.model = model;
    this.digits = digits;
    this.digit = 0;
    this.z = Float32Array.from(z ?? model.code(this.digit));
    this.reported = this.words();
    this.sliders.build(model.entry);
    this.nearby.setDigits(digits);
    const { space, family } = model.entry;
    const { u, v } = projectAll(model);
    this.map.setPoints(u, v, digits.labels);
    this.pointsFrame = frameOf(space);
    const random = part(this.root, ".random");
    random.title =
      family === "vae" ? "a draw from the prior N(0, I)" : "a draw from the Gaussian fitted to the codes";
    this.showLayer(this.manifold);
  }

  /** @param {boolean} manifold the grid of decoded digits, or the points */
  showLayer(manifold) {
    this.manifold = manifold;
    part(this.root, ".layer-points").setAttribute("aria-pressed", String(!manifold));
    part(this.root, ".layer-manifold").setAttribute("aria-pressed", String(manifold));
    part(this.root, ".filter").classList.toggle("idle", manifold);
    const { family } = this.model.entry;
    this.map.picture = null;
    this.map.setFrame({ ...this.pointsFrame, probability: manifold && family === "vae" });
    this.say();
    this.gridCode = null;
    if (manifold) this.drawGrid();
    this.map.drawBase();
    this.map.drawOverlay();
  }

  /** The sentence under the map. */
  say() {
    const { family, latentDim } = this.model.entry;
    const text = hint(this.manifold, family, latentDim, this.model.count, this.map.outside());
    part(this.root, ".hint").textContent = text;
  }

  /**
   * Draw the grid through the current z, unless the one on show already goes through it.
   * @param {boolean} [moved] the map shows another part now
   */
  async drawGrid(moved = false) {
    const home = this.z.slice();
    moveTo(this.model.entry.space, home, 0, 0);
    if (!moved && this.gridCode?.every((value, k) => Math.abs(value - home[k]) < 1e-4)) return;
    this.gridCode = home;
    this.wish += 1;
    const wish = this.wish;
    const grid = await drawManifold(this.model, this.map, home, () => wish === this.wish && this.manifold);
    if (!grid) return;
    this.map.picture = grid;
    this.map.drawBase();
    this.map.drawOverlay();
  }

  async draw() {
    this.sliders.set(this.z);
    this.map.cross = project(this.model.entry.space, this.z);
    this.map.drawOverlay();
    const decoded = this.model.decode(this.z);
    this.nearby.show(this.model.nearest(this.z, 5));
    this.picture.drawUnit(await decoded);
  }

  /** @param {ArrayLike<number>} z */
  go(z) {
    this.z.set(z);
    this.map.reveal(...project(this.model.entry.space, z));
    this.live.ask();
    this.released();
  }

  /** @param {number} i a test digit */
  jump(i) {
    this.digit = i;
    this.go(this.model.code(i));
  }

  /** @param {number} i a test digit, or -1 for none */
  hover(i) {
    if (i === this.map.lit) return;
    this.map.lit = i;
    this.map.drawOverlay();
    if (i < 0) this.tip.hide();
    else this.tip.show(this.digits, i, this.map);
  }

  words() {
    return Array.from(this.z, (value) => value.toFixed(3)).join(",");
  }

  released() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      if (this.manifold) this.drawGrid();
      const z = this.words();
      if (z === this.reported) return;
      this.reported = z;
      this.picture.canvas.setAttribute("aria-label", `decoded digit at ${z.replaceAll(",", ", ")}`);
      this.report({ model: this.model.entry.name, z });
    }, SETTLE);
  }

  destroy() {
    clearTimeout(this.timer);
    this.live.stop();
    this.map.destroy();
  }
}

const HOW = window.matchMedia("(hover: none)").matches
  ? "Tap a point to jump to it."
  : "Hover for the digit, click to jump, arrow keys to step.";

/**
 * What the map shows, in a sentence.
 * @param {boolean} manifold @param {string} family @param {number} latentDim @param {number} count
 * @param {number} outside points that the view leaves out
 */
function hint(manifold, family, latentDim, count, outside) {
  const plane = latentDim > 2 ? " in the plane of their two leading principal directions, through z" : "";
  if (!manifold) {
    const kind = family === "vae" ? "means μ" : "codes";
    const rest = outside ? ` ${outside} ${outside > 1 ? "lie" : "lies"} outside this view: − shows more.` : "";
    return `${kind} of the ${count.toLocaleString("en")} test digits${plane}.${rest} ${HOW}`;
  }
  const spacing = family === "vae" ? "equal steps of probability under the prior" : "equal steps over the view";
  return `20 × 20 decoded digits, ${spacing}${latentDim > 2 ? ", in the plane through z" : ""}.`;
}
