// DOM helpers that several views share.

/**
 * An element that the view's HTML is known to have.
 * @template {Element} [T=HTMLElement]
 * @param {ParentNode} root @param {string} selector
 * @param {new () => T} [kind] what it is, such as HTMLButtonElement; else an HTMLElement
 * @returns {T}
 */
export function part(root, selector, kind) {
  const found = root.querySelector(selector);
  const wanted = kind ?? /** @type {new () => T} */ (/** @type {unknown} */ (HTMLElement));
  if (!(found instanceof wanted)) throw new Error(`the page lacks ${selector}`);
  return found;
}

/** @param {HTMLCanvasElement} canvas @param {CanvasRenderingContext2DSettings} [settings] */
export function context2d(canvas, settings) {
  const context = canvas.getContext("2d", settings);
  if (!context) throw new Error("this browser can't draw on a canvas");
  return context;
}

/**
 * A button with a text and what a click on it does.
 * @param {string} text @param {() => void} act @returns {HTMLButtonElement}
 */
export function button(text, act) {
  const made = document.createElement("button");
  made.type = "button";
  made.textContent = text;
  made.addEventListener("click", act);
  return made;
}

/**
 * Make the ten class colours of the theme available to CSS as --digit-0 to --digit-9.
 * @param {HTMLElement} root @param {string[]} colours
 */
export function spreadColours(root, colours) {
  colours.forEach((colour, digit) => root.style.setProperty(`--digit-${digit}`, colour));
}

/**
 * The event of a pointer that moves: browsers hold back pointermove until a frame begins, and some have one without that
 * wait. In a frame Chromium may count that one's place from the corner of the page around it, so there it isn't used.
 * @returns {"pointermove"} or "pointerrawupdate", which TypeScript doesn't know
 */
export function pointerMove() {
  const raw = "onpointerrawupdate" in window && window === window.top;
  return /** @type {"pointermove"} */ (raw ? "pointerrawupdate" : "pointermove");
}
