// The codes of all test images as a CSV file, for a spreadsheet or pandas.

const PIECE = 5000; // numbers that are written before the page gets its turn: less than 8 ms

/**
 * @typedef {object} Codes
 * @property {number} dim  latents, d
 * @property {Float32Array} means  (N, d): the codes, for a VAE their means μ
 * @property {Float32Array | null} logVars  (N, d): log σ², for a VAE only
 * @property {Uint8Array} labels  (N,)
 */

/**
 * One line for each image: index, label, split, z1 to zd and, with a posterior, sigma1 to sigmad.
 *
 * Nine digits bring back the very float32 number.
 * @param {Codes} codes
 * @param {() => Promise<unknown>} [pause] lets the page do something else
 * @returns {Promise<Blob>}
 */
export async function codesCsv({ dim, means, logVars, labels }, pause = () => new Promise((resume) => setTimeout(resume))) {
  const numbered = (/** @type {string} */ name) => Array.from({ length: dim }, (_, k) => `${name}${k + 1}`);
  const parts = [`${["index", "label", "split", ...numbered("z"), ...(logVars ? numbered("sigma") : [])].join(",")}\n`];
  const rows = Math.ceil(PIECE / (dim * (logVars ? 2 : 1)));
  for (let start = 0; start < labels.length; start += rows) {
    let text = "";
    for (let i = start; i < Math.min(start + rows, labels.length); i += 1) {
      text += `${i},${labels[i]},test`;
      for (let k = i * dim; k < (i + 1) * dim; k += 1) text += `,${written(means[k])}`;
      if (logVars) for (let k = i * dim; k < (i + 1) * dim; k += 1) text += `,${written(Math.exp(logVars[k] / 2))}`;
      text += "\n";
    }
    parts.push(text);
    await pause();
  }
  return new Blob(parts, { type: "text/csv" });
}

/** @param {number} value @returns {string} */
function written(value) {
  return String(Number(value.toPrecision(9)));
}
