// Gestures on an element, by pointer, two fingers or keys: hover, click, drag, pinch. A finger that moves up or down at
// once scrolls the page; it drags once it has moved sideways or rested.

import { pointerMove } from "../dom.mjs";

const STILL = 4; // CSS pixels that a press can move and still be a click
const HOLD = 200; // ms of rest after which a finger drags in any direction
const WHEEL = 0.01; // zoom per step of the wheel

/** @typedef {[number, number]} Point  CSS pixels from the element's top left */

/**
 * @typedef {object} Callbacks
 * @property {(x: number, y: number) => void} [hover]  the pointer is over the element and not pressed
 * @property {() => void} [leave]  it no longer hovers
 * @property {(x: number, y: number) => void} [press]  what may become a click or a drag begins, and isn't a scroll
 * @property {(x: number, y: number) => void} [click]
 * @property {(x: number, y: number) => void} [drag]
 * @property {(from: Point, to: Point, spread: number) => boolean} [pinch]  the middle of two fingers moved, and
 *   their distance grew by the factor `spread`; false where the element can't zoom
 * @property {() => void} [release]  a click, a drag or a key's action has ended
 * @property {(event: KeyboardEvent) => boolean} [key]  whether the key did something
 */

/**
 * What the fingers, or the mouse, are doing:
 * "idle"; "undecided", a finger is down and may yet scroll the page; "press", which may become a click or a drag;
 * "drag"; "pinch"; "over", a finger is still down and does nothing.
 * @typedef {"idle" | "undecided" | "press" | "drag" | "pinch" | "over"} Phase
 */

/**
 * The element gets the style `touch-action: pan-y`: its page still scrolls.
 * @param {HTMLElement} element @param {Callbacks} on
 * @returns {() => void} stops listening
 */
export function onPointer(element, on) {
  const gesture = new Gesture(element, on);
  const listening = new AbortController();
  const { signal } = listening;
  element.style.touchAction = "pan-y";
  element.addEventListener("pointerdown", (event) => gesture.press(event), { signal });
  element.addEventListener("pointermove", (event) => gesture.hover(event), { signal });
  element.addEventListener(pointerMove(), (event) => gesture.move(event), { signal });
  element.addEventListener("pointerup", (event) => gesture.lift(event), { signal });
  element.addEventListener("pointercancel", (event) => gesture.lift(event), { signal });
  element.addEventListener("pointerleave", () => on.leave?.(), { signal });
  // Once the browser has begun to scroll, it can't be stopped: then the pointers are cancelled.
  element.addEventListener(
    "touchmove",
    (event) => {
      if (event.cancelable && gesture.owns(event.touches.length)) event.preventDefault();
    },
    { signal, passive: false },
  );
  // A finger that rests would open a menu.
  element.addEventListener(
    "contextmenu",
    (event) => {
      if (gesture.phase !== "idle") event.preventDefault();
    },
    { signal },
  );
  element.addEventListener(
    "wheel",
    (event) => {
      // Two fingers apart on a touchpad arrive as a wheel with Ctrl; a plain wheel scrolls the page.
      if (!event.ctrlKey) return;
      const point = gesture.place(event);
      if (on.pinch?.(point, point, Math.exp(-event.deltaY * WHEEL))) event.preventDefault();
    },
    { signal, passive: false },
  );
  listenToKeys(element, on, signal);
  return () => {
    gesture.stop();
    listening.abort();
  };
}

/** The pointers that are down on an element, and what they make together. */
class Gesture {
  /** @param {HTMLElement} element @param {Callbacks} on */
  constructor(element, on) {
    this.element = element;
    this.on = on;
    /** @type {Phase} */
    this.phase = "idle";
    /** The pointers that are down, at most two, the one that drags first. @type {Map<number, Point>} */
    this.down = new Map();
    /** Where each of them was when the last one came. @type {Map<number, Point>} */
    this.start = new Map();
    this.timer = 0;
  }

  /** @param {MouseEvent} event @returns {Point} */
  place(event) {
    const box = this.element.getBoundingClientRect();
    return [event.clientX - box.left, event.clientY - box.top];
  }

  /** Whether touches that move now belong to the element, not to the page. @param {number} touches */
  owns(touches) {
    if (touches > 1) return this.on.pinch !== undefined;
    return this.phase !== "idle" && this.phase !== "undecided";
  }

