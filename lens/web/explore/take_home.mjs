// Take home: the decoded image, the way of z, the codes and the model as files.

import { part } from "../dom.mjs";
import { codesCsv } from "../files/codes_csv.mjs";
import { modelZip } from "../files/model_zip.mjs";
import { filmOf, pictureOf } from "../files/pictures.mjs";
import { readerAddress } from "../model/reader.mjs";
import { saveButton } from "../widgets/save_button.mjs";
import { notebookOf } from "./notebook.mjs";
import { RecentWay } from "./recent_way.mjs";

/** @typedef {import("./subject.mjs").Subject} Subject */

export class TakeHomePanel {
  /** @param {HTMLElement} root @param {import("./subject.mjs").Host} host */
  constructor(root, host) {
    this.root = root;
    this.host = host;
    this.way = new RecentWay();
    this.decoded = new Float32Array(784);
    this.saves("picture", "PNG", "", () => pictureOf(this.decoded));
    this.saves("film", "GIF", "", ({ model }) => {
      if (this.way.codes.length < 2) throw new Error("z hasn't moved yet, and it shows where z went");
      return filmOf(model, this.way.codes);
    });
    this.saves("codes", "CSV", "-codes", ({ model, dataset }) =>
      codesCsv({ dim: model.dim, means: model.codes, logVars: model.logVars, labels: dataset.labels }),
    );
    this.saves("notebook", "IPYNB", "", async (subject) => {
      const notebook = notebookOf(subject, this.decoded, window.location.href);
      return new Blob([JSON.stringify(notebook, null, 1)], { type: "application/x-ipynb+json" });
    });
    this.saves("model", "ZIP", "", ({ model, dataset: { base, entry } }) => {
      // Everybody has the one that reads digits.
      const own = entry.reader && entry.reader.url !== "/reader" ? readerAddress(base, entry.reader) : null;
      return modelZip(model, entry.title, nameOf(model), own);
    });
  }

  /**
   * @param {string} what @param {string} kind of file @param {string} ending of its name
   * @param {(subject: Subject) => Promise<Blob>} make
   */
  saves(what, kind, ending, make) {
    const { root, host } = this;
    saveButton(
      part(root, `.save-${what}`),
      part(root, ".save-trouble"),
      kind,
      () => `latent-lab-${host.subject ? nameOf(host.subject.model) : "model"}${ending}`,
      async () => {
        if (!host.subject) throw new Error("there is no model yet");
        return make(host.subject);
      },
      (words) => host.announce(words),
    );
  }

  /** @param {Subject} subject */
  setModel({ model, dataset }) {
    this.way.clear();
    const sigma = model.logVars ? ", with σ" : "";
    part(this.root, ".save-codes").title = `the codes of the ${model.count.toLocaleString("en")} test ${dataset.entry.plural}${sigma}`;
  }

  /** @param {Subject} subject @param {Float32Array} decoded */
  draw({ code }, decoded) {
    this.decoded.set(decoded);
    this.way.add(code.z, performance.now());
  }
}

/** What files of a model are called. @param {import("../model/model.mjs").Model} model */
function nameOf({ entry }) {
  return `${entry.family}-${entry.latent_dim}`;
}
