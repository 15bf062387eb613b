// A laser pointer over the whole window: a dot with a trail that follows the mouse, a pen or a finger.

import { context2d } from "../dom.mjs";
import { dot, recent, strokes } from "./trail.mjs";

const RED = "255, 31, 61";
const RADIUS = 7; // of the dot, CSS pixels
const MARGIN = 16; // around what was drawn, for its glow

/** @typedef {import("./trail.mjs").Place} Place */

export class Laser {
  /** @param {HTMLCanvasElement} canvas as large as the window */
  constructor(canvas) {
    this.canvas = canvas;
    this.context = context2d(canvas);
    /** @type {Place[]} */
    this.places = [];
    /** @type {[number, number, number, number] | null} what was drawn: left, top, width, height */
    this.drawn = null;
    this.frame = 0;
    this.calm = window.matchMedia("(prefers-reduced-motion: reduce)");
    this.listening = new AbortController();
    const { signal } = this.listening;
    const options = { capture: true, passive: true, signal };
    for (const type of /** @type {const} */ (["pointermove", "pointerdown"])) {
      window.addEventListener(type, (event) => this.follow(event), options);
    }
    // A finger that is lifted and one that begins to scroll point no more.
    window.addEventListener("pointerup", (event) => event.pointerType !== "mouse" && this.lift(), options);
    window.addEventListener("pointercancel", () => this.lift(), options);
    window.addEventListener("resize", () => this.resize(), { signal });
    this.resize();
  }

  stop() {
    this.listening.abort();
    cancelAnimationFrame(this.frame);
  }

  resize() {
    const scale = window.devicePixelRatio;
    this.canvas.width = Math.round(window.innerWidth * scale);
    this.canvas.height = Math.round(window.innerHeight * scale);
    this.context.setTransform(scale, 0, 0, scale, 0, 0);
    this.drawn = null;
  }

  /** @param {PointerEvent} event */
  follow(event) {
    const all = event.type === "pointermove" ? (event.getCoalescedEvents?.() ?? []) : [];
    for (const { clientX, clientY } of all.length ? all : [event]) {
      this.places.push({ x: clientX, y: clientY, time: performance.now() });
    }
    // Another finger, or a mouse that comes back: no stroke leads there.
    if (event.type === "pointerdown" && event.pointerType !== "mouse") this.places = this.places.slice(-1);
    this.ask();
  }

  lift() {
    const last = this.places.at(-1);
    if (last) last.time -= 10_000;
    this.ask();
  }

  ask() {
    this.frame ||= requestAnimationFrame(() => {
      this.frame = 0;
      this.draw(performance.now());
    });
  }

  /** @param {number} now ms */
  draw(now) {
    const { context } = this;
    if (this.drawn) context.clearRect(...this.drawn);
    this.drawn = null;
    this.places = recent(this.places, now);
    const last = this.places.at(-1);
    if (!last) return;
    const seen = dot(now - last.time);
    const trail = this.calm.matches ? [] : strokes(this.places, now);
    if (!seen && !trail.length) return;
    context.lineCap = "round";
    // White below red: seen on black, on white and on every colour of a map. It tapers, and nothing shines through.
    for (const [colour, wider] of /** @type {const} */ ([["#fff", 3], [`rgb(${RED})`, 0]])) {
      context.strokeStyle = colour;
      for (const { from, to, left } of trail) {
        context.lineWidth = left * (1.5 * RADIUS + wider);
        context.beginPath();
        context.moveTo(from.x, from.y);
        context.lineTo(to.x, to.y);
        context.stroke();
      }
    }
    const glow = context.createRadialGradient(last.x, last.y, RADIUS, last.x, last.y, 2 * RADIUS);
    glow.addColorStop(0, `rgba(${RED}, ${0.45 * seen})`);
    glow.addColorStop(1, `rgba(${RED}, 0)`);
    this.disc(last, 2 * RADIUS, glow);
    this.disc(last, RADIUS + 1.5, `rgba(255, 255, 255, ${seen})`);
    this.disc(last, RADIUS, `rgba(${RED}, ${seen})`);
    const [xs, ys] = [this.places.map(({ x }) => x), this.places.map(({ y }) => y)];
    const [left, top] = [Math.min(...xs) - MARGIN, Math.min(...ys) - MARGIN];
    this.drawn = [left, top, Math.max(...xs) + MARGIN - left, Math.max(...ys) + MARGIN - top];
    this.ask();
  }

  /** @param {Place} place @param {number} radius @param {string | CanvasGradient} fill */
  disc({ x, y }, radius, fill) {
    this.context.fillStyle = fill;
    this.context.beginPath();
    this.context.arc(x, y, radius, 0, 2 * Math.PI);
    this.context.fill();
  }
}
