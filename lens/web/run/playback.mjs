// Moves from one snapshot of a run to another: follows the newest, follows the slider, replays all.

import { part } from "../dom.mjs";
import { eased, reducedMotion } from "../motion.mjs";
import { moveByKeys } from "../widgets/key_steps.mjs";
import { between, momentName, Snapshots } from "./snapshots.mjs";

/** @typedef {import("./snapshots.mjs").Moment} Moment */

/** @typedef {import("./snapshots.mjs").Snapshot} Snapshot */

const MOVE = 700; // ms from one snapshot to the next
const PACE = 45; // ms between two frames of the way
const REPLAY = 220; // ms from one snapshot to the next while replaying, less where there are many
const REPLAY_LEAST = 60;
const REPLAY_ALL = 12_000; // ms that a replay may take

export class Playback {
  /**
   * @param {HTMLElement} root has the slider, its value and the button
   * @param {{frame: (snapshot: Snapshot) => void, arrive: (snapshot: Snapshot) => void}} on called for each frame
   *   of the way, and once at its start with the snapshot that it leads to
   */
  constructor(root, on) {
    this.on = on;
    this.snapshots = new Snapshots("");
    /** @type {Moment[]} those that have a snapshot */
    this.moments = [];
    this.following = true; // the newest one is shown as it comes
    this.replaying = false;
    this.shown = -1; // a place in `moments`
    this.move = 0; // counts the moves, so that the newest wins
    this.animation = 0;
    this.timer = 0;
    /** @type {Snapshot | null} what is on show, on the way too */
    this.now = null;
    this.slider = part(root, ".epoch", HTMLInputElement);
    this.value = part(root, ".epoch-value");
    this.button = part(root, ".replay");
    moveByKeys(this.slider, () => 1);
    this.slider.addEventListener("input", () => {
      this.stop();
      this.following = this.slider.valueAsNumber === this.moments.length - 1;
      this.go(this.slider.valueAsNumber, 0);
    });
    this.button.addEventListener("click", () => this.replay());
  }

  /** Forget the run before. @param {string} url of another run's snapshots */
  open(url) {
    this.destroy();
    this.button.textContent = "Replay";
    this.snapshots = new Snapshots(url);
    this.moments = [];
    this.following = true;
    this.shown = -1;
    this.now = null;
    this.value.textContent = "";
  }

  /** @param {Moment[]} moments those that have a snapshot now, in their order */
  async setMoments(moments) {
    const before = this.moments;
    // A run that resumes from a checkpoint drops the moments after it.
    const changed = before.findIndex((moment, place) => String(moment) !== String(moments[place]));
    if (changed >= 0) {
      this.snapshots.forgetAll();
      if (this.following || this.shown >= changed) this.shown = -1;
    }
    this.moments = moments;
    this.slider.max = String(Math.max(0, moments.length - 1));
    if (!moments.length) return;
    if (this.shown < 0 || (this.following && moments.length !== before.length)) {
      await this.go(moments.length - 1, this.shown < 0 ? 0 : MOVE);
    }
  }

  /** Move to the snapshot at `place`. @param {number} place @param {number} duration ms */
  async go(place, duration) {
    this.move += 1;
    const { move } = this;
    const moment = this.moments[place];
    this.shown = place;
    this.slider.value = String(place);
    const target = await this.snapshots.get(moment);
    if (move !== this.move) return;
    const name = momentName(moment);
    const words = target ? name : `${name}: lost`;
    this.value.textContent = words;
    this.slider.setAttribute("aria-valuetext", words);
    cancelAnimationFrame(this.animation);
    if (!target) return;
    this.on.arrive(target);
    if (this.now && duration && !document.hidden && !reducedMotion()) this.animate(this.now, target, duration);
    else this.show(target);
  }

  /** @param {Snapshot} start @param {Snapshot} target @param {number} duration ms */
  animate(start, target, duration) {
    const begun = performance.now();
    let drawn = 0;
    const step = (/** @type {number} */ time) => {
      const share = Math.min(1, Math.max(0, time - begun) / duration);
      if (share < 1) this.animation = requestAnimationFrame(step);
      // Drawing every frame would take processor time from the training that is being watched.
      if (share < 1 && time - drawn < PACE) return;
      drawn = time;
      this.show(between(start, target, eased(share)));
    };
    this.animation = requestAnimationFrame(step);
  }

  /** @param {Snapshot} snapshot */
  show(snapshot) {
    this.now = snapshot;
    this.on.frame(snapshot);
  }

  async replay() {
    if (this.replaying) {
      this.stop();
      return;
    }
    if (this.moments.length < 2) return;
    this.button.textContent = "Stop";
    this.replaying = true;
    this.following = false;
    const pause = Math.max(REPLAY_LEAST, Math.min(REPLAY, REPLAY_ALL / this.moments.length));
    await this.go(0, 0);
    const step = async () => {
      if (!this.replaying) return;
      if (this.shown >= this.moments.length - 1) {
        this.stop();
        return;
      }
      await this.go(this.shown + 1, pause);
      if (this.replaying) this.timer = window.setTimeout(step, pause);
    };
    this.timer = window.setTimeout(step, pause);
  }

  stop() {
    clearTimeout(this.timer);
    this.replaying = false;
    this.button.textContent = "Replay";
    this.following = this.shown === this.moments.length - 1;
  }

  destroy() {
    clearTimeout(this.timer);
    cancelAnimationFrame(this.animation);
    this.replaying = false;
    this.move += 1;
  }
}
