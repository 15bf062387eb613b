// Gestures on an element, by pointer, two fingers or keys: hover, click, drag, pinch.

const STILL = 4; // CSS pixels that a press can move and still be a click
const WHEEL = 0.01; // zoom per step of the wheel

/** @typedef {[number, number]} Point  CSS pixels from the element's top left */

/**
 * @typedef {object} Callbacks
 * @property {(x: number, y: number) => void} [hover]  the pointer is over the element and not pressed
 * @property {() => void} [leave]  it no longer hovers
 * @property {(x: number, y: number) => void} [press]  what may become a click or a drag begins
 * @property {(x: number, y: number) => void} [click]
 * @property {(x: number, y: number) => void} [drag]
 * @property {(from: Point, to: Point, spread: number) => boolean} [pinch]  the middle of two fingers moved, and
 *   their distance grew by the factor `spread`; false where the element can't zoom
 * @property {() => void} [release]  a click, a drag or a key's action has ended
 * @property {(event: KeyboardEvent) => boolean} [key]  whether the key did something
 */

/**
 * @param {HTMLElement} element @param {Callbacks} on
 * @returns {() => void} stops listening
 */
export function onPointer(element, on) {
  const listening = new AbortController();
  const { signal } = listening;
  // Browsers hold back pointermove until a frame begins; where there is an event without that wait, drags use it.
  const move = /** @type {"pointermove"} */ ("onpointerrawupdate" in window ? "pointerrawupdate" : "pointermove");
  /** The pointers that are down, at most two, the one that drags first. @type {Map<number, Point>} */
  const down = new Map();
  let dragging = -1; // the pointer that a drag or a click belongs to
  let moved = false;
  /** @type {Point} */
  let start = [0, 0];
  const place = (/** @type {MouseEvent} */ event) => {
    const box = element.getBoundingClientRect();
    return /** @type {Point} */ ([event.clientX - box.left, event.clientY - box.top]);
  };

  element.addEventListener(
    "pointerdown",
    (event) => {
      if (event.button !== 0) return;
      // A second finger during a drag can only pinch; a third does nothing.
      if (down.size >= (on.pinch ? 2 : 1)) return;
      down.set(event.pointerId, place(event));
      element.setPointerCapture(event.pointerId);
      if (down.size > 1) return;
      dragging = event.pointerId;
      start = place(event);
      moved = false;
      on.press?.(...start);
    },
    { signal },
  );

  element.addEventListener(
    "pointermove",
    (event) => {
      if (!down.size && event.pointerType !== "touch") on.hover?.(...place(event));
    },
    { signal },
  );

  element.addEventListener(
    move,
    (event) => {
      if (!down.has(event.pointerId)) return;
      const before = [...down.values()];
      down.set(event.pointerId, place(event));
      const now = [...down.values()];
      if (now.length > 1) {
        // Two fingers make no click, whatever comes after.
        moved = true;
        on.pinch?.(middle(before), middle(now), distance(now) / distance(before));
        return;
      }
      if (event.pointerId !== dragging) return;
      const [x, y] = now[0];
      if (!moved && Math.hypot(x - start[0], y - start[1]) < STILL) return;
      if (!moved) on.leave?.();
      moved = true;
      on.drag?.(x, y);
    },
    { signal },
  );

  const lift = (/** @type {PointerEvent} */ event) => {
    if (!down.delete(event.pointerId) || event.pointerId !== dragging) return;
    dragging = -1;
    if (!moved && event.type === "pointerup") on.click?.(...place(event));
    on.release?.();
  };
  element.addEventListener("pointerup", lift, { signal });
  element.addEventListener("pointercancel", lift, { signal });
  element.addEventListener("pointerleave", () => on.leave?.(), { signal });

  element.addEventListener(
    "wheel",
    (event) => {
      // Two fingers apart on a touchpad arrive as a wheel with Ctrl; a plain wheel scrolls the page.
      if (!event.ctrlKey) return;
      const point = place(event);
      if (on.pinch?.(point, point, Math.exp(-event.deltaY * WHEEL))) event.preventDefault();
    },
    { signal, passive: false },
  );

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
  return () => listening.abort();
}

/** @param {Point[]} points two @returns {Point} */
function middle([a, b]) {
  return [(a[0] + b[0]) / 2, (a[1] + b[1]) / 2];
}

/** @param {Point[]} points two @returns {number} */
function distance([a, b]) {
  return Math.max(1, Math.hypot(a[0] - b[0], a[1] - b[1]));
}
