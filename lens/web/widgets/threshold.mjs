// A threshold on anomaly scores, dragged in their histogram: true and false positives, and where it is on the ROC curve.

import { part } from "../dom.mjs";
import { onPointer } from "../map/gestures.mjs";
import { write } from "./prose.mjs";

const GROUP = 4; // bins per bar
const HEIGHT = 100; // of the drawing, in its own units
const FALSE_POSITIVES = 0.05; // rate at the start

/** @typedef {import("../contract").Detector} Detector */

/** @typedef {{normal: string, anomalous: string}} Words  what the images show, such as digits and clothes */

/** Names of scores, and the terms that explain them. */
const SCORES = [["squared error", "squared-error"], ["negative ELBO", "elbo"]];
/** @type {Detector} */
const NOTHING = {
  edges: [0, 1], normal: [0], anomalous: [0], auroc: 0, score: "", unit: "", most_anomalous: [], least_anomalous: [],
};
/** @type {Record<string, number>} */
const STEPS = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1, PageDown: -10, PageUp: 10 };

export class Threshold {
  /**
   * @param {HTMLElement} root @param {(threshold: number) => void} changed called while it is dragged
   * @param {() => void} moved called when a person has moved it
   */
  constructor(root, changed, moved) {
    this.root = root;
    this.changed = changed;
    this.box = part(root, ".histogram");
    this.place = 0;
    this.scores = NOTHING;
    /** @type {Words} */
    this.words = { normal: "", anomalous: "" };
    /** @type {number[]} false and true positive rate at each edge */
    this.falsePositives = [];
    /** @type {number[]} */
    this.truePositives = [];
    this.moved = moved;
    this.start = 0; // where it is until it is moved
    const follow = (/** @type {number} */ x) => {
      this.set(Math.round((x / this.box.clientWidth) * this.bins));
      moved();
    };
    this.stopListening = onPointer(this.box, { press: follow, drag: follow, key: (event) => this.key(event) });
  }

  /** @param {KeyboardEvent} event @returns {boolean} */
  key({ key }) {
    /** @type {Record<string, number>} */
    const ends = { Home: 0, End: this.bins };
    if (!(key in STEPS || key in ends)) return false;
    this.set(ends[key] ?? this.place + STEPS[key]);
    this.moved();
    return true;
  }

  /** The shares of anomalous and of normal images that it flags. */
  get rates() {
    return { true_rate: this.truePositives[this.place], false_rate: this.falsePositives[this.place] };
  }

  /** The threshold, rounded as the address has it; null where it starts. */
  get chosen() {
    return this.place === this.start ? null : Number(this.scores.edges[this.place].toPrecision(4));
  }

  /** @param {number | null} threshold the edge nearest to it, or where it starts */
  choose(threshold) {
    if (threshold === null) {
      this.set(this.start);
      return;
    }
    const gaps = this.scores.edges.map((edge) => Math.abs(edge - threshold));
    this.set(gaps.indexOf(Math.min(...gaps)));
  }

  get bins() {
    return this.scores.normal.length;
  }

  /** Other scores; the threshold starts where few normal images are flagged. @param {Detector} scores @param {Words} words */
  setScores(scores, words) {
    this.scores = scores;
    this.words = words;
    this.falsePositives = sharesAbove(scores.normal);
    this.truePositives = sharesAbove(scores.anomalous);
    const { root, bins } = this;
    // As shares: there may be fewer images of one kind.
    const normal = bars(scores.normal);
    const anomalous = bars(scores.anomalous);
    const most = Math.max(...normal, ...anomalous);
    for (const svg of root.querySelectorAll(".histogram svg")) {
      svg.setAttribute("viewBox", `0 0 ${bins} ${HEIGHT}`);
      svg.innerHTML = `<path class="normal" d="${steps(normal, most)}"/><path class="anomalous" d="${steps(anomalous, most)}"/>`;
    }
    const curve = this.falsePositives.map((rate, k) => `${rate.toFixed(4)},${(1 - this.truePositives[k]).toFixed(4)}`);
    part(root, ".roc svg", SVGElement).innerHTML = `<path d="M0 1L1 0"/><polyline points="${curve.join(" ")}"/>`;
    write(part(root, ".area"), `[AUROC](auroc) ${scores.auroc.toFixed(scores.auroc > 0.995 ? 4 : 3)}`);
    part(root, ".roc").setAttribute("aria-label", `ROC curve, area ${scores.auroc.toFixed(4)}`);
    const legend = part(root, ".scores .legend");
    legend.innerHTML = `<span class="normal"></span> <span class="anomalous"></span>`;
    part(legend, ".normal").textContent = words.normal;
    part(legend, ".anomalous").textContent = words.anomalous;
    const score = SCORES.reduce((text, [name, key]) => text.replace(name, `[${name}](${key})`), scores.score);
    const unit = scores.unit.replace("nats", "[nats](nat)");
    write(part(root, ".axis"), `${score} of an image (${unit}, log scale): drag the threshold, or use the arrow keys`);
    write(part(root, ".roc-axis"), "x: [false positive rate](false-positives), y: [true positive rate](true-positives)");
    write(part(root, ".threshold-unit"), `[threshold](threshold), ${scores.unit}`);
    write(part(root, ".true-words"), `of the ${words.anomalous} flagged ([true positives](true-positives))`);
    write(part(root, ".false-words"), `of the ${words.normal} flagged ([false positives](false-positives))`);
    this.layTicks();
    this.box.setAttribute("aria-valuemin", "0");
    this.box.setAttribute("aria-valuemax", String(bins));
    this.start = this.falsePositives.findIndex((rate) => rate <= FALSE_POSITIVES);
    this.set(this.start);
  }

