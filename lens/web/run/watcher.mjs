// Asks the server how far a run is, and requests a redraw of the page when it is due.
//
// A request costs a few hundred bytes. Redrawing the page, with its curves, costs a thousand times that and slows
// training down, so it happens less and less often.

import { fetchFile } from "../model/files.mjs";

/** @typedef {import("../contract").RunProgress} RunProgress */

/** @typedef {import("../contract").TrainState} TrainState */

const INTERVAL = 2000; // ms between two requests about a run that is alive
const FIRST_INTERVAL = 500; // in its first epoch, whose first steps move the map most
const REDRAW = 3000; // ms to the second drawing of the page, and so much more to each one after
const REDRAW_MOST = 20_000;

export class RunWatcher {
  /** @param {{progress: (progress: RunProgress) => Promise<void>, redraw: (state: TrainState) => void}} on */
  constructor(on) {
    this.on = on;
    this.address = "";
    /** @type {RunProgress | null} what the page shows */
    this.drawn = null;
    this.drawnAt = 0;
    this.drawings = 0;
    this.timer = 0;
    this.visible = () => this.ask();
    document.addEventListener("visibilitychange", this.visible);
  }

  /** @param {string} address of another run's progress */
  watch(address) {
    this.address = address;
    this.drawn = null;
    this.drawings = 0;
  }

  /** The page was redrawn. @param {RunProgress} progress */
  pageDrawn(progress) {
    this.drawn = progress;
    this.drawnAt = performance.now();
    this.drawings += 1;
  }

  /** Ask again in a while. @param {RunProgress} progress as it was last known */
  schedule({ alive, state, epoch }) {
    clearTimeout(this.timer);
    const interval = state === "running" && !epoch ? FIRST_INTERVAL : INTERVAL;
    if (alive) this.timer = window.setTimeout(() => this.ask(), interval);
  }

  /** Ask the server how far the run is, unless the page is hidden. */
  async ask() {
    if (document.hidden || !this.drawn?.alive) return;
    const { address } = this;
    /** @type {RunProgress | null} */
    let progress = null;
    let gone = false;
    try {
      const answer = await fetchFile(address, { cache: "no-store" });
      progress = answer.ok ? await answer.json() : null;
      gone = answer.status === 404;
    } catch {
      // The server can't be reached; Streamlit shows that, and it may come back.
    }
    if (address !== this.address) return;
    // After a redraw, the page shows that the run was deleted.
    if (gone) this.on.redraw({ state: "gone", message: "", epoch: 0 });
    const known = progress ?? this.drawn;
    if (known) this.schedule({ ...known, alive: true });
    if (!progress) return;
    await this.on.progress(progress);
    if (address === this.address && this.redrawDue(progress)) {
      const { state, message, epoch } = progress;
      this.on.redraw({ state, message, epoch });
    }
  }

  /** @param {RunProgress} now @returns {boolean} whether the page should be redrawn */
  redrawDue({ state, message, epoch }) {
    const { drawn } = this;
    if (!drawn) return false;
    if (state !== drawn.state || message !== drawn.message) return true;
    if (epoch > 0 && !drawn.epoch) return true;
    const wait = Math.min(REDRAW_MOST, REDRAW * (this.drawings - 1));
    return epoch !== drawn.epoch && performance.now() - this.drawnAt >= wait;
  }

  stop() {
    clearTimeout(this.timer);
    document.removeEventListener("visibilitychange", this.visible);
    this.drawn = null;
  }
}
