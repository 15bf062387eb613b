// A Jupyter notebook that computes again what Explore shows: the input, its code, the map, the output, the cost.

import { noiseOf } from "./latent_table.mjs";
import { isElsewhere, isOwn, lines, preparation, tensor, text } from "./pytorch.mjs";

/** @typedef {import("./subject.mjs").Subject} Subject */

/** What of a subject it needs. @typedef {Pick<Subject, "dataset" | "input"> & {model: Pick<Subject["model"], "entry">, code: {z: Float32Array}}} Shown */

/**
 * nbformat 4.5, without outputs.
 * @param {Shown} subject @param {Float32Array} decoded z as an image, 784 grey levels @param {string} address of the view
 */
export function notebookOf(subject, decoded, address) {
  const sampled = subject.model.entry.variational;
  const { stored } = subject.dataset.entry;
  const imports = [...(stored ? [...PLOTS, ...IMAGES] : PLOTS), ...(sampled ? [KL_IMPORT] : [])];
  const cells = [
    markdown(heading(subject, address)),
    code(preparation(subject, imports)),
    markdown(`## The computation\n\n${sampled ? "ε is what it was in the view." : "These lines are those beside the view."}`),
    code(computation(subject, decoded)),
    code(PICTURES),
    ...(stored
      ? [markdown("## The map\n\nThe codes of the test images; the cross is z."), code(map(subject))]
      : [markdown("## The map\n\nThe test images aren't available here, so the map can't be drawn.")]),
    markdown("## What it costs"),
    code(sampled ? ERRORS + KL : ERRORS),
  ];
  return {
    cells: cells.map((cell, k) => ({ id: `explore-${k}`, ...cell })),
    metadata: {
      kernelspec: { display_name: "Python 3", language: "python", name: "python3" },
      language_info: { name: "python" },
    },
    nbformat: 4,
    nbformat_minor: 5,
  };
}

const PLOTS = ["import plotly.express as px"];
const IMAGES = [
  "from aemodels.analysis.latent_space import leading_plane",
  "from aemodels.data import load_test",
  "from aemodels.data.binarisation import binarise",
];
const KL_IMPORT = "from aemodels.objectives.divergences import kl_to_standard_normal";

/** @param {Shown} subject @param {string} address */
function heading({ model, dataset, input }, address) {
  const { entry } = model;
  const latents = `${entry.latent_dim} latent${entry.latent_dim > 1 ? "s" : ""}`;
  const what = input.digit === null ? "a picture of one's own" : `test ${dataset.entry.noun} ${input.digit}`;
  const where = isElsewhere(entry)
    ? "The model is in the zip that *Model (ONNX)* saves: unpack it, and put the path of its folder in the place of `FOLDER`."
    : isOwn(entry)
    ? `The model is that of the run \`${entry.name}\`: it is looked for in the folder \`runs\` of the checkout, or of \`LATENT_LAB_HOME\` where that is set.`
    : `The model is \`zoo/${entry.name}\`.`;
  return [
    `# ${entry.title}, ${latents}: ${what}`,
    `This computes again what Explore showed at <${address}>.`,
    `Run it in a checkout of Latent Lab with \`pip install -r requirements.txt\`, where \`import aemodels\` works. ${where}`,
  ].join("\n\n");
}

/** The lines with the numbers of the view in them, and a check. @param {Shown} subject @param {Float32Array} decoded */
function computation({ model, input, code: { z } }, decoded) {
  const { entry } = model;
  const moved = z.some((value, k) => value !== input.mean[k]);
  const chosen = input.logVar ? { eps: noiseOf(z, input.mean, input.logVar) } : moved ? { z } : {};
  const ink = decoded.reduce((sum, level) => sum + level, 0);
  return [
    text(lines(entry, chosen)),
    "",
    "# The z and the output that the view showed",
    `assert torch.allclose(z, ${tensor(z)}, atol=1e-3)`,
    `assert abs(x_hat.sum().item() - ${ink.toFixed(3)}) < 0.05`,
  ].join("\n");
}

const PICTURES = `pictures = torch.cat([x, x_hat]).reshape(2, 28, 28).numpy()
px.imshow(pictures, facet_col=0, color_continuous_scale="gray", zmin=0, zmax=1, title="x and x̂")`;

/** @param {Shown} subject */
function map({ model, dataset }) {
  const { entry } = model;
  return `test = load_test("${dataset.name}")
codes = model.encode(binarise(test.images, "${entry.binarisation}"))  # (${dataset.count ?? 10_000}, ${entry.latent_dim})${entry.variational ? ", their μ" : ""}
plane = leading_plane(codes)${entry.latent_dim > 2 ? "  # of their two leading principal directions" : ""}
(u, v), (here, up) = plane @ codes.T, plane @ z[0].numpy()
names = ${dataset.entry.class_names?.length === 0 ? "None" : "[test.class_names[label] for label in test.labels]"}
figure = px.scatter(x=u, y=v, color=names, opacity=0.5, width=700, height=700)
figure.add_scatter(x=[here], y=[up], marker={"symbol": "cross", "size": 16, "color": "black"}, name="z")
figure`;
}

const ERRORS = `loss = model.config.network.reconstruction_loss
unit = {"bce": "nats", "mse": "squared grey levels", "l1": "grey levels"}[loss]
reconstruction = model.reconstruction_error(z, x).item()  # the loss that it was trained on
print(f"reconstruction {reconstruction:.3f} {unit}")
print(f"squared error {(x_hat - x).square().sum():.3f} squared grey levels")`;

const KL = `
kl = kl_to_standard_normal(mu, log_var)[0]  # of each latent
print(f"KL {kl.sum():.3f} nats, of each latent: " + ", ".join(f"{each:.3f}" for each in kl))
print(f"reconstruction + KL {reconstruction + kl.sum():.3f}")`;

/** @param {string} source */
function markdown(source) {
  return { cell_type: "markdown", metadata: {}, source: split(source) };
}

/** @param {string} source */
function code(source) {
  return { cell_type: "code", metadata: {}, source: split(source), execution_count: null, outputs: [] };
}

/** As notebooks keep a text: lines with their ends. @param {string} source */
function split(source) {
  return source.split(/(?<=\n)/);
}
