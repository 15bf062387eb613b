// Points between two codes: on the straight line and on the arc.

import { dot } from "./plane.mjs";

/**
 * The straight line from a to b.
 * @param {ArrayLike<number>} a @param {ArrayLike<number>} b @param {number} t 0 to 1
 * @param {Float32Array} out
 */
export function lerp(a, b, t, out) {
  for (let k = 0; k < out.length; k += 1) out[k] = (1 - t) * a[k] + t * b[k];
}

/**
 * Spherical interpolation (Shoemake 1985) of the direction, while the length changes linearly from |a| to |b|.
 * Where a direction is undefined (a zero code, or opposite codes) it is the straight line.
 * @param {ArrayLike<number>} a @param {ArrayLike<number>} b @param {number} t 0 to 1
 * @param {Float32Array} out
 */
export function slerp(a, b, t, out) {
  const lengthA = Math.sqrt(dot(a, a));
  const lengthB = Math.sqrt(dot(b, b));
  const cosine = dot(a, b) / (lengthA * lengthB);
  const angle = Math.acos(Math.min(1, Math.max(-1, cosine)));
  if (!(Math.sin(angle) > 1e-6)) {
    lerp(a, b, t, out);
    return;
  }
  const length = (1 - t) * lengthA + t * lengthB;
  const shareA = (Math.sin((1 - t) * angle) / Math.sin(angle)) * (length / lengthA);
  const shareB = (Math.sin(t * angle) / Math.sin(angle)) * (length / lengthB);
  for (let k = 0; k < out.length; k += 1) out[k] = shareA * a[k] + shareB * b[k];
}
