// Train: a run's latent map unfolding over its epochs, and ten test images above their reconstructions.

import { part } from "../dom.mjs";
import { LatentMap } from "../map/latent_map.mjs";
import { openDataset, withArticle } from "../model/dataset.mjs";
import { reducedMotion } from "../motion.mjs";
import { Playback } from "../run/playback.mjs";
import { RunWatcher } from "../run/watcher.mjs";
import { View } from "../view.mjs";
import { ClassFilter } from "../widgets/class_filter.mjs";
import { DigitCanvas } from "../widgets/digit_canvas.mjs";
import { write } from "../widgets/prose.mjs";
import { draggable } from "../widgets/range.mjs";
import { FILTER_KEYS, SLIDER_KEYS, ZOOM_KEYS } from "../widgets/key_help.mjs";

/** @typedef {import("../contract").Train} Data */

/** @typedef {import("../contract").RunProgress} RunProgress */

/** @typedef {import("../model/dataset.mjs").Dataset} Dataset */

/** Runs that were brought into view, each once. @type {Set<string>} */
const revealed = new Set();

/** @extends {View<Data, Dataset, import("../contract").TrainState>} */
export default class Train extends View {
  /** @param {HTMLElement} root */
  constructor(root) {
    super(root);
    this.run = "";
    /** @type {Dataset | null} */
    this.dataset = null;
    this.map = new LatentMap(part(root, ".map"), "latent map of the run", {});
    this.filter = new ClassFilter(part(root, ".filter"), (visibleClasses) => this.map.update({ visibleClasses }));
    this.pairs = Array.from({ length: 10 }, () => buildPair(part(root, ".pair-list")));
    draggable(part(root, ".epoch", HTMLInputElement));
    this.playback = new Playback(part(root, ".scrub"), {
      frame: (snapshot) => this.showMap(snapshot),
      arrive: ({ reconstructions }) => {
        this.pairs.forEach(({ reconstruction }, k) => {
          reconstruction.drawBytes(reconstructions.subarray(784 * k, 784 * (k + 1)));
        });
      },
    });
    this.watcher = new RunWatcher({
      progress: (progress) => this.showProgress(progress),
      redraw: (state) => this.report(state),
    });
  }

  /** @param {Data} data */
  prepare({ run, base, dataset, progress, prior, reveal }) {
    const { noun, plural } = dataset;
    part(this.root, ".pairs-title").textContent = `test ${plural} and their reconstructions`;
    const words =
      `The [codes](code) of the first 2,000 test ${plural}. Each map is rotated to match the one before, so that what moves ` +
      "is what the model has learned." +
      (prior ? " The circle is one [standard deviation](sigma) of the [prior](prior) N(0, I)." : "");
    write(part(this.root, ".hint"), words);
    this.map.update({ circles: prior ? [1] : [] });
    if (run !== this.run) this.change(run, base, noun);
    if (reveal) this.reveal();
    this.watcher.pageDrawn(progress);
  }

  /** @param {Data} data */
  load({ base, dataset }) {
    return openDataset(base, dataset);
  }

  /** @param {Data} data @param {Dataset} dataset @param {import("../theme.mjs").Theme} theme */
  async show({ progress }, dataset, theme) {
    this.dataset = dataset;
    if (dataset.entry.class_names.join() !== this.filter.names.join()) this.filter.choose(null);
    this.filter.setNames(dataset.entry.class_names);
    this.showOriginals(dataset);
    this.map.update({ theme });
    await this.showProgress(progress);
    this.watcher.schedule(progress);
  }

  /** @returns {import("../widgets/key_help.mjs").Row[]} */
  keys() {
    return [["← → ↑ ↓", "on the map: move the cursor, around which + and − zoom"], ...ZOOM_KEYS, ...SLIDER_KEYS, ...FILTER_KEYS];
  }

  /** A run that was just started comes into view, where it is below or above it. */
  reveal() {
    if (revealed.has(this.run)) return;
    revealed.add(this.run);
    const { top } = this.root.getBoundingClientRect();
    if (top > 0 && top < 0.6 * window.innerHeight) return;
    this.root.scrollIntoView({ block: "start", behavior: reducedMotion() ? "auto" : "smooth" });
  }

  /** Another run: forget the one before. @param {string} run @param {string} base @param {string} noun */
  change(run, base, noun) {
    this.run = run;
    this.watcher.watch(`${base}/live/${run}`);
    this.playback.open(`${base}/runs/${run}/snapshots`);
    this.map.update({ points: { u: new Float32Array(0), v: new Float32Array(0) } });
    this.announcer.say("");
    for (const { original, reconstruction } of this.pairs) {
      reconstruction.drawBytes(new Uint8Array(784));
      original.canvas.setAttribute("aria-label", `a real ${noun}`);
    }
  }

  /** @param {RunProgress} progress */
  async showProgress(progress) {
    part(this.root, ".progress").hidden = !progress.alive;
    part(this.root, "progress", HTMLProgressElement).value = progress.done;
    write(part(this.root, ".pace"), pace(progress));
    this.announcer.say(`The run is ${progress.state}.`);
    await this.playback.setMoments(progress.snapshots);
  }

  /** @param {Dataset} dataset */
  showOriginals(dataset) {
    const { noun } = dataset.entry;
    dataset.entry.example_images.forEach((i, place) => {
      const { original, reconstruction } = this.pairs[place];
      const name = dataset.className(i);
      original.drawBytes(dataset.image(i));
      original.canvas.setAttribute("aria-label", `a real ${name}`);
      reconstruction.canvas.setAttribute("aria-label", `decoded ${noun}, reconstruction of ${withArticle(name)}`);
    });
  }

  /** @param {import("../run/snapshots.mjs").Snapshot} snapshot */
  showMap({ u, v, frame: [left, right, bottom, top] }) {
    if (!this.dataset) return;
    const frame = { u: [left, right], v: [bottom, top], probability: false };
    this.map.update({
      points: { u, v },
      classes: this.dataset.labels,
      classNames: this.dataset.entry.class_names,
      frame: /** @type {import("../map/viewport.mjs").Frame} */ (frame),
    });
  }

  destroy() {
    super.destroy();
    this.watcher.stop();
    this.playback.destroy();
    this.map.destroy();
  }
}

/** A test image above its reconstruction. @param {HTMLElement} list */
function buildPair(list) {
  const pair = document.createElement("div");
  pair.className = "pair";
  const [original, reconstruction] = [0, 1].map(() => {
    const canvas = document.createElement("canvas");
    canvas.setAttribute("role", "img");
    pair.append(canvas);
    return new DigitCanvas(canvas);
  });
  list.append(pair);
  return { original, reconstruction };
}

/** Progress, time left and speed in a line. @param {RunProgress} progress */
function pace({ state, epoch, epochs, seconds_left: left, images_per_second: speed }) {
  const words = epochs ? [`[epoch](epoch) ${epoch} of ${epochs}`] : [];
  if (state === "running" && left !== null) words.push(`${duration(left)} left`);
  if (state === "running" && speed) words.push(`${Math.round(speed).toLocaleString("en")} images per second`);
  return words.join(" · ");
}

/** 75 -> "1 min 15 s". @param {number} seconds */
function duration(seconds) {
  const whole = Math.max(1, Math.round(seconds));
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  return `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`;
}
