// A model whose codes are turned so that they lie near those of the models beside it, with all that the view shows of it.

import { lerp } from "../maths/interpolation.mjs";
import { turnedCovariance } from "../maths/ellipse.mjs";
import { leaseModel } from "../model/model.mjs";

/** @typedef {import("../contract").BetaModel} Entry */

/** @typedef {import("../model/model.mjs").Model} Model */

/** @typedef {import("../model/dataset.mjs").Dataset} Dataset */

/** @typedef {import("../maths/plane.mjs").Place} Place */

/** @typedef {import("../maths/ellipse.mjs").Covariance} Covariance */

export const CELLS = 9; // along each edge of the manifold
export const EXTENT = 2; // the manifold reaches from -2 to 2, where 91 % of the prior's draws lie
const BATCH = 9; // decoded at once: short enough to keep a drag smooth
const WITHIN = 0.995; // share of the codes that its map shows
const LEAST = 3.2; // a map shows the prior's circle and what lies about it

/** A picture of points: what a map shows of one model, or between two. */
export class Layout {
  /** @param {Float32Array} u of each test image @param {Float32Array} v @param {number} reach half the side of its map */
  constructor(u, v, reach) {
    this.u = u;
    this.v = v;
    this.reach = reach;
    /** Of the posteriors of the examples. @type {{mean: Place, covariance: Covariance}[]} */
    this.posteriors = [];
  }

  /**
   * Fill this one with what lies between two others.
   * @param {Layout} from @param {Layout} to @param {number} share 0 to 1
   */
  between(from, to, share) {
    lerp(from.u, to.u, share, this.u);
    lerp(from.v, to.v, share, this.v);
    // By equal factors, since reaches differ by a factor.
    this.reach = from.reach * (to.reach / from.reach) ** share;
    const mix = (/** @type {number} */ a, /** @type {number} */ b) => a + share * (b - a);
    this.posteriors = from.posteriors.map(({ mean, covariance }, k) => {
      const end = to.posteriors[k];
      return {
        mean: /** @type {Place} */ (mean.map((value, axis) => mix(value, end.mean[axis]))),
        covariance: /** @type {Covariance} */ (covariance.map((value, axis) => mix(value, end.covariance[axis]))),
      };
    });
    return this;
  }
}

/** All that is shown of one model; its decoder isn't needed any more. */
export class AlignedModel {
  /** @param {Entry} entry @param {Layout} layout @param {Float32Array} examples 784 grey levels each @param {Float32Array} manifold row by row */
  constructor(entry, layout, examples, manifold) {
    this.entry = entry;
    this.layout = layout;
    this.examples = examples;
    this.manifold = manifold;
  }
}

/**
 * Fetch a model, and decode what is shown of it in short pieces.
 * @param {string} base @param {Entry} entry @param {Dataset} dataset @param {() => boolean} wanted false once it no longer is
 * @returns {Promise<AlignedModel | null>}
 */
export async function readAligned(base, entry, dataset, wanted) {
  const lease = leaseModel(base, entry);
  try {
    const model = await lease.model;
    const layout = layOut(model, entry, dataset);
    const { example_images: examples } = dataset.entry;
    const codes = new Float32Array(2 * (examples.length + CELLS * CELLS));
    examples.forEach((i, k) => codes.set(model.code(i), 2 * k));
    codes.set(manifoldCodes(entry.turn), 2 * examples.length);
    const images = new Float32Array((784 * codes.length) / 2);
    for (let start = 0; start < codes.length; start += 2 * BATCH) {
      const part = codes.subarray(start, start + 2 * BATCH);
      images.set(await model.decode(part), (784 * start) / 2);
      await new Promise((resume) => setTimeout(resume));
      if (!wanted()) return null;
    }
    return new AlignedModel(entry, layout, images.subarray(0, 784 * examples.length), images.subarray(784 * examples.length));
  } finally {
    lease.end();
  }
}

/** @param {Model} model @param {Entry} entry @param {Dataset} dataset */
function layOut({ codes, count, logVars }, { turn }, dataset) {
  const [[a, b], [c, d]] = turn;
  const [u, v] = [new Float32Array(count), new Float32Array(count)];
  const lengths = new Float32Array(count);
  for (let i = 0; i < count; i += 1) {
    const [x, y] = [codes[2 * i], codes[2 * i + 1]];
    u[i] = a * x + c * y;
    v[i] = b * x + d * y;
    lengths[i] = Math.hypot(x, y);
  }
  lengths.sort();
  const layout = new Layout(u, v, Math.max(LEAST, 1.05 * lengths[Math.floor(WITHIN * (count - 1))]));
  if (logVars) {
    layout.posteriors = dataset.entry.example_images.map((i) => ({
      mean: [u[i], v[i]],
      covariance: turnedCovariance(logVars.subarray(2 * i, 2 * i + 2), turn),
    }));
  }
  return layout;
}

/** The codes of the manifold's cells, row by row from the top left. @param {number[][]} turn @returns {Float32Array} */
export function manifoldCodes([[a, b], [c, d]]) {
  const codes = new Float32Array(2 * CELLS * CELLS);
  for (let k = 0; k < CELLS * CELLS; k += 1) {
    const along = (/** @type {number} */ place) => EXTENT * ((2 * place) / (CELLS - 1) - 1);
    const [u, v] = [along(k % CELLS), -along(Math.floor(k / CELLS))];
    // The transpose turns back.
    codes[2 * k] = a * u + b * v;
    codes[2 * k + 1] = c * u + d * v;
  }
  return codes;
}
