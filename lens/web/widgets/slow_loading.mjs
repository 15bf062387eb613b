// Says what a slow connection waits for, once a view takes longer to come than usual.

import { bytesReceived } from "../model/formats.mjs";

const PATIENCE = 2500; // ms without a word
const EVERY = 400; // ms between two looks at what has come

export class SlowLoading {
  /** @param {HTMLElement} place @param {(sentence: string) => void} say to a screen reader, once */
  constructor(place, say) {
    this.place = place;
    this.say = say;
    this.timer = 0;
  }

  /** Begin to wait; a wait that has begun goes on. */
  begin() {
    if (this.timer) return;
    const before = bytesReceived();
    this.timer = window.setTimeout(() => {
      this.say("Loading models and images.");
      this.show(before);
      this.place.hidden = false;
      this.timer = window.setInterval(() => this.show(before), EVERY);
    }, PATIENCE);
  }

  end() {
    // One number names either kind of timer.
    clearTimeout(this.timer);
    this.timer = 0;
    this.place.hidden = true;
  }

  /** @param {number} before */
  show(before) {
    this.place.textContent = loadingWords(bytesReceived() - before);
  }
}

/** @param {number} bytes that have come since the wait began @returns {string} */
export function loadingWords(bytes) {
  return `Loading models and images: ${(bytes / 1e6).toFixed(1)} MB so far`;
}
