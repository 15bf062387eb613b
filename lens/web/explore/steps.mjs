// The steps of a model's computation in plain words and as formulas, by family and network.

import { isConvolutional, shapes, words } from "./pytorch.mjs";

/** @typedef {import("../contract").Model} Entry */

/** @typedef {import("./pytorch.mjs").Part} Part */

/** A box of the graph; those of images have no words. @typedef {{part: Part, title: string, content: string}} Box */

/** A term in MathML with what it stands for and how it is read, or what stands between two. @typedef {{parts: Part[], maths: string, words: string} | string} Token */

/** @typedef {Pick<Entry, "family" | "variational" | "latent_dim" | "binarisation" | "network">} Facts */

/** What the non-linearities are called. @type {Record<string, string>} */
export const FUNCTIONS = {
  relu: "ReLU",
  "leaky-relu": "leaky ReLU",
  "leaky-relu-0.2": "leaky ReLU of slope 0.2",
  gelu: "GELU",
  silu: "SiLU",
  elu: "ELU",
  selu: "SELU",
  softplus: "softplus",
  tanh: "tanh",
  sigmoid: "sigmoid",
};

/** The boxes before z and after it; those of the latents stand between. @param {Facts} entry @returns {[Box[], Box[]]} */
export function boxes({ family, variational, latent_dim: latents, network }) {
  const images = { x: box("x", "x", ""), xHat: box("x_hat", "x̂", "") };
  if (family === "pca") {
    return [
      [images.x, box("mean", "− x̄", "the average image"), box("W", "W", `${latents} × 784`)],
      [box("W", "Wᵀ", `784 × ${latents}`), box("mean", "+ x̄", "the average image"), images.xHat],
    ];
  }
  const head = variational ? 2 * latents : latents;
  return [
    [images.x, layers("encoder", network.encoder, network, `${head} × 784`)],
    [layers("decoder", network.decoder, network, `784 × ${latents}`), images.xHat],
  ];
}

/**
 * @param {"encoder" | "decoder"} part @param {number[][]} hidden shapes @param {Entry["network"]} network
 * @param {string} weights of its only layer where none is hidden @returns {Box}
 */
function layers(part, hidden, { kind, activation }, weights) {
  if (!hidden.length) return box(part, "weights", weights);
  const after = kind === "gru" ? "GRU" : FUNCTIONS[activation ?? ""];
  // A line may end after an arrow, not within a shape.
  const sizes = shapes(hidden).replaceAll(" × ", "\u00a0×\u00a0").replaceAll(" →", "\u00a0→");
  return box(part, "hidden", `${sizes} · ${after}`);
}

/** @param {Part} part @param {string} title @param {string} content @returns {Box} */
function box(part, title, content) {
  return { part, title, content };
}

const X = "<mi>x</mi>";
const X_HAT = "<mover accent='true'><mi>x</mi><mo stretchy='false'>^</mo></mover>";
const MEAN = "<mover accent='true'><mi>x</mi><mo stretchy='false'>‾</mo></mover>";
const LOG_VAR = "<mi>log</mi><mspace width='0.15em'></mspace><msup><mi>σ</mi><mn>2</mn></msup>";
const SIGMA = "<mi>σ</mi>";
const open = "<mo stretchy='false'>(</mo>";
const close = "<mo stretchy='false'>)</mo>";
const equals = "<mo>=</mo>";
const named = (/** @type {string} */ name) => `<mi mathvariant='normal'>${name}</mi>`;

