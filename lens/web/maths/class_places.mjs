// Where the classes lie on a map, in words.

const PLACES = [
  ["at the lower left", "at the bottom", "at the lower right"],
  ["on the left", "in the middle", "on the right"],
  ["at the upper left", "at the top", "at the upper right"],
];

/** @typedef {{u: Float32Array, v: Float32Array}} Points */

/**
 * Each class's place among all points, by thirds: one is on the left if its median is in the left third of all.
 * @param {Points} points @param {ArrayLike<number>} classes @param {number} count of classes
 * @returns {string[]} such as "at the lower right"; "" for a class without points
 */
export function placesInWords({ u, v }, classes, count) {
  const across = thirds(u, classes, count);
  const up = thirds(v, classes, count);
  return across.map((x, label) => (x === null ? "" : PLACES[1 + (up[label] ?? 0)][1 + x]));
}

/**
 * In which third of all values each class has its median: -1, 0 or 1; null without one.
 * @param {Float32Array} values @param {ArrayLike<number>} classes @param {number} count @returns {(number | null)[]}
 */
function thirds(values, classes, count) {
  const sorted = values.slice().sort();
  const [low, high] = [sorted[Math.floor(sorted.length / 3)], sorted[Math.floor((2 * sorted.length) / 3)]];
  return Array.from({ length: count }, (_, label) => {
    const own = values.filter((_, i) => classes[i] === label).sort();
    if (!own.length) return null;
    const median = own[Math.floor(own.length / 2)];
    return median < low ? -1 : median > high ? 1 : 0;
  });
}

/**
 * The sentence for a map. @param {string[]} names of the classes @param {string[]} places of them, as from `placesInWords`
 * @returns {string} "The 0s lie on the left; the 1s and 7s at the lower right."
 */
export function describePlaces(names, places) {
  const digits = names.every((name) => name.length === 1);
  /** @type {Map<string, string[]>} */
  const groups = new Map();
  places.forEach((place, label) => {
    if (place) groups.set(place, [...(groups.get(place) ?? []), digits ? `${names[label]}s` : names[label]]);
  });
  const parts = [...groups].map(([place, members], k) => {
    const verb = k ? "" : digits || members.length > 1 ? " lie" : " lies";
    return `${digits ? "the " : ""}${listed(members)}${verb} ${place}`;
  });
  const sentence = parts.join("; ");
  return sentence && `${sentence[0].toUpperCase()}${sentence.slice(1)}.`;
}

/** @param {string[]} words "a, b and c" */
function listed(words) {
  return words.length < 2 ? words.join("") : `${words.slice(0, -1).join(", ")} and ${words[words.length - 1]}`;
}
