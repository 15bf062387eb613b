// A range input that a pointer drags the same way in every browser: a finger that moves up or down scrolls the page.

import { onPointer } from "../map/gestures.mjs";

const THUMB = 16; // CSS pixels, whose middle stays within the track

/**
 * Put the input into a box that takes its pointer; keys stay the input's own.
 * @param {HTMLInputElement} input
 * @returns {HTMLElement} the box, to be put where the input was to go
 */
export function draggable(input) {
  const box = document.createElement("span");
  box.className = "range";
  const { control } = input.dataset;
  if (control) box.dataset.control = control;
  delete input.dataset.control;
  input.replaceWith(box);
  box.append(input);
  let before = "";
  const follow = (/** @type {number} */ x) => {
    const share = (x - THUMB / 2) / (box.clientWidth - THUMB);
    const [low, high] = [Number(input.min), Number(input.max)];
    const was = input.value;
    // The browser rounds it to a step and keeps it in the range.
    input.value = String(low + share * (high - low));
    if (input.value !== was) input.dispatchEvent(new Event("input", { bubbles: true }));
  };
  onPointer(box, {
    press: (x) => {
      before = input.value;
      input.focus({ preventScroll: true });
      follow(x);
    },
    drag: follow,
    release: () => {
      if (input.value !== before) input.dispatchEvent(new Event("change", { bubbles: true }));
    },
  });
  // Else the browser would take the focus away again.
  box.addEventListener("mousedown", (event) => event.preventDefault());
  return box;
}
