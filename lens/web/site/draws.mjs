// Random codes below a comparison, as ui/random_codes.py chooses them in the app.

/** @typedef {import("../contract").Draws} Draws */

/**
 * Those of the models compared; where none has more than two latents, those of the usual pair, which shows more.
 * @param {import("./pages.mjs").Models} known @param {string[]} keys of the models compared
 * @returns {Draws}
 */
export function drawsFor({ models, dataset, draws }, keys) {
  const chosen = keys.map((key) => models[key]);
  if (draws && chosen.every(({ model }) => model.latent_dim <= 2)) return draws;
  const labelled = chosen.map(({ model, sized }) => ({ ...model, label: sized }));
  return { view: "draws", base: "", models: labelled, plural: dataset.plural };
}
