// What a person can have on Explore's map besides a layer: images instead of points where few are in view, and z's trail.

import { part } from "../dom.mjs";
import { Trail } from "../map/trail.mjs";

/** @typedef {import("./subject.mjs").Subject} Subject */

/** What is set, null where it is as usual. @typedef {{pictures: "off" | null, trail: "on" | null}} Options */

export class MapOptions {
  /** @param {HTMLElement} root @param {import("./subject.mjs").Host} host @param {import("../map/latent_map.mjs").LatentMap} map */
  constructor(root, host, map) {
    this.host = host;
    this.map = map;
    this.trail = new Trail();
    this.pictures = part(root, ".pictures", HTMLInputElement);
    this.trailing = part(root, ".trail", HTMLInputElement);
    this.clear = part(root, ".clear-trail");
    for (const box of [this.pictures, this.trailing]) {
      box.addEventListener("change", () => {
        this.sync();
        host.settle();
      });
    }
    this.clear.addEventListener("click", () => {
      this.trail.clear();
      map.drawSoon(false);
    });
  }

  setModel() {
    this.trail.clear();
    this.sync();
  }

  /** @param {Subject} subject */
  move({ code }) {
    if (this.trailing.checked) this.trail.add(code.place);
  }

  /** @returns {Options} */
  get chosen() {
    return { pictures: this.pictures.checked ? null : "off", trail: this.trailing.checked ? "on" : null };
  }

  /** @param {Options | null} chosen */
  choose(chosen) {
    this.pictures.checked = chosen?.pictures !== "off";
    this.trailing.checked = chosen?.trail === "on";
    this.sync();
  }

  sync() {
    const { map, host, pictures, trailing, trail } = this;
    this.clear.classList.toggle("idle", !trailing.checked);
    if (!trailing.checked) trail.clear();
    map.update({
      images: pictures.checked && host.subject ? host.subject.dataset : null,
      trail: trailing.checked ? trail : null,
    });
  }
}
