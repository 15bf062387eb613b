// The one loop that turns the newest wish into a picture: at most one drawing a frame, none queued.

export class Live {
  /** @param {() => Promise<void>} draw draws the state as it is now */
  constructor(draw) {
    this.draw = draw;
    this.wanted = false;
    this.busy = false;
    this.drawn = false;
    this.stopped = false;
  }

  /**
   * Say that the state has changed. The first change in a frame is drawn at once, so that the picture is ready
   * when the frame is; later ones wait for the next frame, and the newest wins.
   */
  ask() {
    this.wanted = true;
    this.next();
  }

  next() {
    if (!this.wanted || this.busy || this.drawn || this.stopped) return;
    this.wanted = false;
    this.busy = true;
    this.drawn = true;
    requestAnimationFrame(() => {
      this.drawn = false;
      this.next();
    });
    this.draw().finally(() => {
      this.busy = false;
      this.next();
    });
  }

  stop() {
    this.stopped = true;
  }
}
