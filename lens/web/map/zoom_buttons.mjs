// The three buttons in a map's corner.

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
  // A press on a button isn't a press on the map.
  for (const kind of ["pointerdown", "keydown"]) bar.addEventListener(kind, (event) => event.stopPropagation());
  return bar;
}
