// Real test digits shown beside decoded ones: the row of nearest ones and the tip at the pointer.

import { Picture } from "./digit_canvas.mjs";

/** @typedef {import("../model/formats.mjs").Digits} Digits */

/** A row of real digits near the current code; a click jumps to one. */
export class Nearby {
  /** @param {HTMLElement} root @param {(i: number) => void} pick */
  constructor(root, pick) {
    this.found = [-1, -1, -1, -1, -1];
    const title = document.createElement("span");
    title.textContent = "near here";
    title.title = "the real test digits whose codes lie nearest";
    root.append(title);
    this.places = this.found.map((_, place) => {
      const button = document.createElement("button");
      button.type = "button";
      const picture = new Picture(document.createElement("canvas"));
      const label = document.createElement("span");
      button.append(picture.canvas, label);
      button.addEventListener("click", () => this.found[place] >= 0 && pick(this.found[place]));
      root.append(button);
      return { button, picture, label };
    });
  }

  /** @param {Digits} digits */
  setDigits(digits) {
    this.digits = digits;
    this.found.fill(-1);
  }

  /** @param {number[]} found five test digits */
  show(found) {
    found.forEach((i, place) => {
      if (this.found[place] === i) return;
      this.found[place] = i;
      const { button, picture, label } = this.places[place];
      const digit = this.digits.labels[i];
      picture.drawBytes(this.digits.image(i));
      label.textContent = String(digit);
      label.style.setProperty("--digit", `var(--digit-${digit})`);
      button.setAttribute("aria-label", `a real ${digit}, test digit ${i}`);
      button.title = `jump to test digit ${i}, a ${digit}`;
    });
  }
}

/** The real digit under the pointer, shown beside it. */
export class Tip {
  /** @param {HTMLElement} root */
  constructor(root) {
    this.root = root;
    this.picture = new Picture(root.querySelector("canvas"));
    this.words = root.querySelector("span");
  }

  /** @param {Digits} digits @param {number} i @param {import("../map/latent_map.mjs").LatentMap} map */
  show(digits, i, map) {
    this.picture.drawBytes(digits.image(i));
    this.words.textContent = `${digits.labels[i]} · test digit ${i}`;
    const [x, y] = map.toPixels(map.u[i], map.v[i]);
    const left = x > map.size / 2;
    const above = y > map.size / 2;
    const { offsetLeft, offsetTop } = map.root;
    this.root.style.transform = `translate(${left ? "-100%" : "0"}, ${above ? "-100%" : "0"})`;
    this.root.style.left = `${offsetLeft + x + (left ? -14 : 14)}px`;
    this.root.style.top = `${offsetTop + y + (above ? -14 : 14)}px`;
    this.root.hidden = false;
  }

  hide() {
    this.root.hidden = true;
  }
}