/** The formulas, a line each. @param {Facts} entry @returns {Token[][]} */
export function formulas({ family, variational, network }) {
  const term = (/** @type {Part[]} */ parts, /** @type {string} */ maths, /** @type {string} */ words) => ({ parts, maths, words });
  const x = term(["x"], X, "x");
  const z = term(["z"], "<mi>z</mi>", "z");
  const xHat = term(["x_hat"], X_HAT, "x̂");
  if (family === "pca") {
    const mean = term(["mean"], MEAN, "x̄");
    return [
      [z, equals, term(["W"], "<mi>W</mi>", "W"), open, x, "<mo>−</mo>", mean, close],
      [xHat, equals, mean, "<mo>+</mo>", term(["W"], "<msup><mi>W</mi><mi>T</mi></msup>", "W transposed"), z],
    ];
  }
  const applied = (/** @type {string} */ name, /** @type {Part} */ part, /** @type {Token[]} */ inner) =>
    /** @type {Token[]} */ (name === "linear" ? inner : [term([part], named(FUNCTIONS[name]), FUNCTIONS[name]), open, ...inner, close]);
  const encoded = [term(["encoder"], named("enc"), "encoder"), open, x, close];
  const decoded = applied(network.output_activation, "x_hat", [term(["decoder"], named("dec"), "decoder"), open, z, close]);
  const last = [xHat, equals, ...decoded];
  if (!variational) return [[z, equals, ...applied(network.code_activation, "z", encoded)], last];
  const mu = term(["mu"], "<mi>μ</mi>", "μ");
  const eps = term(["eps"], "<mi>ε</mi>", "ε");
  return [
    [open, mu, "<mo>,</mo>", term(["log_var"], LOG_VAR, "log σ²"), close, equals, ...encoded],
    [
      term(["sigma"], SIGMA, "σ"),
      equals,
      term(["sigma", "log_var"], `<msup><mi>e</mi><mrow><mfrac><mn>1</mn><mn>2</mn></mfrac>${LOG_VAR}</mrow></msup>`, "e to half of log σ²"),
    ],
    [eps, "<mo>∼</mo>", term(["eps"], `<mi mathvariant='normal'>N</mi>${open}<mn>0</mn><mo>,</mo><mn>1</mn>${close}`, "N(0, 1)")],
    [z, equals, mu, "<mo>+</mo>", term(["sigma"], SIGMA, "σ"), eps],
    last,
  ];
}

/** Said of several parts at once, by their names. @typedef {Partial<Record<string, string>>} Sentences */

/** A sentence on each part, and on lines that make two. @param {Facts} entry @param {string} noun what an image shows @returns {Sentences} */
export function sentences(entry, noun) {
  const { family, variational, binarisation, latent_dim: latents, network } = entry;
  const pixels =
    binarisation === "grey" ? "784 grey levels, from 0 (black) to 1 (white)" : "784 pixels, each 0 (black) or 1 (white)";
  const common = {
    model: "This line loads the model with its trained weights.",
    x: `x is the image as the network sees it: ${pixels}.`,
  };
  if (family === "pca") {
    const directions = latents > 1 ? `${latents} directions` : "direction";
    return {
      ...common,
      model: "This line loads the model: x̄ and W.",
      mean: "x̄ is the average of all training images: it is subtracted first and added again at the end.",
      W: `The rows of W are the ${directions} in which training images vary most: z says how far x goes along each.`,
      z: "z is the code: one number for each direction.",
      x_hat: "x̂ is the decoded image: the average image, plus each direction times its latent.",
      "mean W": "Both follow from the training images by a formula; nothing is learned step by step.",
    };
  }
  const all = { ...common, ...wayIn(entry), ...wayOut(network) };
  if (!variational) {
    const squashed = network.code_activation === "linear" ? "" : `, put through ${functionName(network.code_activation)}`;
    return { ...all, z: `z is the code: all that is left of the image${squashed}. The same image always gives the same z.` };
  }
  return {
    ...all,
    mu: `μ is the middle of the cloud of codes that belongs to this ${noun}: one number for each latent.`,
    log_var: "log σ² says how wide the cloud is. It may be any number, whereas σ must be positive.",
    "mu log_var": "The encoder's last layer gives both: the middle of the cloud, and its width as log σ².",
    sigma: "σ is the cloud's width along a latent: about two draws in three lie within one σ of μ.",
    eps: "ε is pure chance: a number for each latent, drawn from the bell curve, whatever the image. Drag it to choose it.",
    z: "z is the code: ε says how many σ it lies from μ. Since chance comes in by ε alone, training can still adjust μ and σ.",
  };
}