  /** @param {PointerEvent} event */
  press(event) {
    const { down, on } = this;
    if (event.button !== 0) return;
    // A second finger during a drag can only pinch; a third does nothing.
    if (down.size >= (on.pinch ? 2 : 1)) return;
    down.set(event.pointerId, this.place(event));
    this.start = new Map(down);
    this.element.setPointerCapture(event.pointerId);
    if (down.size > 1) {
      clearTimeout(this.timer);
      return;
    }
    if (event.pointerType === "mouse") {
      this.begin();
      return;
    }
    this.phase = "undecided";
    // Where there is nothing to drag, a finger that rests makes a click in the end.
    if (!on.drag) return;
    this.timer = window.setTimeout(() => {
      this.begin();
      this.drag();
    }, HOLD);
  }

  /** It's a press: nothing scrolls from now on. */
  begin() {
    clearTimeout(this.timer);
    this.phase = "press";
    const [first] = this.start.values();
    this.on.press?.(...first);
  }

  drag() {
    if (this.phase !== "drag") this.on.leave?.();
    this.phase = "drag";
    const [first] = this.down.values();
    this.on.drag?.(...first);
  }

  /** @param {PointerEvent} event */
  hover(event) {
    if (!this.down.size && event.pointerType !== "touch") this.on.hover?.(...this.place(event));
  }

  /** @param {PointerEvent} event */
  move(event) {
    const { down, start, phase } = this;
    if (!down.has(event.pointerId)) return;
    const before = [...down.values()];
    down.set(event.pointerId, this.place(event));
    const now = [...down.values()];
    if (now.length > 1) {
      this.pinch(before, now);
      return;
    }
    if (phase === "over" || phase === "pinch") return;
    if (phase === "drag") {
      this.drag();
      return;
    }
    const [was] = start.values();
    const [right, below] = [Math.abs(now[0][0] - was[0]), Math.abs(now[0][1] - was[1])];
    if (Math.hypot(right, below) < STILL) return;
    if (phase === "press") {
      this.drag();
    } else if (right > below) {
      this.begin();
      this.drag();
    } else {
      // The browser is about to scroll.
      clearTimeout(this.timer);
    }
  }

  /** @param {Point[]} before @param {Point[]} now */
  pinch(before, now) {
    const was = [...this.start.values()];
    const moved = now.some(([x, y], k) => Math.hypot(x - was[k][0], y - was[k][1]) >= STILL);
    if (this.phase !== "pinch" && !moved) return;
    this.phase = "pinch";
    this.on.pinch?.(middle(before), middle(now), distance(now) / distance(before));
  }

  /** @param {PointerEvent} event */
  lift(event) {
    const { down, on, phase } = this;
    const [first] = down.keys();
    if (!down.delete(event.pointerId)) return;
    const cancelled = event.type !== "pointerup";
    clearTimeout(this.timer);
    if (down.size) {
      // Of two fingers the first drags on, if nothing was pinched.
      if (phase !== "drag" || event.pointerId === first) this.phase = "over";
      return;
    }
    this.phase = "idle";
    if (phase === "undecided" && (cancelled || !this.tap(event))) return;
    if (phase === "press" && !cancelled) on.click?.(...this.place(event));
    on.release?.();
  }

  /** A finger came and went. @param {PointerEvent} event @returns {boolean} whether it stayed where it was */
  tap(event) {
    const [x, y] = this.place(event);
    const [was] = this.start.values();
    if (Math.hypot(x - was[0], y - was[1]) >= STILL) return false;
    this.on.press?.(...was);
    this.on.click?.(x, y);
    return true;
  }

  stop() {
    clearTimeout(this.timer);
  }
}

/** @param {HTMLElement} element @param {Callbacks} on @param {AbortSignal} signal */
function listenToKeys(element, on, signal) {
  let acted = false;
  element.addEventListener(
    "keydown",
    (event) => {
      if (!on.key?.(event)) return;
      acted = true;
      event.preventDefault();
    },
    { signal },
  );
  element.addEventListener(
    "keyup",
    () => {
      if (acted) on.release?.();
      acted = false;
    },
    { signal },
  );
}

/** @param {Point[]} points two @returns {Point} */
function middle([a, b]) {
  return [(a[0] + b[0]) / 2, (a[1] + b[1]) / 2];
}

/** @param {Point[]} points two @returns {number} */
function distance([a, b]) {
  return Math.max(1, Math.hypot(a[0] - b[0], a[1] - b[1]));
}
