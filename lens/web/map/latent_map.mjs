// The latent map: up to 10,000 points drawn when they change, and an overlay (cross-hair, highlighted image, paths) that moves.

import { context2d } from "../dom.mjs";
import { same } from "../same.mjs";
import { CLASSES, onDensity, onTheme, readTheme } from "../theme.mjs";
import { drawBase } from "./base_drawing.mjs";
import { ClassNames } from "./class_names.mjs";
import { MapDescription } from "./description.mjs";
import { onPointer } from "./gestures.mjs";
import { KeyCursor } from "./key_cursor.mjs";
import { drawOverlay } from "./overlay_drawing.mjs";
import { DISC } from "./marks.mjs";
import { pictured, pictureSide } from "./pictures.mjs";
import { Viewport } from "./viewport.mjs";
import { wayBack, zoomButtons } from "./zoom_buttons.mjs";

/** @typedef {import("../maths/plane.mjs").Place} Place */

/** @typedef {import("./viewport.mjs").Frame} Frame */

const NEAR = 9; // CSS pixels within which a pointer is "on" a dot

/**
 * All that a map shows.
 * @typedef {object} Props
 * @property {import("../theme.mjs").Theme | null} theme  nothing is drawn without one
 * @property {{u: Float32Array, v: Float32Array}} points
 * @property {Uint8Array} classes  one a point
 * @property {string[]} classNames  written where the points of a class are
 * @property {boolean[]} visibleClasses
 * @property {Frame} frame  the initial view, also after "reset zoom"; another one resets the zoom
 * @property {number[]} circles  radii of circles about the origin, such as one and two standard deviations of the prior
 * @property {import("./clouds.mjs").Clouds | null} clouds  shown instead of the points, which can still be picked
 * @property {HTMLCanvasElement | null} backdrop  shown instead of the points
 * @property {Place | null} cross  where the cross-hair is
 * @property {number} highlighted  the point with a ring, or -1
 * @property {import("./marks.mjs").Path[]} paths
 * @property {{u: number, v: number, text: string}[]} marks  lettered discs
 * @property {boolean} faint  the points are, since a layer beneath them is what is shown
 * @property {import("./pictures.mjs").Images | null} images  drawn instead of the points where few are in view
 * @property {import("./trail.mjs").Trail | null} trail
 * @property {import("./posterior_marks.mjs").PosteriorMarks | null} posterior  of one image
 */

/** These are drawn beneath the overlay. @type {Set<string>} */
const BASE = new Set(
  ["theme", "points", "classes", "classNames", "visibleClasses", "frame", "circles", "clouds", "backdrop", "faint", "images"],
);

/**
 * @typedef {object} Callbacks
 * @property {(u: number, v: number) => void} [drag]
 * @property {() => void} [release]
 * @property {(i: number) => void} [hover]  the point under the pointer, or -1
 * @property {(i: number) => void} [pick]
 * @property {(text: string) => void} [mark]  a lettered disc is clicked
 * @property {() => void} [leave]  the keyboard lets go
 * @property {boolean} [steer]  the cross-hair is the keyboard's cursor: arrow keys drag
 * @property {() => void} [view]  another part of the plane is in view
 */

