// What Explore and Compare both say of a map and of a z that was chosen on it.

export const FROM_YOU = "This z comes from you";

/**
 * How a map shows codes of more than two latents.
 * @param {number | string} latents how many; "10 or 16" where maps of both are on show
 * @returns {string} with terms of the glossary
 */
export function onePlane(latents) {
  return `seen along their two leading [principal directions](pca). Dragging moves z in these two of ${latents} directions only`;
}