/** @param {Facts} entry @returns {Sentences} */
function wayIn({ variational, latent_dim: latents, network }) {
  const { kind, encoder, activation } = network;
  const numbers = variational ? 2 * latents : latents;
  if (isConvolutional(kind)) {
    const [[first, high], [second, small], ...more] = encoder;
    const last = more.length ? `; a layer of ${words(more[0])} weighs these up` : "";
    return {
      encoder: `Small filters slide over the image: ${first} of them give ${high} × ${high} numbers each, then ${second} give ${small} × ${small} each${last}.`,
    };
  }
  if (kind === "gru") {
    const [[rows, units]] = encoder;
    return { encoder: `A recurrent layer reads the ${rows} rows one after another and keeps ${units} numbers in memory; the last ones go on.` };
  }
  if (!encoder.length) {
    return { encoder: `There is no hidden layer: each of the ${numbers} numbers is one weighted sum of the 784 pixels.` };
  }
  return {
    encoder: `${hidden(encoder)}: each number is a weighted sum of all numbers before it, put through ${functionName(activation)}.`,
  };
}

/** @param {Entry["network"]} network @returns {Sentences} */
function wayOut({ kind, decoder, output_activation: output }) {
  const last =
    output === "linear"
      ? "taken as they are"
      : `put through ${functionName(output)}${output === "sigmoid" ? ", so that they lie between 0 and 1" : ""}`;
  const sums = isConvolutional(kind) ? "the last filters' sums" : "784 weighted sums";
  const xHat = { x_hat: `x̂ is the decoded image: ${sums}, ${last}.` };
  if (kind === "gru") {
    const [, [rows, units]] = decoder;
    return { ...xHat, decoder: `Another recurrent layer is shown z at each step and writes the ${rows} rows from its ${units} numbers in memory.` };
  }
  if (kind === "conv-asymmetric" || kind === "conv-narrow") {
    const [[count, small], ...larger] = decoder;
    const steps = larger.map(([filters, high]) => `${filters} of ${high} × ${high}`).join(", then ");
    return { ...xHat, decoder: `One layer gives ${count} images of ${small} × ${small}; small filters enlarge them: ${steps}.` };
  }
  if (kind === "conv") return { ...xHat, decoder: "The same layers backwards: from few numbers to more and more places of the image." };
  if (!decoder.length) return { ...xHat, decoder: "There is no hidden layer: each pixel is one weighted sum of the latents." };
  return { ...xHat, decoder: `${hidden(decoder)}, from the code back to an image.` };
}

/** [[512], [256]] -> "Hidden layers of 512 and 256 numbers". @param {number[][]} found */
function hidden(found) {
  const sizes = found.map(words);
  const list = sizes.length > 1 ? `${sizes.slice(0, -1).join(", ")} and ${sizes[sizes.length - 1]}` : sizes[0];
  return `${sizes.length > 1 ? "Hidden layers" : "A hidden layer"} of ${list} numbers`;
}

/** @param {string | null} name */
function functionName(name) {
  return `the ${FUNCTIONS[name ?? ""]} function`;
}

/** What is special about a family in training, or missing here. @type {Record<string, string>} */
const NOTES = {
  ae: "An autoencoder gives an image one code, not a cloud: there is no σ and no ε.",
  pca: "PCA gives an image one code, not a cloud, by a single multiplication: there is no σ, no ε and no hidden layer.",
  linear: "Without activations and hidden layers, this autoencoder does what PCA does, in other coordinates.",
  denoising: "In training, x was corrupted first, and x̂ was compared with the clean image.",
  stacked: "In training, each layer first learned alone to remove noise from its input, then all together.",
  sparse: "In training, a penalty kept most latents near 0; the computation is that of any autoencoder.",
  contractive: "In training, a penalty kept z from moving much when x changes slightly; the computation is that of any autoencoder.",
  recurrent: "Instead of the whole image at once, this autoencoder reads and writes it row by row.",
};

/** A sentence on what sets the family apart, or nothing. @param {string} family */
export function note(family) {
  return NOTES[family] ?? "";
}
