// Where the points of a class lie on a map, and how many of them are near a place.

/** @typedef {import("./plane.mjs").Place} Place */

/** @typedef {{u: Float32Array, v: Float32Array}} Points */

/**
 * The mean of the points of a class.
 * @param {Points} points @param {ArrayLike<number>} classes one a point @param {number} wanted @returns {Place}
 */
export function centreOf({ u, v }, classes, wanted) {
  let [across, up, count] = [0, 0, 0];
  for (let i = 0; i < u.length; i += 1) {
    if (classes[i] !== wanted) continue;
    across += u[i];
    up += v[i];
    count += 1;
  }
  return [across / count, up / count];
}

/**
 * How many points of a class are within an ellipse, and how many there are.
 * @param {Points} points @param {ArrayLike<number>} classes @param {number} wanted
 * @param {Place} centre @param {Place} radii along the two axes @returns {{near: number, all: number}}
 */
export function countNear({ u, v }, classes, wanted, centre, radii) {
  let [near, all] = [0, 0];
  for (let i = 0; i < u.length; i += 1) {
    if (classes[i] !== wanted) continue;
    all += 1;
    if (Math.hypot((u[i] - centre[0]) / radii[0], (v[i] - centre[1]) / radii[1]) <= 1) near += 1;
  }
  return { near, all };
}
