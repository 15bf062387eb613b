// Numbers in the glossary's sentences, such as "{kl vae-2}": measured when they come into view, like a lesson's.

import { fillMeasures } from "../lesson/measure_text.mjs";

/** @typedef {import("./figure.mjs").Context} Context */

/**
 * A sentence with places for its numbers.
 * @param {string} sentence @returns {(string | HTMLDataElement)[]}
 */
export function pieces(sentence) {
  return sentence.split(/(\{[^}]+\})/).map((piece) => {
    if (!piece.startsWith("{")) return piece;
    const place = document.createElement("data");
    place.className = "measure";
    place.value = piece.slice(1, -1);
    place.textContent = "…";
    return place;
  });
}

/** Measure the numbers in an element. @param {HTMLElement} root @param {Context} context */
export function fill(root, { base, models, detectors, words: dataset }) {
  return fillMeasures(root, { base, models, detectors, dataset }, () => root.isConnected);
}
