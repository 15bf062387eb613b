// What an image costs a model: the terms of its objective, sums over the 784 pixels and over the latents.

/** @typedef {import("../contract").Objective} Objective */

/**
 * Binary cross-entropy -Σ x log p + (1 - x) log(1 - p) with p = sigmoid(logit), in nats; finite where p rounds to 0 or 1.
 * @param {ArrayLike<number>} logits @param {ArrayLike<number>} image grey levels, 0 to 1 @returns {number}
 */
export function crossEntropy(logits, image) {
  let sum = 0;
  for (let k = 0; k < image.length; k += 1) {
    const logit = logits[k];
    sum += Math.max(logit, 0) - image[k] * logit + Math.log1p(Math.exp(-Math.abs(logit)));
  }
  return sum;
}

/**
 * Σ (x̂ - x)².
 * @param {ArrayLike<number>} decoded grey levels @param {ArrayLike<number>} image @returns {number} squared grey levels
 */
export function squaredError(decoded, image) {
  let sum = 0;
  for (let k = 0; k < image.length; k += 1) sum += (decoded[k] - image[k]) ** 2;
  return sum;
}

/**
 * Σ |x̂ - x|.
 * @param {ArrayLike<number>} decoded grey levels @param {ArrayLike<number>} image @returns {number} grey levels
 */
export function absoluteError(decoded, image) {
  let sum = 0;
  for (let k = 0; k < image.length; k += 1) sum += Math.abs(decoded[k] - image[k]);
  return sum;
}

/**
 * The reconstruction term that a model was trained on.
 * @param {Objective["loss"]} loss
 * @param {ArrayLike<number>} decoded grey levels @param {ArrayLike<number> | null} logits before the sigmoid, for "bce"
 * @param {ArrayLike<number>} image grey levels, 0 to 1 @returns {number}
 */
export function reconstructionError(loss, decoded, logits, image) {
  if (loss === "mse") return squaredError(decoded, image);
  if (loss === "l1") return absoluteError(decoded, image);
  if (!logits) throw new Error("cross-entropy needs the logits of the decoded image");
  return crossEntropy(logits, image);
}

/**
 * KL(N(μ, σ²) ‖ N(0, 1)) = ½ (μ² + σ² - 1 - log σ²) of each latent (Kingma & Welling 2014, appendix B).
 * @param {ArrayLike<number>} mean @param {ArrayLike<number>} logVar log σ² @returns {Float64Array} nats
 */
export function klOfLatents(mean, logVar) {
  return Float64Array.from(mean, (value, k) => 0.5 * (value ** 2 + Math.exp(logVar[k]) - 1 - logVar[k]));
}

/** @param {ArrayLike<number>} values @returns {number} */
export function total(values) {
  let sum = 0;
  for (let k = 0; k < values.length; k += 1) sum += values[k];
  return sum;
}