  layTicks() {
    const { edges } = this.scores;
    const low = Math.log10(edges[0]);
    const span = Math.log10(edges[edges.length - 1]) - low;
    const factors = span > 3.2 ? [1] : [1, 2, 5];
    const ticks = [];
    for (let power = Math.floor(low); power <= low + span; power += 1) {
      for (const factor of factors) {
        const at = (power + Math.log10(factor) - low) / span;
        if (at < 0.02 || at > 0.98) continue;
        const tick = document.createElement("span");
        tick.textContent = String(Number((factor * 10 ** power).toPrecision(1)));
        tick.style.left = `${100 * at}%`;
        ticks.push(tick);
      }
    }
    part(this.root, ".ticks").replaceChildren(...ticks);
  }

  /** @param {number} place the edge from which images are flagged */
  set(place) {
    const { root, bins, scores, words } = this;
    this.place = Math.min(bins, Math.max(0, place));
    const threshold = scores.edges[this.place];
    const [falsePositive, truePositive] = [this.falsePositives[this.place], this.truePositives[this.place]];
    const share = (100 * this.place) / bins;
    part(root, ".beyond", SVGElement).style.clipPath = `inset(0 0 0 ${share}%)`;
    part(root, ".mark").style.left = `${share}%`;
    const point = part(root, ".point");
    point.style.left = `${100 * falsePositive}%`;
    point.style.top = `${100 * (1 - truePositive)}%`;
    part(root, ".threshold-value").textContent = rounded(threshold);
    part(root, ".true-positives").textContent = percent(truePositive);
    part(root, ".false-positives").textContent = percent(falsePositive);
    this.box.setAttribute("aria-valuenow", String(this.place));
    this.box.setAttribute(
      "aria-valuetext",
      `${rounded(threshold)}: ${percent(truePositive)} of the ${words.anomalous} flagged, ` +
        `${percent(falsePositive)} of the ${words.normal} flagged`,
    );
    this.changed(threshold);
  }

  destroy() {
    this.stopListening();
  }
}

/** At each edge the share of images above it. @param {number[]} counts @returns {number[]} */
export function sharesAbove(counts) {
  const shares = new Array(counts.length + 1).fill(0);
  for (let k = counts.length - 1; k >= 0; k -= 1) shares[k] = shares[k + 1] + counts[k];
  const total = shares[0];
  return shares.map((count) => count / total);
}

/** The share of all that each bar holds. @param {number[]} counts @returns {number[]} */
function bars(counts) {
  const shares = new Array(Math.ceil(counts.length / GROUP)).fill(0);
  const total = counts.reduce((sum, count) => sum + count, 0);
  counts.forEach((count, k) => {
    shares[Math.floor(k / GROUP)] += count / total;
  });
  return shares;
}

/** The outline of a histogram as an SVG path. @param {number[]} shares @param {number} most the tallest bar */
function steps(shares, most) {
  const path = shares.map((share, k) => `V${(HEIGHT * (1 - (0.97 * share) / most)).toFixed(2)}H${GROUP * (k + 1)}`);
  return `M0 ${HEIGHT}${path.join("")}V${HEIGHT}Z`;
}

/** @param {number} share */
function percent(share) {
  const digits = share > 0 && (share < 0.01 || share > 0.99) && share < 1 ? 2 : 1;
  return `${(100 * share).toFixed(digits)} %`;
}

/** @param {number} value three digits of it */
export function rounded(value) {
  return value >= 100 ? value.toFixed(0) : String(Number(value.toPrecision(3)));
}
