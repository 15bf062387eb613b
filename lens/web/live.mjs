// The one loop that turns the newest wish into a picture: at most one drawing in flight, none queued.

export class Live {
  /** @param {() => Promise<void>} draw draws the state as it is now */
  constructor(draw) {
    this.draw = draw;
    this.wanted = false;
    this.busy = false;
    this.stopped = false;
  }

  /** Say that the state has changed; it is drawn in the next frame. */
  ask() {
    if (this.wanted || this.stopped) return;
    this.wanted = true;
    if (!this.busy) requestAnimationFrame(() => this.frame());
  }

  async frame() {
    if (this.stopped) return;
    this.wanted = false;
    this.busy = true;
    try {
      await this.draw();
    } finally {
      this.busy = false;
    }
    if (this.wanted) requestAnimationFrame(() => this.frame());
  }

  stop() {
    this.stopped = true;
  }
}
