// A cursor that the keyboard moves over a map, and what its keys do: all that a pointer can.

/** @typedef {import("./latent_map.mjs").LatentMap} LatentMap */

/** @typedef {import("../maths/plane.mjs").Place} Place */

const STEP = 0.02; // of the map's width
const FINE = 0.005;
const REACH = 12; // CSS pixels within which the cursor is "on" a point
const CLOSER = 0.8; // of the width is kept
/** @type {Record<string, Place>} */
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

export class KeyCursor {
  /** @param {LatentMap} map */
  constructor(map) {
    this.map = map;
    /** Whether arrows drag, as on a map whose cross-hair is the cursor; else they hover. */
    this.drags = Boolean(map.on.steer);
    /** @type {Place | null} */
    this.place = null;
    this.shown = false;
    const { root } = map;
    root.addEventListener("focus", () => this.show(root.matches(":focus-visible")));
    root.addEventListener("blur", () => this.show(false));
    root.addEventListener("pointerdown", () => this.show(false));
  }

  /** @param {boolean} shown */
  show(shown) {
    if (this.shown === shown) return;
    this.shown = shown;
    if (!shown) {
      this.map.on.hover?.(-1);
      this.map.on.leave?.();
    }
    this.map.drawSoon(false);
  }

  /** Where it is: on the cross-hair, where it was, or in the middle of what is in view. @returns {Place} */
  get at() {
    const { cross, highlighted, points } = this.map.props;
    const { viewport } = this.map;
    if (this.drags && cross) return cross;
    const choices = [this.place, cross, highlighted < 0 ? null : /** @type {Place} */ ([points.u[highlighted], points.v[highlighted]])];
    return choices.find((place) => place && viewport.holds(...place)) ?? viewport.centre;
  }

  /** @param {KeyboardEvent} event @returns {boolean} whether the key did something */
  press({ key, shiftKey, ctrlKey, metaKey, altKey }) {
    const { map } = this;
    if (ctrlKey || metaKey || altKey) return false;
    if (key in ARROWS) this.move(ARROWS[key], shiftKey ? FINE : STEP);
    else if (key === "+" || key === "=") map.zoom(CLOSER);
    else if (key === "-" || key === "−") map.zoom(1 / CLOSER);
    else if (key === "0") map.show(map.props.frame);
    else if (key === "Enter" || key === " ") this.pick();
    else if (key === "Escape") return this.letGo();
    else if (key.toLowerCase() === "d" && map.on.drag && !map.on.steer) this.drag(!this.drags);
    else return false;
    this.show(true);
    return true;
  }

  /** @param {Place} direction x and y, downwards @param {number} share of the map's width */
  move([right, down], share) {
    const { map } = this;
    const { size } = map.viewport;
    const [x, y] = map.viewport.toPixels(...this.at);
    const place = map.viewport.beyond(x + right * share * size, y + down * share * size, map.props.frame);
    if (!map.viewport.holds(...place)) map.show(map.viewport.shifted(...place));
    this.place = place;
    if (this.drags) map.on.drag?.(...place);
    if (!this.drags || map.on.steer) map.on.hover?.(this.nearest(Math.max(REACH, map.reach)));
    map.drawSoon(false);
  }

  /** Whether arrows drag. @param {boolean} drags */
  drag(drags) {
    this.place = this.at;
    this.drags = drags;
    if (drags) this.map.on.drag?.(...this.place);
    else this.map.on.hover?.(this.nearest(REACH));
  }

  /** What a click does; there is always a nearest point. */
  pick() {
    const i = this.nearest(2 * this.map.viewport.size);
    if (i >= 0) this.map.on.pick?.(i);
  }

  /** @param {number} reach in CSS pixels @returns {number} the visible point nearest to the cursor, or -1 */
  nearest(reach) {
    return this.map.pointAt(...this.map.viewport.toPixels(...this.at), reach);
  }

  /** @returns {boolean} whether there was something to let go */
  letGo() {
    const { map } = this;
    const held = this.shown;
    this.drags = Boolean(map.on.steer);
    this.show(false);
    return held;
  }
}
