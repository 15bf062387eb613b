// Where a lesson shows another view: in a shadow root of its own, so that the styles of the two don't meet.

import { part } from "../dom.mjs";
import { LatentMap } from "../map/latent_map.mjs";
import { taught } from "../taught.mjs";

/** @typedef {NonNullable<import("../contract").Step["page"]>} Page */

/** @typedef {import("../taught.mjs").AnyView} AnyView */

export class Stage {
  /**
   * @param {HTMLElement} place where the view goes
   * @param {HTMLElement} root has the HTML of each view as a template
   * @param {(event: string, facts: import("../view.mjs").Facts) => void} heard told what a person does in the view
   */
  constructor(place, root, heard) {
    this.place = place;
    this.templates = root;
    this.heard = heard;
    this.turn = 0;
    this.visits = 0;
    this.name = ""; // of the view on show
    /** @type {HTMLElement | null} the root of the view's HTML */
    this.root = null;
    /** @type {AnyView | null} */
    this.view = null;
  }

  /**
   * Show a page in its first state. A view that is on show already goes there.
   * @param {Page} page @param {string} base
   * @returns {Promise<boolean>} false if another page was asked for meanwhile
   */
  async show(page, base) {
    this.turn += 1;
    const { turn } = this;
    if (page.view !== this.name) this.build(page.view);
    const { root } = this;
    if (!root) return false;
    const view = this.view ?? (await this.open(root, page.view, () => turn === this.turn));
    if (!view) return false;
    this.visits += 1;
    const state = "state" in page && page.state ? { ...page.state, visit: this.visits } : null;
    await view.update({ ...page, base, state }, () => {});
    return turn === this.turn;
  }

  /**
   * @param {HTMLElement} root @param {string} name @param {() => boolean} current
   * @returns {Promise<AnyView | null>} null if another view is wanted by now
   */
  async open(root, name, current) {
    const { default: Named } = await taught[name]();
    if (!current()) return null;
    /** @type {AnyView} */
    const view = new Named(root);
    view.heard = this.heard;
    // The lesson's own list of keys has the view's, too.
    part(root, ".keys").hidden = true;
    this.view = view;
    return view;
  }

  /** Put the HTML of a view in the place of the last one's. @param {string} name */
  build(name) {
    this.clear();
    this.name = name;
    const host = document.createElement("div");
    const shadow = host.attachShadow({ mode: "open" });
    for (const each of ["base", name]) {
      const found = part(this.templates, `template[data-view="${each}"]`, HTMLTemplateElement);
      shadow.append(found.content.cloneNode(true));
    }
    this.place.replaceChildren(host);
    this.root = part(shadow, ".lens", HTMLElement);
  }

  /** The map of the view on show, where it has one that can be asked about. @returns {LatentMap | null} */
  get map() {
    const map = this.view && "map" in this.view ? this.view.map : null;
    return map instanceof LatentMap ? map : null;
  }

  clear() {
    this.view?.destroy();
    this.view = null;
    this.root = null;
    this.name = "";
    this.place.replaceChildren();
  }

  destroy() {
    this.turn += 1;
    this.clear();
  }
}
