// One slider per latent; of many the most telling come first and eight are shown. Dead ones are greyed.

/** @typedef {import("../model/model.mjs").Entry} Entry */

const FIRST = 8;

export class Sliders {
  /**
   * @param {HTMLElement} root
   * @param {{input: (k: number, value: number) => void, release: () => void}} on
   */
  constructor(root, on) {
    this.root = root;
    this.on = on;
    /** @type {{latent: number, input: HTMLInputElement, value: HTMLOutputElement}[]} */
    this.rows = [];
  }

  /** @param {Entry} entry */
  build(entry) {
    const { space, family, latentDim } = entry;
    this.rows = [];
    const total = space.information.reduce((sum, value) => sum + value, 0);
    const most = Math.max(...space.information);
    const list = document.createElement("div");
    list.className = "slider-list";
    // Where all are shown anyway, z1 stands before z2.
    const order = latentDim > FIRST ? space.order : [...space.order].sort((a, b) => a - b);
    order.forEach((latent, place) => {
      const row = this.row(latent, space);
      const told = space.information[latent];
      const words = family === "vae" ? `${told.toFixed(1)} nats` : `${((100 * told) / total).toFixed(0)} %`;
      const meaning = family === "vae" ? "what this latent tells about a digit (KL)" : "share of the codes' variance";
      const bar = document.createElement("span");
      bar.className = "told";
      bar.title = space.dead[latent] ? "dead: it tells nothing, the decoder ignores it" : meaning;
      bar.textContent = space.dead[latent] ? "dead" : words;
      bar.style.setProperty("--share", String(told / most));
      row.append(bar);
      row.classList.toggle("dead", space.dead[latent]);
      if (place >= FIRST) row.classList.add("more");
      list.append(row);
    });
    /** @type {HTMLElement[]} */
    const parts = [list];
    if (latentDim > FIRST) parts.push(this.expander(list, latentDim));
    this.root.replaceChildren(...parts);
  }

  /** @param {number} latent @param {import("../model/model.mjs").Space} space */
  row(latent, space) {
    const row = document.createElement("label");
    row.className = "slider";
    const name = document.createElement("span");
    name.className = "name";
    name.textContent = `z${latent + 1}`;
    const input = document.createElement("input");
    input.type = "range";
    input.step = "any";
    input.min = String(space.low[latent]);
    input.max = String(space.high[latent]);
    input.setAttribute("aria-label", `z${latent + 1}`);
    const value = document.createElement("output");
    input.addEventListener("input", () => this.on.input(latent, input.valueAsNumber));
    input.addEventListener("change", () => this.on.release());
    row.append(name, input, value);
    this.rows.push({ latent, input, value });
    return row;
  }

  /** @param {HTMLElement} list @param {number} count */
  expander(list, count) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "quiet";
    const sync = () => {
      button.textContent = list.classList.contains("all") ? `show the first ${FIRST}` : `show all ${count}`;
    };
    button.addEventListener("click", () => {
      list.classList.toggle("all");
      sync();
    });
    sync();
    return button;
  }

  /** @param {ArrayLike<number>} z */
  set(z) {
    for (const { latent, input, value } of this.rows) {
      const now = z[latent];
      if (now < Number(input.min)) input.min = String(now);
      if (now > Number(input.max)) input.max = String(now);
      if (input.valueAsNumber !== now) input.value = String(now);
      value.textContent = now.toFixed(2);
    }
  }
}
