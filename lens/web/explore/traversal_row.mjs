// One traversal: the frames along a latent, each a button, and what the reader says of them.

import { button, part } from "../dom.mjs";
import { codesAlong, FRAMES, nearestFrame, rangeOf, story, valueAt } from "../maths/traversal.mjs";
import { isLegible, readsAs } from "../model/reader.mjs";
import { DigitCanvas } from "../widgets/digit_canvas.mjs";
import { spoken } from "../widgets/key_steps.mjs";
import { plain } from "../widgets/prose.mjs";
import { informationOf } from "../widgets/sliders.mjs";
import { TabStop } from "../widgets/tab_stop.mjs";

/** @typedef {import("../model/model.mjs").Model} Model */

export class TraversalRow {
  /** @param {Model} model @param {number} latent @param {(value: number) => void} pick */
  constructor(model, latent, pick) {
    const { space, variational } = model.entry;
    this.model = model;
    this.latent = latent;
    this.name = `z${latent + 1}`;
    this.range = rangeOf(model.entry, latent);
    this.inactive = space.inactive[latent];
    this.turn = 0; // when it was decoded
    /** @type {Float32Array | null} the code that the frames on show go through */
    this.through = null;
    /** @type {Float32Array} 784 grey levels a frame */
    this.levels = new Float32Array(0);
    this.isRead = this.inactive;
    /** @type {import("../maths/traversal.mjs").Change} */
    this.changes = "style";
    this.current = -1;
    this.root = document.createElement("div");
    this.root.className = `traversal${this.inactive ? " inactive" : ""}`;
    this.root.innerHTML = `<span class="name"><b></b> <small></small></span>
      <div class="frames" role="group"><canvas aria-hidden="true"></canvas></div><span class="story"></span>`;
    part(this.root, ".name b").textContent = this.name;
    part(this.root, ".name small").textContent = plain(informationOf(latent, space, variational).text);
    this.strip = new DigitCanvas(part(this.root, "canvas", HTMLCanvasElement), 28 * FRAMES);
    const values = Array.from({ length: FRAMES }, (_, frame) => valueAt(this.range, frame));
    this.labels = values.map((value) => `${this.name} = ${spoken(value)}`);
    this.buttons = values.map((value) => button("", () => pick(value)));
    this.label([]);
    const frames = part(this.root, ".frames");
    frames.setAttribute("aria-label", `${this.name} from ${spoken(this.range[0])} to ${spoken(this.range[1])}`);
    frames.append(...this.buttons);
    this.stop = new TabStop(frames, this.buttons);
    if (this.inactive) this.say("", "the decoder all but ignores it");
  }

  /** Whether its frames go through another code than z, apart from this latent. @param {Float32Array} z */
  isOld(z) {
    const { through, latent } = this;
    return !through || z.some((value, k) => k !== latent && value !== through[k]);
  }

  /** Mark the frame nearest to z. @param {ArrayLike<number>} z */
  mark(z) {
    const now = nearestFrame(this.range, z[this.latent]);
    if (now === this.current) return;
    this.buttons[this.current]?.removeAttribute("aria-current");
    this.buttons[now].setAttribute("aria-current", "true");
    this.current = now;
    // Whoever is going through the frames by keys stays where they are.
    if (!part(this.root, ".frames").matches(":focus-within")) this.stop.rove(now);
  }

  /** Decode and draw the frames through z. @param {Float32Array} z */
  async decode(z) {
    const through = z.slice();
    this.levels = await this.model.decode(codesAlong(through, this.latent, this.range));
    this.through = through;
    for (let frame = 0; frame < FRAMES; frame += 1) {
      this.strip.drawUnit(this.levels.subarray(784 * frame, 784 * (frame + 1)), 28 * frame);
    }
    if (this.inactive) return;
    this.isRead = false;
    this.label([]);
    part(this.root, ".story").classList.add("old");
  }

  /** What the reader says of the frames. @param {import("../model/reader.mjs").Verdict[]} found @param {string[]} names of the classes */
  tell(found, names) {
    const { classes, words, changes } = story(found.map((each) => (isLegible(each) ? each.label : null)), names);
    this.isRead = true;
    this.changes = changes;
    this.label(found.map((each) => readsAs(each, names[each.label])));
    this.say(classes, words);
  }

  /** @param {string[]} words about each frame, if there are any */
  label(words) {
    this.buttons.forEach((each, frame) => {
      each.title = words.length ? `${this.labels[frame]}: ${words[frame]}` : this.labels[frame];
      each.setAttribute("aria-label", each.title);
    });
  }

  /** @param {string} bold @param {string} small */
  say(bold, small) {
    const [first, second] = [document.createElement("b"), document.createElement("small")];
    first.textContent = bold;
    second.textContent = small;
    part(this.root, ".story").replaceChildren(first, " ", second);
    part(this.root, ".story").classList.remove("old");
  }
}
