// Plays t from 0 to 1 and back, lap after lap.

const LAP = 3500;

export class Player {
  /** @param {(t: number) => void} show called in every frame @param {number} [lap] ms from 0 to 1 */
  constructor(show, lap = LAP) {
    this.show = show;
    this.lap = lap;
    this.request = 0;
  }

  get playing() {
    return this.request !== 0;
  }

  /** @param {number} start t */
  play(start) {
    let t = start;
    let last = performance.now();
    let direction = t < 1 ? 1 : -1;
    const step = (/** @type {number} */ now) => {
      t += (direction * Math.max(0, now - last)) / this.lap;
      last = now;
      if (t >= 1 || t <= 0) {
        direction = -direction;
        t = Math.min(1, Math.max(0, t));
      }
      this.show(t);
      this.request = requestAnimationFrame(step);
    };
    this.request = requestAnimationFrame(step);
  }

  stop() {
    cancelAnimationFrame(this.request);
    this.request = 0;
  }
}
