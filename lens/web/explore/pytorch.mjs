// The way of an image through a model as lines of PyTorch, which run as they stand.

/** @typedef {import("../contract").Model} Entry */

/** @typedef {import("./subject.mjs").Subject} Subject */

/**
 * What a line, a box or a term stands for.
 * @typedef {"model" | "x" | "encoder" | "mu" | "log_var" | "sigma" | "eps" | "z" | "decoder" | "x_hat" | "mean" | "W"} Part
 */

/** @typedef {{parts: Part[], code: string, comment: string}} Line */

/** What of a subject the lines need. @typedef {Pick<Subject, "dataset" | "input"> & {model: {entry: Entry}}} Shown */

/** Numbers that were chosen, in place of those that the lines would draw or compute. @typedef {{eps?: ArrayLike<number>, z?: ArrayLike<number>}} Chosen */

/** What PyTorch calls the non-linearities. @type {Record<string, string>} */
const FUNCTIONS = { sigmoid: "torch.sigmoid", relu: "torch.relu", tanh: "torch.tanh" };

/**
 * The lines from the model to x_hat. They need what `preparation` gives; without chosen numbers ε is drawn.
 * @param {Pick<Entry, "name" | "url" | "family" | "variational" | "latent_dim" | "network">} entry @param {Chosen} [chosen] @returns {Line[]}
 */
export function lines(entry, { eps, z } = {}) {
  const { network, latent_dim: latents } = entry;
  const encoder = wayIn(entry);
  const sampled =
    entry.variational
      ? [
          line(["sigma", "log_var"], "sigma = torch.exp(0.5 * log_var)"),
          eps
            ? line(["eps"], `eps = ${tensor(eps)}`, "as in the view")
            : line(["eps"], "eps = torch.randn_like(sigma)", "ε ~ N(0, 1)"),
          line(["z", "mu", "sigma", "eps"], "z = mu + sigma * eps"),
        ]
      : [];
  const own = z ? [line(["z"], `z = ${tensor(z)}`, "chosen by hand")] : [];
  const unpacked = isElsewhere(entry) ? "the zip from Model (ONNX), unpacked" : "";
  const load = line(["model"], `model = aemodels.load(${place(entry)})`, unpacked);
  return [load, ...encoder, ...sampled, ...own, ...wayOut(network, latents, entry.family)];
}

/** The lines as text. @param {Line[]} found */
export function text(found) {
  return found.map(({ code, comment }) => (comment ? `${code}  # ${comment}` : code)).join("\n");
}

/**
 * Lines that the others need: imports, and the input as `x`, (1, 784).
 * @param {Shown} subject @param {string[]} [imports] further ones
 */
export function preparation({ model, dataset, input }, imports = []) {
  const { entry } = model;
  // Which pixels of a stochastic model's image are white is known to the page alone, and so are images that have no name.
  const known = input.digit !== null && entry.binarisation !== "stochastic" && dataset.entry.stored;
  const own = isOwn(entry) ? ["from aemodels import paths"] : [];
  const reading = ["from aemodels.data import load_test", "from aemodels.data.binarisation import binarise"];
  const ours = (/** @type {string} */ one) => one.includes("aemodels");
  const blocks = [
    known ? [] : ["import base64"],
    [...(known ? [] : ["import numpy as np"]), "import torch", ...imports.filter((one) => !ours(one))],
    ["import aemodels", ...own, ...(known ? reading : []), ...imports.filter(ours)],
    ["torch.set_grad_enabled(False)"],
  ];
  const image = known
    ? [
        `image = load_test("${dataset.name}").images[${input.digit} : ${Number(input.digit) + 1}]`,
        `x = torch.from_numpy(binarise(image, "${entry.binarisation}"))  # (1, 784)`,
      ]
    : [
        `pixels = np.frombuffer(base64.b64decode("${base64(input.image)}"), "<u2")`,
        "x = torch.from_numpy(pixels.astype(np.float32))[None] / 65535  # (1, 784)",
      ];
  return `${blocks.filter((block) => block.length).map((block) => sorted(block).join("\n")).join("\n\n")}\n${image.join("\n")}`;
}

/** Whether it is the model of a person's own run. @param {Pick<Entry, "url">} entry */
export function isOwn({ url }) {
  return url.startsWith("/runs/");
}

/** Whether only its zip tells others where it is: neither of the zoo nor of a run. @param {Pick<Entry, "url">} entry */
export function isElsewhere({ url }) {
  return url.startsWith("/elsewhere/");
}

/** @param {Entry["network"]["kind"]} kind */
export function isConvolutional(kind) {
  return kind.startsWith("conv");
}

