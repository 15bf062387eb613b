// Measures of anomaly detectors, from the scores that they gave.

import { sharesAbove } from "../../widgets/threshold.mjs";

/** @typedef {import("./source.mjs").Source} Source */

/**
 * The share of the anomalous images that are flagged by the lowest threshold that flags at most this share of the normal ones.
 * @param {Source} source @param {string} name @param {string} rate
 */
export async function found(source, name, rate) {
  const { normal, anomalous } = source.detector(name);
  const place = sharesAbove(normal).findIndex((share) => share <= Number(rate));
  return sharesAbove(anomalous)[place];
}

/** The area under the ROC curve. @param {Source} source @param {string} name */
export async function auroc(source, name) {
  return source.detector(name).auroc;
}
