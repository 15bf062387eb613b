// A prediction on the map: "where do you expect the 4s?". Their points are hidden until a place is chosen; then the
// circle around it stands beside the one around their centre.

import { centreOf, countNear } from "../maths/circle_count.mjs";

/** @typedef {import("../map/latent_map.mjs").LatentMap} LatentMap */

/** @typedef {import("../maths/plane.mjs").Place} Place */

const RADIUS = 0.12; // of the map's width
const [STEP, FINE] = [0.05, 0.01]; // of the map's width, by a key
/** @type {Record<string, Place>} */
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

export class Sketch {
  /** @param {(place: Place) => void} chosen told the place, in the map's coordinates */
  constructor(chosen) {
    this.chosen = chosen;
    /** @type {LatentMap | null} */
    this.map = null;
    this.wanted = 0; // the class
    /** Where the cross is, as shares of the map's square from its top left. @type {Place} */
    this.at = [0.5, 0.5];
    /** The place that was chosen. @type {Place | null} */
    this.place = null;
    /** @type {boolean[]} classes that the map showed before */
    this.visible = [];
    this.layer = { draw: () => this.move() };
    this.square = document.createElement("div");
    this.square.className = "sketch";
    this.cross = mark("sketch-mark mine", "you");
    this.truth = mark("sketch-mark", "");
    this.square.append(this.truth, this.cross);
    this.listen();
  }

  listen() {
    const { square } = this;
    // The map beneath must not hear of it.
    for (const type of ["pointerdown", "pointerup", "pointermove", "pointerrawupdate", "touchmove", "mousedown"]) {
      square.addEventListener(type, (event) => event.stopPropagation());
    }
    square.addEventListener("pointermove", ({ pointerType, clientX, clientY }) => {
      if (pointerType === "mouse") this.point(clientX, clientY);
    });
    square.addEventListener("click", ({ clientX, clientY }) => {
      this.point(clientX, clientY);
      this.choose();
    });
    square.addEventListener("keydown", (event) => this.key(event));
  }

  /**
   * Ask for the place of a class on a map, or show the one that was chosen.
   * @param {LatentMap} map @param {number} wanted the class @param {Place | null} place
   */
  show(map, wanted, place) {
    this.hide();
    this.map = map;
    this.wanted = wanted;
    this.place = place;
    this.at = [0.5, 0.5];
    map.layers.push(this.layer);
    map.root.append(this.square);
    this.truth.querySelector("span")?.replaceChildren(this.plural);
    if (place) this.reveal();
    else {
      this.visible = map.props.visibleClasses;
      map.update({ visibleClasses: this.visible.map((seen, k) => seen && k !== wanted) });
      this.square.tabIndex = 0;
      this.square.setAttribute("role", "application");
      const how = "Arrow keys move the cross, Enter sets it.";
      this.square.setAttribute("aria-label", `Where do you expect the ${this.plural}? ${how}`);
      this.square.classList.remove("chosen");
      this.move();
    }
  }

  /** The class in words, such as "4s". */
  get plural() {
    return `${this.map?.props.classNames[this.wanted] ?? this.wanted}s`;
  }

  /** @returns {boolean} whether a place is asked for, which then has the focus */
  focus() {
    if (!this.map || this.place) return false;
    this.square.focus({ preventScroll: true });
    return true;
  }

  /** Put the cross below the pointer. @param {number} x @param {number} y CSS pixels in the window */
  point(x, y) {
    if (this.place) return;
    const box = this.square.getBoundingClientRect();
    this.at = [(x - box.left) / box.width, (y - box.top) / box.height];
    this.move();
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    const { key, shiftKey, ctrlKey, metaKey, altKey } = event;
    if (this.place || ctrlKey || metaKey || altKey) return;
    if (key === "Enter" || key === " ") this.choose();
    else if (key in ARROWS) {
      const size = shiftKey ? FINE : STEP;
      this.at = /** @type {Place} */ (this.at.map((share, k) => Math.min(1, Math.max(0, share + size * ARROWS[key][k]))));
      this.move();
    } else return;
    event.preventDefault();
    event.stopPropagation();
  }

  choose() {
    const { map } = this;
    if (!map || this.place) return;
    const { size } = map.viewport;
    // As it is kept, so that it is the same place after a return.
    const exact = map.viewport.fromPixels(this.at[0] * size, this.at[1] * size);
    this.place = /** @type {Place} */ (exact.map((value) => Number(value.toFixed(3))));
    map.update({ visibleClasses: this.visible });
    this.reveal();
    this.chosen(this.place);
  }

  reveal() {
    this.square.classList.add("chosen");
    this.square.removeAttribute("tabindex");
    this.square.setAttribute("role", "img");
    this.square.setAttribute("aria-label", this.words().join(" "));
    this.move();
  }

  /** What lies around the place that was chosen, and around the centre. @returns {string[]} two sentences */
  words() {
    const { map, place, wanted, plural } = this;
    if (!map || !place) return [];
    const { points, classes } = map.props;
    const radii = this.radii(map.props.frame);
    const mine = countNear(points, classes, wanted, place, radii);
    const best = countNear(points, classes, wanted, centreOf(points, classes, wanted), radii);
    return [`Your circle holds ${mine.near} of the ${mine.all} ${plural}.`, `The one around their centre holds ${best.near}.`];
  }

  /** Half the circle's width and height in the map's coordinates. @param {import("../map/viewport.mjs").Frame} frame @returns {Place} */
  radii({ u, v }) {
    return [RADIUS * (u[1] - u[0]), RADIUS * (v[1] - v[0])];
  }

  /** Put the marks where they belong, also after a zoom. */
  move() {
    const { map, place } = this;
    if (!map) return;
    const { size } = map.viewport;
    put(this.cross, place ? map.viewport.toPixels(...place) : [this.at[0] * size, this.at[1] * size]);
    if (!place) return;
    const { points, classes, frame } = map.props;
    put(this.truth, map.viewport.toPixels(...centreOf(points, classes, this.wanted)));
    const [across, up] = this.radii(frame);
    const [left, top] = map.viewport.toPixels(place[0] - across, place[1] + up);
    const [right, bottom] = map.viewport.toPixels(place[0] + across, place[1] - up);
    this.square.style.setProperty("--wide", `${right - left}px`);
    this.square.style.setProperty("--high", `${bottom - top}px`);
  }

  /** Take everything away. */
  hide() {
    const { map } = this;
    if (!map) return;
    if (!this.place) map.update({ visibleClasses: this.visible });
    map.layers = map.layers.filter((each) => each !== this.layer);
    this.square.remove();
    this.map = null;
    this.place = null;
  }
}

/** @param {string} name @param {string} words */
function mark(name, words) {
  const made = document.createElement("div");
  made.className = name;
  made.append(document.createElement("span"));
  made.firstElementChild?.append(words);
  made.setAttribute("aria-hidden", "true");
  return made;
}

/** @param {HTMLElement} element @param {Place} place CSS pixels from the top left */
function put(element, [x, y]) {
  element.style.transform = `translate(${x}px, ${y}px)`;
}
