// Where a page shows a view: in a shadow root, whose HTML and styles are a template of the document.

import { part } from "../dom.mjs";
import { mount } from "../mount.mjs";

export class Place {
  constructor() {
    this.host = document.createElement("div");
    this.name = "";
    /** @type {HTMLElement | null} */
    this.root = null;
    /** @type {() => void} */
    this.end = () => {};
  }

  /**
   * Show a view, or other data in the one that is there.
   * @param {Element} where @param {import("../contract").Page & Record<string, any>} data
   * @param {(state: Record<string, any>) => void} report
   */
  async show(where, data, report) {
    if (data.view !== this.name || this.host.parentElement !== where) this.build(where, data.view);
    const { root } = this;
    if (!root) return;
    const end = await mount(
      {
        data,
        setStateValue: (_name, state) => {
          if (root === this.root) report(state);
        },
      },
      root,
    );
    // Another view may have taken its place meanwhile.
    if (root === this.root) this.end = end;
    else end();
  }

  /** @param {Element} where @param {string} name */
  build(where, name) {
    this.clear();
    this.host = document.createElement("div");
    const shadow = this.host.attachShadow({ mode: "open" });
    shadow.append(part(document, `template[data-shell="${name}"]`, HTMLTemplateElement).content.cloneNode(true));
    where.replaceChildren(this.host);
    this.name = name;
    this.root = part(shadow, ".lens", HTMLElement);
  }

  /** Take the view away. */
  clear() {
    this.host.remove();
    this.root = null;
    this.name = "";
    this.end();
    this.end = () => {};
  }
}
