// A threshold on scores, dragged in their histogram: what it finds, what it wrongly accuses, and where on the ROC.

import { part } from "../dom.mjs";

const GROUP = 4; // bins a bar
const HEIGHT = 100; // of the drawing, in units of its own
const ACCUSED = 0.05; // share of normal pictures that the threshold accuses at the start

/**
 * Scores of normal and of strange pictures in the same bins; an edge belongs to the bin above it.
 * @typedef {object} Scores
 * @property {number[]} edges  one more than bins, rising in equal ratios
 * @property {number[]} normal  pictures in each bin
 * @property {number[]} strange
 * @property {number} auroc
 * @property {string} score  its name
 * @property {string} unit
 *
 * @typedef {{normal: string, strange: string}} Words  what the pictures are, such as digits and clothes
 */

export class Threshold {
  /** @param {HTMLElement} root @param {(threshold: number) => void} changed called while it is dragged */
  constructor(root, changed) {
    this.root = root;
    this.changed = changed;
    this.box = part(root, ".histogram");
    this.place = 0;
    /** @type {Scores | null} */
    this.scores = null;
    this.listen();
  }

  listen() {
    const { box } = this;
    let pressed = -1;
    const follow = (/** @type {PointerEvent} */ event) => {
      const { left, width } = box.getBoundingClientRect();
      this.set(Math.round(((event.clientX - left) / width) * this.bins));
    };
    box.addEventListener("pointerdown", (/** @type {PointerEvent} */ event) => {
      if (event.button !== 0 || !this.scores) return;
      pressed = event.pointerId;
      box.setPointerCapture(pressed);
      follow(event);
    });
    box.addEventListener("pointermove", (/** @type {PointerEvent} */ event) => {
      if (event.pointerId === pressed) follow(event);
    });
    const end = () => {
      pressed = -1;
    };
    box.addEventListener("pointerup", end);
    box.addEventListener("pointercancel", end);
    box.addEventListener("keydown", (/** @type {KeyboardEvent} */ event) => {
      /** @type {Record<string, number>} */
      const steps = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1, PageDown: -20, PageUp: 20 };
      /** @type {Record<string, number>} */
      const ends = { Home: 0, End: this.bins };
      if (!this.scores || !(event.key in steps || event.key in ends)) return;
      this.set(ends[event.key] ?? this.place + steps[event.key]);
      event.preventDefault();
    });
  }

  get bins() {
    return this.scores.normal.length;
  }

  /** Other scores; the threshold starts where few normal pictures are accused. @param {Scores} scores @param {Words} words */
  setScores(scores, words) {
    this.scores = scores;
    this.words = words;
    this.accused = sharesAbove(scores.normal);
    this.found = sharesAbove(scores.strange);
    const { root, bins } = this;
    // As shares: there may be fewer pictures of one kind.
    const normal = bars(scores.normal);
    const strange = bars(scores.strange);
    const most = Math.max(...normal, ...strange);
    for (const svg of root.querySelectorAll(".histogram svg")) {
      svg.setAttribute("viewBox", `0 0 ${bins} ${HEIGHT}`);
      svg.innerHTML = `<path class="normal" d="${steps(normal, most)}"/><path class="strange" d="${steps(strange, most)}"/>`;
    }
    const curve = this.accused.map((share, k) => `${share.toFixed(4)},${(1 - this.found[k]).toFixed(4)}`);
    part(root, ".roc svg").innerHTML = `<path d="M0 1L1 0"/><polyline points="${curve.join(" ")}"/>`;
    part(root, ".area").textContent = `AUROC ${scores.auroc.toFixed(scores.auroc > 0.995 ? 4 : 3)}`;
    part(root, ".roc").setAttribute("aria-label", `ROC curve, area ${scores.auroc.toFixed(4)}`);
    part(root, ".scores .legend").innerHTML =
      `<span class="normal">${words.normal}</span> <span class="strange">${words.strange}</span>`;
    part(root, ".axis").textContent =
      `${scores.score} of a picture, ${scores.unit}, logarithmic: drag the threshold, or use the arrow keys`;
    part(root, ".roc-axis").textContent = `right: ${words.normal} accused; up: ${words.strange} found`;
    part(root, ".threshold-unit").textContent = `threshold, ${scores.unit}`;
    part(root, ".found-words").textContent = `of the ${words.strange} found (true positive rate)`;
    part(root, ".accused-words").textContent = `of the ${words.normal} accused (false positive rate)`;
    this.layTicks();
    this.box.setAttribute("aria-valuemin", "0");
    this.box.setAttribute("aria-valuemax", String(bins));
    this.set(this.accused.findIndex((share) => share <= ACCUSED));
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

  /** @param {number} place the edge from which pictures are called strange */
  set(place) {
    const { root, bins, scores, words } = this;
    this.place = Math.min(bins, Math.max(0, place));
    const threshold = scores.edges[this.place];
    const found = percent(this.found[this.place]);
    const accused = percent(this.accused[this.place]);
    const share = (100 * this.place) / bins;
    part(root, ".beyond").style.clipPath = `inset(0 0 0 ${share}%)`;
    part(root, ".mark").style.left = `${share}%`;
    const point = part(root, ".point");
    point.style.left = `${100 * this.accused[this.place]}%`;
    point.style.top = `${100 * (1 - this.found[this.place])}%`;
    part(root, ".threshold-value").textContent = rounded(threshold);
    part(root, ".found").textContent = found;
    part(root, ".accused").textContent = accused;
    this.box.setAttribute("aria-valuenow", String(this.place));
    this.box.setAttribute(
      "aria-valuetext",
      `${rounded(threshold)}: ${found} of the ${words.strange} found, ${accused} of the ${words.normal} accused`,
    );
    this.changed(threshold);
  }
}

/** At each edge the share of pictures that lie above it. @param {number[]} counts @returns {number[]} */
function sharesAbove(counts) {
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