/** From x to μ and log σ², or to z. @param {Pick<Entry, "family" | "variational" | "latent_dim" | "network">} entry @returns {Line[]} */
function wayIn({ family, variational, latent_dim: latents, network }) {
  if (family === "pca") {
    return [
      line(["mean", "W"], "mean, W = model.decoder.bias, model.encoder.weight", `784; ${latents} × 784`),
      line(["z", "x", "mean", "W"], "z = (x - mean) @ W.T", `784 → ${latents}`),
    ];
  }
  const name = variational ? "mu, log_var" : "z";
  /** @type {Part[]} */
  const parts = variational ? ["mu", "log_var"] : ["z"];
  const head = variational ? ".chunk(2, dim=1)" : "";
  const sizes = variational ? `${latents} + ${latents}` : String(latents);
  const { kind, encoder, code_activation: activation } = network;
  if (kind === "gru") {
    const [[rows, units]] = encoder;
    return [
      line(["encoder", "x"], `_, hidden = model.encoder.gru(x.reshape(1, ${rows}, -1))`, `${rows} rows, one by one`),
      line(parts, `${name} = model.encoder.head(hidden[-1])${head}`, `${units} → ${sizes}`),
    ];
  }
  if (!encoder.length) return [line([...parts, "encoder", "x"], `${name} = model.encoder(x)${head}`, `784 → ${sizes}`)];
  // The last layer, and an activation of the code.
  const tail = activation === "linear" ? 1 : 2;
  const last = tail === 1 ? "model.encoder[-1]" : `model.encoder[-${tail}:]`;
  return [
    line(["encoder", "x"], `hidden = model.encoder[:-${tail}](x)`, shapes([[784], ...encoder])),
    line(parts, `${name} = ${last}(hidden)${head}`, `${words(encoder[encoder.length - 1])} → ${sizes}`),
  ];
}

/** From z to x_hat. @param {Entry["network"]} network @param {number} latents @param {string} family @returns {Line[]} */
function wayOut({ kind, decoder, output_activation: output }, latents, family) {
  if (family === "pca") return [line(["x_hat", "z", "mean", "W"], "x_hat = mean + z @ W", `${latents} → 784`)];
  const image = (/** @type {string} */ logits) =>
    output === "linear" ? `x_hat = ${logits}` : `x_hat = ${FUNCTIONS[output]}(${logits})`;
  if (kind === "gru") {
    const [, [rows, units]] = decoder;
    return [
      line(["decoder", "z"], `shown = model.decoder.start(z).expand(1, ${rows}, -1)`, "the same at each step"),
      line(["decoder"], "hidden, _ = model.decoder.gru(shown)", `${rows} × ${units}`),
      line(["x_hat"], image("model.decoder.row(hidden).flatten(1)"), `${rows} rows → 784`),
    ];
  }
  if (!decoder.length) return [line(["x_hat", "decoder", "z"], image("model.decoder(z)"), `${latents} → 784`)];
  // A convolution's output is flattened.
  const tail = isConvolutional(kind) ? 2 : 1;
  const last = tail === 1 ? "model.decoder[-1]" : `model.decoder[-${tail}:]`;
  return [
    line(["decoder", "z"], `hidden = model.decoder[:-${tail}](z)`, shapes([[latents], ...decoder])),
    line(["x_hat"], image(`${last}(hidden)`), `${words(decoder[decoder.length - 1])} → 784`),
  ];
}

/** @param {Part[]} parts @param {string} code @param {string} [comment] @returns {Line} */
function line(parts, code, comment = "") {
  return { parts, code, comment };
}

/** Where `aemodels.load` finds the model. @param {Pick<Entry, "name" | "url">} entry */
function place(entry) {
  if (isElsewhere(entry)) return '"FOLDER"';
  return isOwn(entry) ? `paths.runs() / "${entry.name}" / "bundle"` : `"${entry.name}"`;
}

/** [64, 7, 7] -> "64 × 7 × 7". @param {number[]} shape */
export function words(shape) {
  return shape.join(" × ");
}

/** @param {number[][]} several */
export function shapes(several) {
  return several.map(words).join(" → ");
}

/** @param {ArrayLike<number>} numbers */
export function tensor(numbers) {
  // Seven digits tell one float32 from the next, all but always.
  const short = Array.from(numbers, (value) => Number(value.toPrecision(7)));
  return `torch.tensor([[${short.map((value) => (Number.isInteger(value) ? `${value}.0` : value)).join(", ")}]])`;
}

/** Imports as Python's formatters sort them: whole modules first. @param {string[]} found */
function sorted(found) {
  return [...new Set(found)].sort((a, b) => Number(a.startsWith("from")) - Number(b.startsWith("from")) || (a < b ? -1 : 1));
}

/** Grey levels from 0 to 1 as two bytes each, in base64: a drawing's lie between those of one byte. @param {Float32Array} image */
export function base64(image) {
  const bytes = new Uint8Array(2 * image.length);
  const view = new DataView(bytes.buffer);
  image.forEach((level, k) => view.setUint16(2 * k, Math.round(65535 * level), true));
  return btoa(String.fromCharCode(...bytes));
}
