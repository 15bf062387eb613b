// The words that describe a map to a screen reader: where its classes lie.

import { describePlaces, placesInWords } from "../maths/class_places.mjs";

const REST = 300; // ms without other points after which they are described

let made = 0; // each has an id of its own

export class MapDescription {
  /** @param {HTMLElement} root the map */
  constructor(root) {
    made += 1;
    this.place = root.appendChild(document.createElement("p"));
    this.place.className = "unseen";
    this.place.id = `map-${made}`;
    root.setAttribute("aria-describedby", this.place.id);
    this.timer = 0;
  }

  /** Find the words once the points are at rest. @param {import("./latent_map.mjs").Props} props */
  describe({ points, classes, classNames, backdrop }) {
    clearTimeout(this.timer);
    this.timer = window.setTimeout(() => {
      const places = backdrop ? [] : placesInWords(points, classes, classNames.length);
      this.place.textContent = describePlaces(classNames, places);
    }, REST);
  }

  stop() {
    clearTimeout(this.timer);
  }
}
