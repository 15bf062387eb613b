// The three buttons in a map's corner, and the one over a map that shows nothing.

import { button } from "../dom.mjs";

const STEP = 0.6; // share of the width that a press keeps

/**
 * @param {(factor: number) => void} zoom shows so many times the width
 * @param {() => void} reset
 * @returns {HTMLElement}
 */
export function zoomButtons(zoom, reset) {
  const bar = document.createElement("div");
  bar.className = "zoom";
  /** @type {[string, string, () => void][]} */
  const buttons = [
    ["+", "zoom in", () => zoom(STEP)],
    ["−", "zoom out", () => zoom(1 / STEP)],
    ["⟲", "reset zoom", reset],
  ];
  for (const [text, label, act] of buttons) {
    const made = button(text, act);
    made.title = label;
    made.setAttribute("aria-label", label);
    bar.append(made);
  }
  keepFromMap(bar);
  return bar;
}

/** The button that leads back where no point is in view. @param {HTMLElement} map @param {() => void} reset */
export function wayBack(map, reset) {
  const made = button("Back to all points", () => {
    reset();
    // The button is about to go.
    map.focus({ preventScroll: true });
  });
  made.className = "way-back";
  made.hidden = true;
  keepFromMap(made);
  return made;
}

/** A press on a button isn't a press on the map. @param {HTMLElement} element */
function keepFromMap(element) {
  for (const kind of ["pointerdown", "keydown"]) element.addEventListener(kind, (event) => event.stopPropagation());
}
