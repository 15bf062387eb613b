// Numbers of a lesson's words, computed from the bundles when they are shown.

import { reason } from "../view.mjs";

/** @typedef {(expression: string) => Promise<string>} Compute  such as "legible vae-16" to "85 %" */

/**
 * Fill the places of numbers in an element. Until a number is known, dots keep its room.
 * @param {HTMLElement} root @param {Compute} compute
 * @returns {Promise<void>} once all are known
 */
export async function fillMeasures(root, compute) {
  const places = /** @type {NodeListOf<HTMLDataElement>} */ (root.querySelectorAll("data.measure"));
  await Promise.all(
    [...places].map(async (place) => {
      place.textContent = "…";
      place.setAttribute("aria-busy", "true");
      try {
        place.textContent = await compute(place.value);
      } catch (error) {
        place.textContent = "–";
        place.title = reason(error);
      }
      place.removeAttribute("aria-busy");
    }),
  );
}