export class LatentMap {
  /**
   * @param {HTMLElement} root the element that fills the map's square
   * @param {string} label for screen readers, starting with "latent map"
   * @param {Callbacks} on
   */
  constructor(root, label, on) {
    this.root = root;
    this.on = on;
    this.base = root.appendChild(document.createElement("canvas"));
    this.overlay = root.appendChild(document.createElement("canvas"));
    root.tabIndex = 0;
    root.setAttribute("role", "application");
    this.description = new MapDescription(root);
    /** @type {Props} */
    this.props = {
      theme: null,
      points: { u: new Float32Array(0), v: new Float32Array(0) },
      classes: new Uint8Array(0),
      classNames: [],
      visibleClasses: new Array(CLASSES).fill(true),
      frame: { u: [-1, 1], v: [-1, 1], probability: false },
      circles: [],
      clouds: null,
      backdrop: null,
      cross: null,
      highlighted: -1,
      paths: [],
      marks: [],
      faint: false,
      images: null,
      trail: null,
      posterior: null,
    };
    /** What is drawn beneath the points, whenever these are. @type {{draw: (theme: import("../theme.mjs").Theme) => void}[]} */
    this.layers = [];
    /** The points in view that are drawn as images. @type {number[]} */
    this.pictured = [];
    this.viewport = new Viewport(this.props.frame, 0);
    this.baseDirty = false;
    this.frameRequest = 0;
    this.names = new ClassNames();
    const reset = () => this.show(this.props.frame);
    this.zoomBar = root.appendChild(zoomButtons((factor) => this.zoom(factor), reset));
    this.wayBack = root.appendChild(wayBack(root, reset));
    this.setLabel(label);
    this.cursor = new KeyCursor(this);
    this.resizer = new ResizeObserver(() => this.resize());
    this.resizer.observe(root);
    this.stopDensity = onDensity(() => this.resize());
    this.stopTheme = onTheme(root, () => this.update({ theme: readTheme(root) }));
    this.stopListening = onPointer(root, {
      hover: (x, y) => on.hover?.(this.pointAt(x, y, this.reach)),
      leave: () => on.hover?.(-1),
      drag: on.drag && ((x, y) => on.drag?.(...this.viewport.fromPixels(x, y))),
      click: (x, y) => this.click(x, y),
      pinch: (from, to, spread) => this.pinch(from, to, spread),
      release: () => on.release?.(),
      key: (event) => this.cursor.press(event),
    });
  }

  /** @param {string} label */
  setLabel(label) {
    this.root.setAttribute("aria-label", label);
    const which = label.replace(/^latent map/, "");
    for (const each of this.zoomBar.querySelectorAll("button")) each.setAttribute("aria-label", each.title + which);
  }

  /** Change some of what it shows; what differs is drawn in the next frame. @param {Partial<Props>} changes */
  update(changes) {
    for (const [name, value] of Object.entries(changes)) {
      if (same(this.props[/** @type {keyof Props} */ (name)], value)) continue;
      Object.assign(this.props, { [name]: value });
      if (name === "frame") this.setViewport(changes.frame ?? this.props.frame);
      this.drawSoon(BASE.has(name));
      if (["points", "classes", "classNames", "backdrop"].includes(name)) this.description.describe(this.props);
    }
  }

  /** @param {Frame} frame */
  setViewport(frame) {
    this.viewport = new Viewport(frame, this.viewport.size);
    this.zoomBar.hidden = frame.probability;
  }

  /**
   * Show more (factor > 1) or less, around the cursor or the cross-hair where it is in view.
   * @param {number} factor
   */
  zoom(factor) {
    const { viewport } = this;
    const cross = this.cursor.shown ? this.cursor.at : this.props.cross;
    if (viewport.frame.probability) return;
    const around = cross && viewport.holds(...cross) ? cross : viewport.centre;
    this.show(viewport.zoomed(viewport.limited(factor, this.props.frame), around));
  }

  /** @param {Place} from @param {Place} to @param {number} spread @returns {boolean} whether it can zoom */
  pinch(from, to, spread) {
    if (this.viewport.frame.probability || this.props.backdrop) return false;
    const { viewport } = this;
    this.show(viewport.pinched(from, to, 1 / viewport.limited(1 / spread, this.props.frame)));
    return true;
  }

  /** Zoom out until the place is inside. @param {Place} place */
  reveal([u, v]) {
    if (this.viewport.frame.probability || this.viewport.holds(u, v)) return;
    this.show(this.viewport.widened(u, v));
  }

  /** Bring another part of the plane into view. @param {Frame} frame */
  show(frame) {
    this.setViewport(frame);
    this.drawSoon(true);
    this.on.view?.();
  }

  /** The visible part of the plane, null where it is the initial one. @returns {number[] | null} */
  get visibleFrame() {
    const { frame } = this.viewport;
    return frame.probability || same(frame, this.props.frame) ? null : [...frame.u, ...frame.v];
  }

  /** Bring this part of the plane into view, or the initial one. @param {number[] | null} frame */
  showFrame(frame) {
    if (!frame || this.props.frame.probability) this.show(this.props.frame);
    else this.show({ u: [frame[0], frame[1]], v: [frame[2], frame[3]], probability: false });
  }

  /** How many of the points are outside the view. */
  outside() {
    const { points } = this.props;
    return points.u.length - this.viewport.count(points, () => true);
  }

  /** Whether there are points, but none in view. */
  isEmpty() {
    const { points, classes, visibleClasses } = this.props;
    return points.u.length > 0 && !this.viewport.count(points, (i) => visibleClasses[classes[i]]);
  }

