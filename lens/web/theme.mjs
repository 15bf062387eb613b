// Colours come from Streamlit's theme, so that charts and maps agree and light and dark both work.

export const CLASSES = 62; // the most that a data set has; after ten, colours repeat

/** `type` is how large type is, 1 where 1 rem is 16 pixels. @typedef {{text: string, faint: string, ground: string, accent: string, digits: string[], type: number}} Theme */

/** @param {Element} element @returns {Theme} */
export function readTheme(element) {
  const style = getComputedStyle(element);
  const value = (/** @type {string} */ name) => style.getPropertyValue(name).trim();
  // What the variable comes to: it may be a function of the scheme.
  const text = style.color || "#1c2030";
  const colours = value("--st-chart-categorical-colors").split(",").map((colour) => colour.trim());
  return {
    text,
    faint: value("--st-border-color") || "#dde0e8",
    ground: value("--st-secondary-background-color") || "#f4f5f8",
    accent: value("--st-primary-color") || text,
    digits: Array.from({ length: CLASSES }, (_, label) => colours[label % colours.length]),
    type: Number.parseFloat(getComputedStyle(document.documentElement).fontSize) / 16,
  };
}

/**
 * Call `changed` whenever the theme does.
 * @param {HTMLElement} element has the theme's text colour @param {() => void} changed @returns {() => void} stops
 */
export function onTheme(element, changed) {
  // Only a transition tells of a new value of a CSS variable.
  element.style.transition = "color 1ms";
  const heard = (/** @type {TransitionEvent} */ event) => {
    if (event.target === element && event.propertyName === "color") changed();
  };
  element.addEventListener("transitionend", heard);
  const forced = window.matchMedia("(forced-colors: active)");
  forced.addEventListener("change", changed);
  return () => {
    element.removeEventListener("transitionend", heard);
    forced.removeEventListener("change", changed);
  };
}

/**
 * Call `changed` whenever the page is zoomed or moved to a screen of other pixels.
 * @param {() => void} changed @returns {() => void} stops
 */
export function onDensity(changed) {
  const listening = new AbortController();
  const { signal } = listening;
  let density = window.devicePixelRatio;
  const look = () => {
    if (window.devicePixelRatio === density) return;
    density = window.devicePixelRatio;
    changed();
    watch();
  };
  // A zoom resizes the page; another screen may not.
  const watch = () => {
    const query = window.matchMedia(`(resolution: ${density}dppx)`);
    query.addEventListener("change", look, { once: true, signal });
  };
  window.addEventListener("resize", look, { signal });
  watch();
  return () => listening.abort();
}

/** @param {string} colour such as "#1c2030" or "rgb(28, 32, 48)" @returns {[number, number, number]} red, green and blue, 0 to 255 */
export function rgb(colour) {
  const [red, green, blue] = colour.startsWith("#")
    ? [1, 3, 5].map((start) => Number.parseInt(colour.slice(start, start + 2), 16))
    : (colour.match(/[\d.]+/g) ?? []).map(Number);
  return [red, green, blue];
}
