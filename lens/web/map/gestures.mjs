// What pointer, wheel and keys do on a map: drag, hover, click, zoom, step.

const NEAR = 9; // CSS pixels within which a pointer is "on" a point
const STILL = 4; // CSS pixels that a press may wander and still be a click
// Browsers hold back pointermove until a frame begins; where there is an event without that wait, drags use it.
const DRAG = /** @type {"pointermove"} */ ("onpointerrawupdate" in window ? "pointerrawupdate" : "pointermove");

/** @param {import("./latent_map.mjs").LatentMap} map */
export function listen(map) {
  const { root, on } = map;
  let pressed = -1;
  let moved = false;
  let downX = 0;
  let downY = 0;
  /** @param {MouseEvent} event @returns {[number, number]} */
  const place = (event) => {
    const box = root.getBoundingClientRect();
    return [event.clientX - box.left, event.clientY - box.top];
  };
  root.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    [downX, downY] = place(event);
    pressed = event.pointerId;
    moved = false;
    root.setPointerCapture(event.pointerId);
  });
  root.addEventListener("pointermove", (event) => {
    if (pressed === event.pointerId || event.pointerType === "touch") return;
    on.hover?.(map.pointAt(...place(event), NEAR));
  });
  root.addEventListener(DRAG, (event) => {
    if (pressed !== event.pointerId) return;
    const [x, y] = place(event);
    if (!moved && Math.hypot(x - downX, y - downY) < STILL) return;
    if (!moved) on.hover?.(-1);
    moved = true;
    on.drag?.(...map.fromPixels(x, y));
  });
  const end = (/** @type {PointerEvent} */ event) => {
    if (pressed !== event.pointerId) return;
    pressed = -1;
    if (!moved && event.type === "pointerup") {
      const [x, y] = place(event);
      // On a map that only chooses points, a click means the nearest one.
      const i = map.pointAt(x, y, on.drag ? NEAR : map.size);
      if (i >= 0) on.pick?.(i);
      else on.drag?.(...map.fromPixels(x, y));
    }
    on.release?.();
  };
  root.addEventListener("pointerup", end);
  root.addEventListener("pointercancel", end);
  root.addEventListener("pointerleave", () => on.hover?.(-1));
  root.addEventListener(
    "wheel",
    (event) => {
      // Two fingers apart on a touchpad arrive as a wheel with Ctrl; a plain wheel scrolls the page.
      if (!event.ctrlKey || map.picture) return;
      event.preventDefault();
      map.zoom(Math.exp(event.deltaY * 0.01), map.fromPixels(...place(event)));
    },
    { passive: false },
  );
  root.addEventListener("keydown", (event) => {
    if ((event.key === "+" || event.key === "-") && !event.ctrlKey && !event.metaKey) {
      map.zoom(event.key === "+" ? 0.8 : 1.25);
      event.preventDefault();
      return;
    }
    /** @type {Record<string, number[]>} */
    const steps = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };
    const step = steps[event.key];
    if (step && map.cross && on.drag) {
      const share = event.shiftKey ? 0.005 : 0.02;
      const [x, y] = map.toPixels(...map.cross);
      const moveX = x + step[0] * share * map.size;
      const moveY = y - step[1] * share * map.size;
      on.drag(...map.fromPixels(moveX, moveY));
      event.preventDefault();
    } else if (event.key === "Enter" && on.enter) {
      on.enter();
      on.release?.();
      event.preventDefault();
    }
  });
  root.addEventListener("keyup", (event) => {
    if (event.key.startsWith("Arrow")) on.release?.();
  });
}