  /** CSS pixels within which a pointer is "on" a point. */
  get reach() {
    return this.pictured.length ? pictureSide(this.pictured.length, this.viewport.size) / 2 : NEAR;
  }

  /** @param {number} i @returns {Place} where a point is, in CSS pixels from the top left */
  pixelsOf(i) {
    const { u, v } = this.props.points;
    return this.viewport.toPixels(u[i], v[i]);
  }

  /**
   * The visible point nearest to a pixel, or -1 where none is near.
   * @param {number} x @param {number} y @param {number} reach in CSS pixels
   */
  pointAt(x, y, reach) {
    const { points, classes, visibleClasses, backdrop } = this.props;
    if (backdrop) return -1;
    const { u, v, scaleU, scaleV } = this.viewport.scales;
    const { size } = this.viewport;
    let found = -1;
    let best = reach * reach;
    for (let i = 0; i < points.u.length; i += 1) {
      const dx = (points.u[i] - u) * scaleU - x;
      const dy = size - (points.v[i] - v) * scaleV - y;
      const gap = dx * dx + dy * dy;
      if (gap < best && visibleClasses[classes[i]]) {
        best = gap;
        found = i;
      }
    }
    return found;
  }

  /** The lettered disc at a pixel, the one on top. @param {number} x @param {number} y */
  markAt(x, y) {
    const hit = this.props.marks.filter(({ u, v }) => {
      const [across, down] = this.viewport.toPixels(u, v);
      return Math.hypot(across - x, down - y) <= DISC;
    });
    return hit[hit.length - 1];
  }

  /** @param {number} x @param {number} y */
  click(x, y) {
    const { on } = this;
    const mark = on.mark && this.markAt(x, y);
    if (mark) {
      on.mark?.(mark.text);
      return;
    }
    // On a map that only chooses points, a click means the nearest one.
    const i = this.pointAt(x, y, on.drag ? this.reach : this.viewport.size);
    if (i >= 0) on.pick?.(i);
    else on.drag?.(...this.viewport.fromPixels(x, y));
  }

  resize() {
    const size = this.root.clientWidth;
    if (!size) return;
    this.viewport = new Viewport(this.viewport.frame, size);
    const scale = window.devicePixelRatio || 1;
    for (const canvas of [this.base, this.overlay]) {
      canvas.width = Math.round(size * scale);
      canvas.height = Math.round(size * scale);
      context2d(canvas).setTransform(scale, 0, 0, scale, 0, 0);
    }
    // At once: changing the size has emptied both, and this is called just before they are painted.
    this.baseDirty = true;
    this.draw();
  }

  /** @param {boolean} base whether more than the overlay has changed */
  drawSoon(base) {
    this.baseDirty ||= base;
    this.frameRequest ||= requestAnimationFrame(() => this.draw());
  }

  draw() {
    cancelAnimationFrame(this.frameRequest);
    this.frameRequest = 0;
    if (!this.viewport.size || !this.props.theme) return;
    if (this.baseDirty) {
      this.wayBack.hidden = !this.isEmpty();
      this.drawBase(this.props.theme);
    }
    this.baseDirty = false;
    this.drawOverlay(this.props.theme);
  }

  /** @param {import("../theme.mjs").Theme} theme */
  drawBase(theme) {
    const { offsetLeft: left, offsetTop: top, offsetWidth: width, offsetHeight: height } = this.zoomBar;
    const taken = /** @type {import("./class_names.mjs").Box} */ ([left, top, left + width, top + height]);
    for (const layer of this.layers) layer.draw(theme);
    this.pictured = pictured(this.viewport, this.props);
    drawBase(context2d(this.base), this.viewport, this.props, theme, this.names, taken, this.pictured);
  }

  /** @param {import("../theme.mjs").Theme} theme */
  drawOverlay(theme) {
    const { cursor, props } = this;
    const seen = cursor.shown && !(cursor.drags && props.cross);
    drawOverlay(context2d(this.overlay), this.viewport, props, theme, seen ? cursor.at : null);
  }

  destroy() {
    cancelAnimationFrame(this.frameRequest);
    this.description.stop();
    this.stopListening();
    this.stopDensity();
    this.stopTheme();
    this.resizer.disconnect();
  }
}
