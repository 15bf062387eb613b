// A model as one zip file: its bundle, which other programs run with ONNX Runtime, and which Train loads elsewhere.

import { downloadZip } from "../vendor/client-zip/index.js";
import { fetchBytes } from "../model/formats.mjs";

const FILES = ["bundle.json", "encoder.onnx", "decoder.onnx", "weights.safetensors", "codes.npy"];

// Those of a reader, which the zip has in a folder of their own.
const READER = ["reader.json", "reader.onnx", "weights.safetensors"];

/** @typedef {Pick<import("../contract").Model, "title" | "latent_dim">} Named */

/**
 * @param {{entry: Named, address: (name: string) => string}} model and where the files of its bundle are
 * @param {string} dataset that it was trained on @param {string} folder in which the zip has the files
 * @param {((name: string) => string) | null} [reader] where the files of the reader of one's own classes are
 * @returns {Promise<Blob>}
 */
export async function modelZip({ entry, address }, dataset, folder, reader = null) {
  const wanted = [
    ...FILES.map((name) => ({ name, url: address(name) })),
    ...(reader ? READER.map((name) => ({ name: `reader/${name}`, url: reader(name) })) : []),
  ];
  const files = await Promise.all(wanted.map(async ({ name, url }) => ({ name, input: await fetchBytes(url) })));
  const all = [{ name: "README.txt", input: readme(entry, dataset) }, ...files];
  const blob = await downloadZip(all.map(({ name, input }) => ({ name: `${folder}/${name}`, input }))).blob();
  return new Blob([blob], { type: "application/zip" });
}

/** What the files are, and three lines of Python that run them. @param {Named} entry @param {string} dataset */
export function readme({ title, latent_dim: latents }, dataset) {
  return `${title}, ${latents} latent${latents > 1 ? "s" : ""}, trained on ${dataset}, from Latent Lab. bundle.json says how it was trained
and how well it does; codes.npy has the codes of the test images. Latent Lab loads the
zip on its page Train, "Load a bundle". Anything else runs the graphs with ONNX Runtime:

    pip install numpy onnxruntime

    import numpy as np, onnxruntime
    codes = onnxruntime.InferenceSession("encoder.onnx").run(["codes"], {"images": np.zeros((1, 784), np.float32)})[0]
    images = onnxruntime.InferenceSession("decoder.onnx").run(["images"], {"codes": codes})[0]

Images are rows of 784 grey levels, 28 x 28 from the top left, from 0 (black) to 1 (white).
`;
}
