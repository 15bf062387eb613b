// Pictures of the glossary that are rows of images: test images, and what models make of them and of random codes.

import { CORRUPTIONS } from "../maths/corruption.mjs";
import { drawCode } from "../maths/draws.mjs";
import { lerp, slerp } from "../maths/interpolation.mjs";
import { generator, noiseFor } from "../maths/noise.mjs";
import { codeAt } from "../maths/plane.mjs";
import { sample } from "../maths/posterior.mjs";
import { codesAlong, rangeOf } from "../maths/traversal.mjs";
import { fittedTo } from "../model/fitted.mjs";
import { distributionOf } from "../model/legible_share.mjs";

/** @typedef {import("./figure.mjs").Context} Context */

/** @typedef {import("../model/model.mjs").Model} Model */

/**
 * One kind of picture.
 * @typedef {object} Row
 * @property {number} columns
 * @property {number} rows
 * @property {boolean} model  whether its words name one
 * @property {boolean} [signed]  whether the images are differences
 * @property {string} says  what it shows, for screen readers
 * @property {(context: Context, words: string[]) => Promise<Float32Array>} levels  784 grey levels an image
 */

const COLUMNS = 10;
const SEED = 5;
const LEVEL = 0.4; // of noise
const ENDS = [51, 110]; // test digits at both ends of a way: a 3 and an 8

/** @type {Record<string, (a: ArrayLike<number>, b: ArrayLike<number>, t: number, out: Float32Array) => void>} */
const WAYS = { straight: lerp, spherical: slerp, fade: lerp };

/** By name. @type {Record<string, Row>} */
export const ROWS = {
  digits: {
    columns: COLUMNS, rows: 2, model: false, says: "twenty test digits",
    levels: async ({ dataset }) => joined(numbers(2 * COLUMNS).map((i) => dataset.greyLevels(i))),
  },
  pairs: {
    columns: COLUMNS, rows: 2, model: true, says: "ten test digits, and below them their reconstructions",
    levels: async ({ dataset, model }, [name]) => {
      const found = await model(name);
      const shown = dataset.entry.example_images;
      const originals = shown.map((i) => dataset.greyLevels(i));
      return joined([...originals, await found.decode(joined(shown.map((i) => found.code(i))))]);
    },
  },
  difference: {
    columns: COLUMNS, rows: 1, model: true, signed: true, says: "what ten reconstructions lack and what they invent",
    levels: async ({ dataset, model }, [name]) => {
      const found = await model(name);
      const shown = dataset.entry.example_images;
      const originals = joined(shown.map((i) => dataset.greyLevels(i)));
      const decoded = await found.decode(joined(shown.map((i) => found.code(i))));
      return decoded.map((level, at) => level - originals[at]);
    },
  },
  draws: {
    columns: COLUMNS, rows: 2, model: true, says: "twenty random codes, decoded",
    levels: async ({ model }, [name]) => {
      const found = await model(name);
      const random = generator(SEED);
      const fitted = await fittedTo(found, distributionOf(found));
      return found.decode(joined(numbers(2 * COLUMNS).map(() => drawCode(found.dim, fitted, random))));
    },
  },
  samples: {
    columns: COLUMNS, rows: 1, model: true, says: "ten samples of one posterior, decoded",
    levels: async ({ model, dataset }, [name]) => {
      const found = await model(name);
      const i = dataset.entry.example_images[2];
      const [mean, logVar] = [found.code(i), found.logVar(i)];
      if (!logVar) throw new Error(`${name} has no posterior`);
      const random = generator(SEED);
      return found.decode(joined(numbers(COLUMNS).map(() => sample(mean, logVar, random))));
    },
  },
  traversal: {
    columns: COLUMNS, rows: 1, model: true, says: "ten images along one latent",
    levels: async ({ model }, [name]) => along(await model(name), (space) => space.order[0]),
  },
  inactive: {
    columns: COLUMNS, rows: 1, model: true, says: "ten images along a collapsed latent: all alike",
    levels: async ({ model }, [name]) => along(await model(name), (space) => space.inactive.indexOf(true)),
  },
  way: {
    columns: COLUMNS, rows: 1, model: true, says: "ten steps from a 3 to an 8",
    levels: async ({ model, dataset }, [kind, name]) => {
      const found = await model(name);
      const fade = kind === "fade";
      const [a, b] = ENDS.map((i) => (fade ? dataset.greyLevels(i) : found.code(i)));
      const steps = numbers(COLUMNS).map((k) => {
        const out = new Float32Array(a.length);
        WAYS[kind](a, b, k / (COLUMNS - 1), out);
        return out;
      });
      return fade ? joined(steps) : found.decode(joined(steps));
    },
  },
  noise: {
    columns: COLUMNS, rows: 1, model: false, says: "ten corrupted test digits",
    levels: async ({ dataset }, [kind]) => joined(corrupted(dataset, kind)),
  },
  repaired: {
    columns: COLUMNS, rows: 2, model: true, says: "ten corrupted test digits, and below them what the network makes of them",
    levels: async ({ dataset, model }, [name]) => {
      const found = await model(name);
      const images = joined(corrupted(dataset, "masking"));
      return joined([images, await found.decode(await found.encode(images))]);
    },
  },
  grid: {
    columns: 12, rows: 6, model: true, says: "a grid of codes, decoded",
    levels: async ({ model }, [name]) => {
      const found = await model(name);
      const codes = new Float32Array(72 * found.dim);
      for (let k = 0; k < 72; k += 1) {
        const [u, v] = [((k % 12) - 5.5) / 2.75, (2.5 - Math.floor(k / 12)) / 1.4];
        codeAt(found.entry.space, new Float32Array(found.dim), u, v, codes.subarray(k * found.dim, (k + 1) * found.dim));
      }
      return found.decode(codes);
    },
  },
};

/** Images along a latent, from the code of one test digit. @param {Model} found @param {(space: import("../contract").Space) => number} latentOf */
function along(found, latentOf) {
  const latent = Math.max(0, latentOf(found.entry.space));
  return found.decode(codesAlong(found.code(0), latent, rangeOf(found.entry, latent), COLUMNS));
}

/** @param {import("../model/dataset.mjs").Dataset} dataset @param {string} kind of noise @returns {Float32Array[]} */
function corrupted(dataset, kind) {
  return dataset.entry.example_images.map((i) => {
    const out = new Float32Array(784);
    CORRUPTIONS[kind].apply(dataset.greyLevels(i), noiseFor(i, 0), LEVEL, 0, out);
    return out;
  });
}

/** 0, 1, … @param {number} count */
function numbers(count) {
  return Array.from({ length: count }, (_, k) => k);
}

/** One after another. @param {ArrayLike<number>[]} arrays @returns {Float32Array} */
function joined(arrays) {
  return Float32Array.from(arrays.flatMap((each) => Array.from(each)));
}
