// The Gaussian fitted to many codes, from which random ones are drawn.

import { inPieces } from "../pieces.mjs";

/**
 * Its mean (d), and the lower triangle of a matrix (d × d, row by row) that makes standard normal noise vary as the codes do:
 * factor · factorᵀ is their covariance.
 * @typedef {{mean: Float64Array, factor: Float64Array}} Gaussian
 */

const BLOCK = 500; // codes whose products are summed at once
const JITTER = 1e-9; // of the mean variance, added to each: inactive latents make the covariance singular

/**
 * Fit one. A thousand latents take some seconds, in which the page goes on.
 * @param {Float32Array} codes one after another @param {number} dim latents @returns {Promise<Gaussian>}
 */
export async function fitGaussian(codes, dim) {
  const mean = meanOf(codes, dim);
  const factor = await covarianceOf(codes, dim, mean);
  let trace = 0;
  for (let k = 0; k < dim; k += 1) trace += factor[k * dim + k];
  const jitter = JITTER * Math.max(trace / dim, 1e-12);
  for (let k = 0; k < dim; k += 1) factor[k * dim + k] += jitter;
  await inRows(dim, (row) => factorRow(factor, dim, row));
  return { mean, factor };
}

/** @param {Float32Array} codes @param {number} dim @returns {Float64Array} */
function meanOf(codes, dim) {
  const mean = new Float64Array(dim);
  for (let at = 0; at < codes.length; at += dim) for (let k = 0; k < dim; k += 1) mean[k] += codes[at + k];
  return mean.map((sum) => (sum * dim) / codes.length);
}

/** Its lower triangle, as `numpy.cov` has it. @param {Float32Array} codes @param {number} dim @param {Float64Array} mean */
async function covarianceOf(codes, dim, mean) {
  const count = codes.length / dim;
  const found = new Float64Array(dim * dim);
  const block = new Float64Array(dim * BLOCK);
  await inRows(dim * Math.ceil(count / BLOCK), (step) => {
    const first = BLOCK * Math.floor(step / dim);
    const size = Math.min(BLOCK, count - first);
    const row = step % dim;
    if (row === 0) centre(codes.subarray(first * dim, (first + size) * dim), mean, block);
    addRow(found.subarray(row * dim, (row + 1) * dim), block, row, size);
  });
  return found.map((sum) => sum / (count - 1));
}

/** Codes less their mean, latent by latent, so that what is multiplied lies side by side. @param {Float32Array} codes @param {Float64Array} mean @param {Float64Array} block */
function centre(codes, mean, block) {
  const dim = mean.length;
  for (let at = 0, i = 0; at < codes.length; at += dim, i += 1) {
    for (let k = 0; k < dim; k += 1) block[k * BLOCK + i] = codes[at + k] - mean[k];
  }
}

/**
 * The products of one latent with those up to itself, summed over a block; four at a time, which is faster.
 * @param {Float64Array} sums @param {Float64Array} block @param {number} row @param {number} size
 */
function addRow(sums, block, row, size) {
  const a = row * BLOCK;
  let k = 0;
  for (; k + 3 <= row; k += 4) {
    const [b, c, d, e] = [k, k + 1, k + 2, k + 3].map((other) => other * BLOCK);
    let [first, second, third, fourth] = [0, 0, 0, 0];
    for (let i = 0; i < size; i += 1) {
      const value = block[a + i];
      first += value * block[b + i];
      second += value * block[c + i];
      third += value * block[d + i];
      fourth += value * block[e + i];
    }
    sums[k] += first;
    sums[k + 1] += second;
    sums[k + 2] += third;
    sums[k + 3] += fourth;
  }
  for (; k <= row; k += 1) sums[k] += dot(block, a, k * BLOCK, size);
}

/** A row of the Cholesky factor in place of the matrix's, once those above it are there. @param {Float64Array} matrix @param {number} dim @param {number} row */
function factorRow(matrix, dim, row) {
  const start = row * dim;
  for (let k = 0; k <= row; k += 1) {
    const rest = matrix[start + k] - dot(matrix, start, k * dim, k);
    matrix[start + k] = k === row ? Math.sqrt(rest) : rest / matrix[k * dim + k];
  }
}

/** Σ of the products of two stretches. @param {Float64Array} values @param {number} a @param {number} b @param {number} length */
function dot(values, a, b, length) {
  let sum = 0;
  for (let at = 0; at < length; at += 1) sum += values[a + at] * values[b + at];
  return sum;
}

/** @param {number} count @param {(row: number) => void} work */
function inRows(count, work) {
  const rows = async (/** @type {number} */ start, /** @type {number} */ end) => {
    for (let row = start; row < end; row += 1) work(row);
  };
  return inPieces(count, rows, () => true);
}
