// Buttons, one per class, that choose the classes a map shows. They are one tab stop; arrow keys go from one to another.

import { button } from "../dom.mjs";
import { CLASSES } from "../theme.mjs";
import { TabStop } from "./tab_stop.mjs";

const SHORT = 2; // letters

export class ClassFilter {
  /**
   * The first click singles a class out; further clicks add or remove others, and with none left all are shown again.
   * @param {HTMLElement} root @param {(visible: boolean[]) => void} changed
   */
  constructor(root, changed) {
    this.root = root;
    this.changed = changed;
    /** Of as many classes as there can be. */
    this.visible = new Array(CLASSES).fill(true);
    /** @type {string[]} */
    this.names = [];
    /** @type {HTMLElement[]} */
    this.buttons = [];
    this.stop = new TabStop(root);
    this.setNames([..."0123456789"]);
  }

  /** @param {string[]} names of the classes; buttons have the number, or the names if all are short, and the name as a title */
  setNames(names) {
    const short = names.every((name) => name.length <= SHORT);
    if (names.join("\n") !== this.names.join("\n")) {
      this.buttons = names.map((name, label) => {
        const made = button(short ? name : String(label), () => this.toggle(label));
        made.style.setProperty("--digit", `var(--digit-${label})`);
        return made;
      });
      this.root.replaceChildren(...this.buttons);
      this.root.hidden = names.length < 2;
      this.stop.set(this.buttons);
    }
    this.names = names;
    this.sync();
  }

  /** Whether every class that has a button is shown. */
  get all() {
    return this.names.every((_, label) => this.visible[label]);
  }

  /** The classes that are shown, null where all are. @returns {number[] | null} */
  get chosen() {
    return this.all ? null : [...this.names.keys()].filter((label) => this.visible[label]);
  }

  /** @param {number[] | null} labels of the classes to show, all where there are none */
  choose(labels) {
    this.visible = this.visible.map((_, label) => !labels?.length || labels.includes(label));
    if (this.all) this.visible.fill(true);
    this.sync();
    this.changed(this.visible.slice());
  }

  /** @param {number} label */
  toggle(label) {
    const { visible } = this;
    if (this.all) visible.fill(false);
    visible[label] = !visible[label];
    if (this.all || !visible.some(Boolean)) visible.fill(true);
    this.sync();
    this.changed(visible.slice());
  }

  sync() {
    const { all } = this;
    this.buttons.forEach((each, label) => {
      const shown = this.visible[label];
      each.setAttribute("aria-pressed", String(shown));
      each.title = `${all ? "show only" : shown ? "hide" : "show"} ${this.names[label]}`;
    });
  }
}
