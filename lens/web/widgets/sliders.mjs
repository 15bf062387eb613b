// One slider per latent; if there are many, the eight most informative are shown first. Inactive ones are greyed.

import { button } from "../dom.mjs";
import { fixed } from "./decimals.mjs";
import { moveByKeys, spoken } from "./key_steps.mjs";
import { write } from "./prose.mjs";
import { draggable } from "./range.mjs";

/** @typedef {import("../contract").Model} Entry */

/** @typedef {import("../contract").Space} Space */

export const FIRST = 8;
const STEPS = 100; // of a key along a slider's range

export class Sliders {
  /**
   * @param {HTMLElement} root
   * @param {{input: (latent: number, value: number) => void, release: (latent: number) => void}} on
   */
  constructor(root, on) {
    this.root = root;
    this.on = on;
    /** @type {{latent: number, input: HTMLInputElement, value: HTMLElement}[]} */
    this.rows = [];
  }

  /** @param {Entry} entry */
  build({ space, variational, latent_dim: count }) {
    this.rows = [];
    const list = document.createElement("div");
    list.className = "slider-list";
    // If all are shown anyway, z1 comes before z2.
    const order = count > FIRST ? space.order : [...space.order].sort((a, b) => a - b);
    order.forEach((latent, place) => {
      const row = this.row(latent, space);
      const information = informationBar(latent, space, variational);
      information.id = `information-${latent + 1}`;
      row.append(information);
      row.classList.toggle("inactive", space.inactive[latent]);
      if (place >= FIRST) row.classList.add("more");
      list.append(row);
    });
    this.root.replaceChildren(list);
    if (count > FIRST) this.root.append(expander(list, count));
  }

  /** @param {number} latent @param {Space} space */
  row(latent, space) {
    const row = document.createElement("label");
    row.className = "slider";
    const name = document.createElement("span");
    name.className = "name";
    name.textContent = `z${latent + 1}`;
    const input = document.createElement("input");
    input.type = "range";
    // Keys have steps of their own; the pointer and the address need none.
    input.step = "any";
    input.min = String(space.low[latent]);
    input.max = String(space.high[latent]);
    input.setAttribute("aria-label", `z${latent + 1}`);
    input.setAttribute("aria-describedby", `information-${latent + 1}`);
    const value = document.createElement("span");
    value.className = "value";
    const step = (space.high[latent] - space.low[latent]) / STEPS;
    moveByKeys(input, () => step);
    input.addEventListener("input", () => this.on.input(latent, input.valueAsNumber));
    input.addEventListener("change", () => this.on.release(latent));
    row.append(name, draggable(input), value);
    this.rows.push({ latent, input, value });
    return row;
  }

  /** @param {ArrayLike<number>} z */
  set(z) {
    for (const { latent, input, value } of this.rows) {
      const now = z[latent];
      if (now < Number(input.min)) input.min = String(now);
      if (now > Number(input.max)) input.max = String(now);
      if (input.valueAsNumber !== now) input.value = String(now);
      value.textContent = fixed(now);
      input.setAttribute("aria-valuetext", spoken(now));
    }
  }
}

/** How much information a latent carries. @param {number} latent @param {Space} space @param {boolean} variational */
function informationBar(latent, space, variational) {
  const bar = document.createElement("span");
  bar.className = "information";
  bar.style.setProperty("--share", String(space.information[latent] / Math.max(...space.information)));
  const { text, meaning } = informationOf(latent, space, variational);
  write(bar, text);
  // Not its title: a browser would show that too.
  bar.dataset.meaning = meaning;
  // The slider's own stop says the meaning.
  for (const link of bar.querySelectorAll("a")) link.tabIndex = -1;
  return bar;
}

/** The same in words, with a term in them, and what they mean. @param {number} latent @param {Space} space @param {boolean} variational */
export function informationOf(latent, { information, inactive }, variational) {
  const amount = information[latent];
  const total = information.reduce((sum, value) => sum + value, 0);
  if (inactive[latent]) return { text: "[inactive](collapse)", meaning: "inactive: the decoder all but ignores it" };
  if (variational) return { text: `${amount.toFixed(1)} [nats](information)`, meaning: "information in this latent (KL)" };
  const meaning = "share of the codes' variance: how far this latent spreads, not how much it tells";
  return { text: `${((100 * amount) / total).toFixed(0)} % [var.](latent-variance)`, meaning };
}

/** @param {HTMLElement} list @param {number} count */
function expander(list, count) {
  const sync = () => {
    made.textContent = list.classList.contains("all") ? `show the first ${FIRST}` : `show all ${count}`;
  };
  const made = button("", () => {
    list.classList.toggle("all");
    sync();
  });
  made.className = "quiet";
  sync();
  return made;
}
