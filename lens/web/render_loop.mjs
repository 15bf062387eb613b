// The loop that draws the newest state: at most one drawing per frame, none queued.

export class RenderLoop {
  /**
   * @param {() => Promise<void>} draw draws the state as it is now
   * @param {(error: unknown) => void} onError what to do when a drawing fails; the loop carries on
   */
  constructor(draw, onError) {
    this.draw = draw;
    this.onError = onError;
    this.wanted = false;
    this.busy = false;
    this.drawn = false;
    this.stopped = false;
  }

  /**
   * Report that the state has changed. The first change in a frame is drawn at once, so that the picture is ready
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
    this.drawOnce();
  }

  async drawOnce() {
    try {
      await this.draw();
    } catch (error) {
      if (!this.stopped) this.onError(error);
    } finally {
      this.busy = false;
      this.next();
    }
  }

  stop() {
    this.stopped = true;
  }
}
