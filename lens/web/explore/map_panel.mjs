// The latent map of Explore: points, a grid of decoded images, the posteriors as clouds or the space's holes, and the class
// filter.

import { part } from "../dom.mjs";
import { Clouds } from "../map/clouds.mjs";
import { holesInWords } from "../map/holes.mjs";
import { LatentMap } from "../map/latent_map.mjs";
import { drawManifold } from "../map/manifold.mjs";
import { frameOf, projectAll } from "../maths/plane.mjs";
import { ClassFilter } from "../widgets/class_filter.mjs";
import { FILTER_KEYS, ZOOM_KEYS } from "../widgets/key_help.mjs";
import { onePlane } from "../widgets/map_words.mjs";
import { write } from "../widgets/prose.mjs";
import { Tooltip } from "../widgets/tooltip.mjs";
import { HolesPanel } from "./holes_panel.mjs";
import { MapOptions } from "./map_options.mjs";

/** @typedef {import("./subject.mjs").Subject} Subject */

/** @typedef {"points" | "manifold" | "clouds" | "holes"} Layer */

/** @type {Layer[]} */
const LAYERS = ["points", "manifold", "clouds", "holes"];

export class MapPanel {
  /** @param {HTMLElement} root @param {import("./subject.mjs").Host} host */
  constructor(root, host) {
    this.root = root;
    this.host = host;
    /** @type {Layer} */
    this.layer = "points";
    this.gridWish = 0;
    /** @type {Float32Array | null} the code that the grid on show goes through */
    this.gridCode = null;
    /** @type {Clouds | null} null for a model without posteriors */
    this.clouds = null;
    this.tooltip = new Tooltip(part(root, ".tip"));
    this.map = new LatentMap(part(root, ".map"), "latent map", {
      drag: (u, v) => {
        const { subject } = host;
        if (!subject) return;
        subject.code.moveTo(u, v);
        // At once, not when the digit has been decoded: the next key's step starts here.
        this.map.update({ cross: subject.code.place });
        host.set(subject.code.z, "map");
      },
      release: () => host.settle(),
      hover: (i) => {
        if (host.subject) this.tooltip.follow(this.map, host.subject.dataset, i);
      },
      pick: (i) => host.jump(i),
      steer: true,
      view: () => {
        this.showHint();
        if (this.layer === "manifold") this.drawGrid(true);
        host.settle();
      },
    });
    this.holes = new HolesPanel(root, host, this.map);
    this.options = new MapOptions(root, host, this.map);
    this.filter = new ClassFilter(part(root, ".filter"), (visibleClasses) => {
      this.map.update({ visibleClasses });
      host.settle();
    });
    for (const layer of LAYERS) {
      part(root, `.layer-${layer}`).addEventListener("click", () => {
        this.setLayer(layer);
        host.settle();
        host.tell("layer", { layer });
      });
    }
  }

  /** @param {Subject} subject */
  setModel({ model, dataset }) {
    const { class_names: classNames } = dataset.entry;
    this.filter.setNames(classNames);
    this.clouds?.stop();
    this.clouds = model.logVars && new Clouds(model, () => this.map.drawSoon(true), (error) => this.host.fail(error));
    this.map.update({ points: projectAll(model), classes: dataset.labels, classNames });
    this.options.setModel();
  }

  /** @param {import("../theme.mjs").Theme} theme */
  setTheme(theme) {
    this.map.update({ theme });
  }

  /** Show the grid of decoded images, or the points, at the first view of each. @param {Layer} layer */
  setLayer(layer) {
    this.layer = layer;
    for (const each of LAYERS) part(this.root, `.layer-${each}`).setAttribute("aria-pressed", String(each === layer));
    const manifold = layer === "manifold";
    part(this.root, ".filter").classList.toggle("idle", manifold);
    this.holes.show(layer === "holes");
    const { subject } = this.host;
    if (!subject) return;
    const { space, variational } = subject.model.entry;
    this.gridCode = null;
    const clouds = layer === "clouds" ? this.clouds : null;
    if (!clouds) this.clouds?.stop();
    this.map.update({ backdrop: null, clouds, frame: { ...frameOf(space), probability: manifold && variational } });
    // Which says what is shown, and draws the grid.
    this.map.show(this.map.props.frame);
  }

  /** @param {Subject} subject */
  move(subject) {
    const { code } = subject;
    this.options.move(subject);
    this.map.update({ cross: code.place });
    this.keepClear(this.map.viewport.toPixels(...code.place)[0] / this.map.viewport.size);
  }

