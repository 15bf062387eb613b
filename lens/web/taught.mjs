// The views that a lesson can be laid over.

/** @typedef {import("./view.mjs").View<any, any, any>} AnyView */

/** @typedef {() => Promise<{default: new (root: HTMLElement) => AnyView}>} Loading */

/** @type {Record<string, Loading>} */
export const taught = {
  anomalies: () => import("./views/anomalies.mjs"),
  beta: () => import("./views/beta.mjs"),
  compare: () => import("./views/compare.mjs"),
  draws: () => import("./views/draws.mjs"),
  explore: () => import("./views/explore.mjs"),
  interpolate: () => import("./views/interpolate.mjs"),
  reconstruct: () => import("./views/reconstruct.mjs"),
};
