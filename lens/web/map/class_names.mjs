// The names of the classes, written on a map where their points are.

const CELLS = 40; // along each edge of the square on which points are counted
const SPREAD = 2; // cells on each side over which a count is averaged
const SMALLEST = 14; // height of the letters in CSS pixels, where 1 rem is 16
const LARGEST = 22;
const KEPT = 1.3; // how much denser another place must be for a name to leave the one that it had

/** @typedef {[number, number]} Pixel  CSS pixels from the map's top left */

/** Left, top, right and bottom. @typedef {[number, number, number, number]} Box */

/**
 * @typedef {object} Layout
 * @property {number} size  side of the map
 * @property {number} gap  least distance of two names
 * @property {number} margin  and from the edges
 * @property {(Pixel | null)[]} before  where the names were
 * @property {Box} taken  kept free
 */

export class ClassNames {
  constructor() {
    /** Where they were written last, in the plane. @type {(import("../maths/plane.mjs").Place | null)[]} */
    this.places = [];
  }

  /**
   * @param {CanvasRenderingContext2D} context @param {import("./viewport.mjs").Viewport} viewport
   * @param {Float32Array} x of each point, in pixels @param {Float32Array} y
   * @param {import("./latent_map.mjs").Props} props @param {import("../theme.mjs").Theme} theme
   * @param {Box} taken is kept free
   */
  draw(context, viewport, x, y, { classes, classNames, visibleClasses }, theme, taken) {
    const { size } = viewport;
    const names = shortNames(classNames);
    const letters = Math.max(0, ...names.map((name) => name.length));
    if (!letters) return;
    const height = theme.type * Math.min(LARGEST, Math.max(SMALLEST, size / 26));
    const gap = height * Math.max(1.25, 0.7 * letters);
    const visible = visibleClasses.slice(0, names.length);
    const before = visible.map((_, label) => {
      const place = this.places[label];
      return place ? viewport.toPixels(...place) : null;
    });
    const layout = { size, gap, margin: gap / 2, before, taken };
    const places = namePlaces(x, y, classes, visible, layout);
    this.places = places.map((place) => place && viewport.fromPixels(...place));
    context.font = `700 ${height}px sans-serif`;
    context.textAlign = "center";
    context.textBaseline = "middle";
    context.lineJoin = "round";
    context.lineWidth = height / 3.2;
    context.strokeStyle = theme.ground;
    context.fillStyle = theme.text;
    places.forEach((place, label) => {
      if (!place) return;
      // Capitals and digits sit a little high on the middle line.
      context.strokeText(names[label], place[0], place[1] + height / 14);
      context.fillText(names[label], place[0], place[1] + height / 14);
    });
    context.textAlign = "start";
    context.textBaseline = "alphabetic";
  }
}

/**
 * Where each class's name is written: at its densest place in view, the more so where it is alone there, apart from
 * the names of other classes.
 * @param {Float32Array} x of each point, in pixels @param {Float32Array} y
 * @param {ArrayLike<number>} classes @param {boolean[]} visible
 * @param {Layout} layout
 * @returns {(Pixel | null)[]} one for each class; null where none of it is in view or no room is left
 */
export function namePlaces(x, y, classes, visible, { size, gap, margin, before, taken }) {
  const counts = visible.map(() => new Float32Array(CELLS * CELLS));
  const cell = size / CELLS;
  for (let i = 0; i < x.length; i += 1) {
    const label = classes[i];
    const column = Math.floor(x[i] / cell);
    const row = Math.floor(y[i] / cell);
    if (!visible[label] || column < 0 || row < 0 || column >= CELLS || row >= CELLS) continue;
    counts[label][row * CELLS + column] += 1;
  }
  const density = counts.map(blurred);
  const all = new Float32Array(CELLS * CELLS);
  for (const each of density) each.forEach((value, k) => (all[k] += value));
  const inside = (/** @type {number} */ k) => {
    const [px, py] = [((k % CELLS) + 0.5) * cell, (Math.floor(k / CELLS) + 0.5) * cell];
    if (Math.min(px, py) < margin || Math.max(px, py) > size - margin) return false;
    return px < taken[0] || px > taken[2] || py < taken[1] || py > taken[3];
  };
  const scores = density.map((each, label) => {
    const kept = before[label];
    const old = kept && Math.floor(kept[1] / cell) * CELLS + Math.floor(kept[0] / cell);
    return each.map((value, k) => (value && inside(k) ? (value * value * (k === old ? KEPT : 1)) / all[k] : 0));
  });
  const best = scores.map((each) => each.reduce((most, value) => Math.max(most, value), 0));
  /** @type {(Pixel | null)[]} */
  const found = visible.map(() => null);
  // The class that stands out most is placed first.
  const order = best.map((_, label) => label).sort((a, b) => best[b] - best[a]);
  for (const label of order) {
    let at = -1;
    let score = 0;
    scores[label].forEach((value, k) => {
      if (value <= score) return;
      const [px, py] = [((k % CELLS) + 0.5) * cell, (Math.floor(k / CELLS) + 0.5) * cell];
      if (found.some((other) => other && Math.hypot(other[0] - px, other[1] - py) < gap)) return;
      [at, score] = [k, value];
    });
    if (at >= 0) found[label] = [((at % CELLS) + 0.5) * cell, (Math.floor(at / CELLS) + 0.5) * cell];
  }
  return found;
}

/** Counts averaged over a square of cells around each. @param {Float32Array} counts */
function blurred(counts) {
  const along = (/** @type {Float32Array} */ from, /** @type {number} */ stride, /** @type {number} */ other) => {
    const to = new Float32Array(CELLS * CELLS);
    for (let line = 0; line < CELLS; line += 1) {
      for (let k = 0; k < CELLS; k += 1) {
        let sum = 0;
        for (let j = Math.max(0, k - SPREAD); j <= Math.min(CELLS - 1, k + SPREAD); j += 1) sum += from[line * other + j * stride];
        to[line * other + k * stride] = sum / (2 * SPREAD + 1);
      }
    }
    return to;
  };
  return along(along(counts, 1, CELLS), CELLS, 1);
}

/** Names short enough for a map: those of one letter as they are, else their first letters. @param {string[]} names @returns {string[]} */
export function shortNames(names) {
  let length = names.every((name) => name.length === 1) ? 1 : 3;
  const longest = Math.max(0, ...names.map((name) => name.length));
  while (length < longest && new Set(names.map((name) => name.slice(0, length))).size < new Set(names).size) length += 1;
  return names.map((name) => name.slice(0, length));
}
