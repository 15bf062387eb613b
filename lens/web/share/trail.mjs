// The trail of a laser pointer: where it was during the last moments, and how much of each place is left.

export const LIFE = 700; // ms until a place has faded
export const REST = 2500; // ms until the dot itself goes

/** @typedef {{x: number, y: number, time: number}} Place  in CSS pixels and ms */

/** @typedef {{from: Place, to: Place, left: number}} Stroke  `left` is 1 for a fresh one, 0 when it is gone */

/**
 * The strokes that are still seen, the oldest first.
 * @param {Place[]} places @param {number} now @returns {Stroke[]}
 */
export function strokes(places, now) {
  const found = [];
  for (let i = 1; i < places.length; i += 1) {
    const left = 1 - (now - places[i].time) / LIFE;
    if (left > 0) found.push({ from: places[i - 1], to: places[i], left: Math.min(1, left) });
  }
  return found;
}

/** How much of the dot is seen: all of it until it has rested, then less and less. @param {number} rested ms @returns {number} */
export function dot(rested) {
  return Math.min(1, Math.max(0, (REST - rested) / 400));
}

/** The places that can still matter. @param {Place[]} places @param {number} now @returns {Place[]} */
export function recent(places, now) {
  const first = places.findIndex((place) => now - place.time < LIFE);
  // The last one is where the dot is, and a stroke begins one place before it is young.
  return first < 0 ? places.slice(-1) : places.slice(Math.max(0, first - 1));
}
