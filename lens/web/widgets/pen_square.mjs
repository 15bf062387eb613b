// A square to draw on, by mouse, finger, pen or keys.

import { context2d, pointerMove } from "../dom.mjs";
import { Drawing, PEN, SIDE } from "../maths/drawing.mjs";
import { RenderLoop } from "../render_loop.mjs";

/** @typedef {import("../maths/drawing.mjs").Point} Point */

const STEP = SIDE / 28; // of a key: one of the network's pixels
const FINE = STEP / 5;
/** @type {Record<string, Point>} */
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

/** @type {import("./key_help.mjs").Row[]} */
export const PEN_KEYS = [
  ["← → ↑ ↓ in the drawing", "move the pen; with Shift in finer steps"],
  ["Space", "put the pen down, or lift it"],
  ["Ctrl+Z, Delete", "undo, clear"],
];

export class PenSquare {
  /**
   * @param {HTMLCanvasElement} canvas CSS enlarges it
   * @param {{change: () => void, say: (words: string) => void}} on the drawing is another one; words for a screen reader
   */
  constructor(canvas, on) {
    this.canvas = canvas;
    this.on = on;
    this.drawing = new Drawing();
    canvas.width = canvas.height = SIDE;
    canvas.tabIndex = 0;
    canvas.setAttribute("role", "application");
    canvas.setAttribute("aria-roledescription", "drawing square");
    this.context = context2d(canvas);
    this.pixels = new ImageData(SIDE, SIDE);
    this.words = new Uint32Array(this.pixels.data.buffer);
    /** The pointer that draws. @type {number | null} */
    this.pointer = null;
    /** Where keys move the pen. @type {Point} */
    this.cursor = [SIDE / 2, SIDE / 4];
    this.keysUsed = false;
    this.loop = new RenderLoop(
      async () => this.paint(),
      (error) => {
        throw error;
      },
    );
    canvas.addEventListener("pointerdown", (event) => this.press(event));
    canvas.addEventListener(pointerMove(), (event) => this.move(event));
    for (const end of /** @type {const} */ (["pointerup", "pointercancel"])) {
      canvas.addEventListener(end, (event) => this.lift(event));
    }
    canvas.addEventListener("keydown", (event) => this.key(event));
    canvas.addEventListener("focus", () => this.showCursor(canvas.matches(":focus-visible")));
    canvas.addEventListener("blur", () => {
      this.drawing.end();
      this.showCursor(false);
    });
    this.changed(false);
  }

  /** @param {MouseEvent} event @returns {Point} */
  place(event) {
    const box = this.canvas.getBoundingClientRect();
    return [((event.clientX - box.left) / box.width) * SIDE, ((event.clientY - box.top) / box.height) * SIDE];
  }

  /** @param {PointerEvent} event */
  press(event) {
    if (event.button !== 0 || this.pointer !== null) return;
    event.preventDefault();
    this.canvas.focus({ preventScroll: true });
    this.canvas.setPointerCapture(event.pointerId);
    this.pointer = event.pointerId;
    this.showCursor(false);
    this.drawing.begin(this.place(event));
    this.changed();
  }

  /** @param {PointerEvent} event */
  move(event) {
    if (event.pointerId !== this.pointer) return;
    const passed = event.getCoalescedEvents?.() ?? [];
    for (const each of passed.length ? passed : [event]) this.drawing.extend(this.place(each));
    this.changed();
  }

  /** @param {PointerEvent} event */
  lift(event) {
    if (event.pointerId !== this.pointer) return;
    this.pointer = null;
    this.drawing.end();
    this.changed();
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    const { key, shiftKey } = event;
    const command = event.ctrlKey || event.metaKey;
    if (event.altKey || this.pointer !== null) return;
    if (command && key.toLowerCase() === "z") this.undo();
    else if (command) return;
    else if (key in ARROWS) this.step(ARROWS[key], shiftKey ? FINE : STEP);
    else if (key === " ") this.putDown(!this.drawing.drawing);
    else if (key === "Delete" || key === "Backspace") this.clear();
    else if (key === "Escape" && this.drawing.drawing) this.putDown(false);
    else return;
    event.preventDefault();
  }

  /** @param {Point} direction @param {number} length */
  step([right, down], length) {
    const within = (/** @type {number} */ at) => Math.min(SIDE, Math.max(0, at));
    const [x, y] = this.cursor;
    this.cursor = [within(x + right * length), within(y + down * length)];
    this.showCursor(true);
    if (!this.drawing.drawing) return;
    this.drawing.extend(this.cursor);
    this.changed();
  }

  /** @param {boolean} down */
  putDown(down) {
    this.showCursor(true);
    if (down) this.drawing.begin(this.cursor);
    else this.drawing.end();
    this.on.say(down ? "pen down" : "pen lifted");
    this.changed();
  }

  /** @param {boolean} shown */
  showCursor(shown) {
    this.keysUsed = shown;
    this.loop.ask();
  }

  /** @param {import("../maths/drawing.mjs").Picture} picture to cover the square with */
  cover(picture) {
    this.drawing.place(picture);
    this.changed();
  }

  undo() {
    this.drawing.undo();
    this.changed();
  }

  clear() {
    this.drawing.clear();
    this.changed();
  }

  /** @param {boolean} [tell] */
  changed(tell = true) {
    const { empty } = this.drawing;
    const words = `drawing${empty ? ", empty" : ""}. Arrow keys move the pen, Space puts it down or lifts it.`;
    if (this.canvas.ariaLabel !== words) this.canvas.ariaLabel = words;
    this.loop.ask();
    if (tell) this.on.change();
  }

  paint() {
    const { context, words } = this;
    const levels = this.drawing.square();
    for (let k = 0; k < levels.length; k += 1) words[k] = (0xff000000 | (Math.round(255 * levels[k]) * 0x010101)) >>> 0;
    context.putImageData(this.pixels, 0, 0);
    if (!this.keysUsed) return;
    const ring = (/** @type {string} */ colour, /** @type {number} */ width) => {
      context.beginPath();
      context.arc(...this.cursor, PEN / 2, 0, 2 * Math.PI);
      context.strokeStyle = colour;
      context.lineWidth = width;
      context.stroke();
    };
    // Seen on ink and on paper.
    ring("#000", 6);
    ring(this.drawing.drawing ? "#ffd43b" : "#fff", 3);
  }

  stop() {
    this.loop.stop();
  }
}
