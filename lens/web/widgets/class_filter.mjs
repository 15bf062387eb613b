// Ten buttons, one per class, that choose the classes a map shows. They are one tab stop; arrow keys go from one to another.

import { button } from "../dom.mjs";
import { TabStop } from "./tab_stop.mjs";

export class ClassFilter {
  /**
   * The first click singles a class out; further clicks add or remove others, and with none left all are shown again.
   * @param {HTMLElement} root @param {(visible: boolean[]) => void} changed
   */
  constructor(root, changed) {
    this.root = root;
    this.changed = changed;
    this.visible = new Array(10).fill(true);
    this.names = [..."0123456789"];
    this.buttons = this.names.map((text, label) => {
      const made = button(text, () => this.toggle(label));
      made.style.setProperty("--digit", `var(--digit-${label})`);
      return root.appendChild(made);
    });
    new TabStop(root, this.buttons);
    this.sync();
  }

  /** @param {string[]} names of the classes; buttons keep the number and show the name as a title */
  setNames(names) {
    this.names = names;
    this.sync();
  }

  /** The classes that are shown, null where all are. @returns {number[] | null} */
  get chosen() {
    const { visible } = this;
    return visible.every(Boolean) ? null : [...visible.keys()].filter((label) => visible[label]);
  }

  /** @param {number[] | null} labels of the classes to show, all where there are none */
  choose(labels) {
    this.visible = this.visible.map((_, label) => !labels?.length || labels.includes(label));
    this.sync();
    this.changed(this.visible.slice());
  }

  /** @param {number} label */
  toggle(label) {
    const { visible } = this;
    if (visible.every(Boolean)) visible.fill(false);
    visible[label] = !visible[label];
    if (!visible.some(Boolean)) visible.fill(true);
    this.sync();
    this.changed(visible.slice());
  }

  sync() {
    const all = this.visible.every(Boolean);
    this.buttons.forEach((each, label) => {
      const shown = this.visible[label];
      each.setAttribute("aria-pressed", String(shown));
      each.title = `${all ? "show only" : shown ? "hide" : "show"} ${this.names[label]}`;
    });
  }
}