  /** Where the decoded image lies on the map, it is in the corner away from the pointer. @param {number} share across */
  keepClear(share) {
    if (share < 0.45) this.host.root.classList.add("pointer-left");
    if (share > 0.55) this.host.root.classList.remove("pointer-left");
  }

  /** @param {Subject} subject */
  async rest(subject) {
    if (this.layer === "manifold") this.drawGrid();
    await this.holes.rest(subject);
  }

  /** The sentence under the map. */
  showHint() {
    const { subject } = this.host;
    if (!subject) return;
    const { model, dataset } = subject;
    const points = () => pointsHint(model.entry, dataset.entry.plural, model.count, this.map.outside());
    const clouds = () => (this.clouds ? cloudsHint(model.entry, dataset.entry.plural, model.count) : `${noClouds(model.entry)} ${points()}`);
    const holes = () => holesInWords(dataset.entry, model.dim > 2 ? "z" : "");
    const sentences = { points, clouds, holes, manifold: () => manifoldHint(model.entry, dataset.entry.plural) };
    write(part(this.root, ".place"), sentences[this.layer]());
  }

  /**
   * Draw the grid through the current z, unless the one on show already goes through it.
   * @param {boolean} [moved] the map shows another part now
   */
  async drawGrid(moved = false) {
    const { subject } = this.host;
    if (!subject) return;
    const { model, code } = subject;
    const through = code.offPlane.slice();
    if (!moved && this.gridCode?.every((value, k) => Math.abs(value - through[k]) < 1e-4)) return;
    this.gridCode = through;
    this.gridWish += 1;
    const wish = this.gridWish;
    const current = () => wish === this.gridWish && this.layer === "manifold" && this.host.subject?.model === model;
    try {
      const backdrop = await drawManifold(model, this.map.viewport, through, current);
      if (backdrop) this.map.update({ backdrop });
    } catch (error) {
      if (!current()) return;
      this.gridCode = null;
      this.host.fail(error);
    }
  }

  /** @returns {import("../widgets/key_help.mjs").Row[]} */
  keys() {
    return [
      ["← → ↑ ↓", "on the map: move z; with Shift in finer steps"],
      ["Enter, Space", "jump to the nearest point on the map"],
      ...ZOOM_KEYS,
      ...FILTER_KEYS,
    ];
  }

  destroy() {
    this.clouds?.stop();
    this.holes.destroy();
    this.map.destroy();
  }
}

/**
 * @param {import("../contract").Model} entry @param {string} plural what the images show
 * @param {number} count @param {number} outside points that are out of view
 */
function pointsHint({ variational, latent_dim: latents, space }, plural, count, outside) {
  const many = latents > 2;
  const plane = many ? `, ${onePlane(latents)}` : "";
  const kind = variational ? "[Means μ](mu)" : "[Codes](code)";
  const rest = outside ? ` ${outside} ${outside > 1 ? "are" : "is"} outside this view; zoom out (−) to see ${outside > 1 ? "them" : "it"}.` : "";
  const use = window.matchMedia("(hover: none)").matches
    ? `Tap a point to go to its ${many ? "whole " : ""}code.`
    : `Hover for the image; click to go to its ${many ? "whole " : ""}code.`;
  const nothing = variational && space.inactive.every(Boolean) ? ` ${collapsed(latents)}` : "";
  return `${kind} of the ${count.toLocaleString("en")} test ${plural}${plane}.${nothing}${rest} ${use}`;
}

/** Of a VAE without an active latent. @param {number} latents */
function collapsed(latents) {
  const all = latents === 1 ? "The latent is" : latents === 2 ? "Both latents are" : `All ${latents} latents are`;
  return `${all} [inactive](collapse): the posteriors are nearly the prior, so a code tells the decoder almost nothing.`;
}

/** @param {import("../contract").Model} entry @param {string} plural what the images show @param {number} count */
function cloudsHint({ latent_dim: latents }, plural, count) {
  const plane = latents > 2 ? ", projected on the map's plane" : "";
  return `The [posteriors](posterior) q(z | x) of the ${count.toLocaleString("en")} test ${plural}, an ellipse of 1 [σ](sigma) each${plane}. In training, the decoder gets samples of such clouds, not only their centres.`;
}

/** @param {import("../contract").Model} entry */
function noClouds({ title }) {
  return `${title} has no clouds: it gives each image one code, not a distribution.`;
}

/** @param {import("../contract").Model} entry @param {string} plural what the images show */
function manifoldHint({ variational, latent_dim: latents }, plural) {
  const spacing = variational ? "in equal steps of probability under the [prior](prior)" : "equally spaced over the view";
  return `20 × 20 decoded ${plural}, ${spacing}${latents > 2 ? ", in the plane through z" : ""}.`;
}
