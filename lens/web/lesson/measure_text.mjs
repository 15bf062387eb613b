// Numbers in a lesson's words, computed from the bundles when they are shown.

import { reason } from "../view.mjs";
import { measure, written } from "./measures/measure.mjs";

/**
 * Fill the places of numbers in an element that have none yet. Until a number is known, dots keep its room.
 * @param {ParentNode} root
 * @param {import("./measures/measure.mjs").Context} context
 * @param {() => boolean} current false once the words are no longer on show
 */
export async function fillMeasures(root, context, current) {
  const places = /** @type {NodeListOf<HTMLDataElement>} */ (root.querySelectorAll("data.measure:not([data-known])"));
  await Promise.all([...places].map((place) => fill(place, context, current)));
}

/** @param {HTMLDataElement} place @param {import("./measures/measure.mjs").Context} context @param {() => boolean} current */
async function fill(place, context, current) {
  place.dataset.known = "soon";
  try {
    place.textContent = written(place.value).replaceAll(/[\p{L}\p{N}]/gu, "·");
    place.setAttribute("aria-busy", "true");
    const words = await measure(place.value, context, current);
    // Given up: another showing asks again.
    if (words === null) delete place.dataset.known;
    else place.textContent = words;
  } catch (error) {
    place.textContent = "–";
    place.title = reason(error);
  }
  place.removeAttribute("aria-busy");
}
