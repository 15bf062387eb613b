// Ellipses of two-dimensional normal distributions.

/** @typedef {import("./plane.mjs").Place} Place */

/** A covariance: of u, of u and v, of v. @typedef {[number, number, number]} Covariance */

const STEPS = 48; // sides of the polygon that stands for an ellipse

/**
 * The covariance of independent latents once their codes (rows) are multiplied by a matrix.
 * @param {ArrayLike<number>} logVar log σ² of both latents @param {number[][]} turn 2 × 2 @returns {Covariance}
 */
export function turnedCovariance(logVar, [[a, b], [c, d]]) {
  const [first, second] = [Math.exp(logVar[0]), Math.exp(logVar[1])];
  return [a * a * first + c * c * second, a * b * first + c * d * second, b * b * first + d * d * second];
}

/**
 * The closed polygon of all points at a Mahalanobis distance from the mean.
 * @param {Place} mean @param {Covariance} covariance @param {number} distance such as 1, for 1 σ
 * @returns {Float32Array} u and v of each corner in turn, the first once more at the end
 */
export function ellipse([u, v], [uu, uv, vv], distance) {
  // The lower Cholesky factor takes a circle there.
  const across = Math.sqrt(uu);
  const slope = across > 0 ? uv / across : 0;
  const up = Math.sqrt(Math.max(0, vv - slope * slope));
  const points = new Float32Array(2 * (STEPS + 1));
  for (let step = 0; step <= STEPS; step += 1) {
    const angle = (2 * Math.PI * (step % STEPS)) / STEPS;
    const [x, y] = [distance * Math.cos(angle), distance * Math.sin(angle)];
    points[2 * step] = u + across * x;
    points[2 * step + 1] = v + slope * x + up * y;
  }
  return points;
}
