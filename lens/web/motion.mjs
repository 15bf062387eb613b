// Movement that shows where something went: short, and none for those who prefer less of it.

const GLIDE = 250; // ms

/** Whether the user prefers less movement. */
export function reducedMotion() {
  return window.matchMedia("(prefers-reduced-motion: reduce)").matches;
}

/** A way from 0 to 1 that starts and ends slowly. @param {number} share of the time @returns {number} */
export function eased(share) {
  return share * share * (3 - 2 * share);
}

/** Moves numbers to where they are to be. */
export class Glide {
  /** @param {(now: Float32Array) => void} move shows the numbers as they are now @param {() => void} arrived */
  constructor(move, arrived) {
    this.move = move;
    this.arrived = arrived;
    /** @type {Float32Array | null} where they are going, or null if they rest */
    this.target = null;
    this.frame = 0;
  }

  /** From where they are now, on another way too. @param {ArrayLike<number>} from @param {ArrayLike<number>} to */
  go(from, to) {
    this.stop();
    const start = Float32Array.from(from);
    const target = Float32Array.from(to);
    this.target = target;
    if (document.hidden || reducedMotion()) {
      this.arrive(target);
      return;
    }
    const begun = performance.now();
    const step = (/** @type {number} */ time) => {
      const share = Math.min(1, Math.max(0, time - begun) / GLIDE);
      if (share === 1) {
        this.arrive(target);
        return;
      }
      this.frame = requestAnimationFrame(step);
      this.move(start.map((value, k) => value + eased(share) * (target[k] - value)));
    };
    this.frame = requestAnimationFrame(step);
  }

  /** @param {Float32Array} target */
  arrive(target) {
    this.target = null;
    this.move(target);
    this.arrived();
  }

  /** Stay where they are. */
  stop() {
    cancelAnimationFrame(this.frame);
    this.target = null;
  }
}
