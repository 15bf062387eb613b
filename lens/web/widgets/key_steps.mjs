// Keys of a slider: the same steps in every browser, while the pointer still moves it smoothly.

/** Steps that a key makes; the ends are set in `keyStep`. @type {Record<string, number>} */
const STEPS = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1, PageDown: -10, PageUp: 10, Home: 0, End: 0 };

/**
 * Where a key moves a slider: one step, ten by a page key, or to an end. What lies between two steps stays there.
 * @param {string} key @param {number} value @param {{low: number, high: number, step: number}} range
 * @returns {number | null} null for any other key
 */
export function keyStep(key, value, { low, high, step }) {
  if (!Object.hasOwn(STEPS, key)) return null;
  if (key === "Home") return low;
  if (key === "End") return high;
  const moved = Math.min(high, Math.max(low, value + STEPS[key] * step));
  // Sums of steps such as 0.1 would grow digits.
  return Number(moved.toPrecision(12));
}

/**
 * Let keys move a range input as `keyStep` says; it sends "input" and "change" as for the browser's own keys.
 * @param {HTMLInputElement} input @param {() => number} step
 */
export function moveByKeys(input, step) {
  input.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const range = { low: Number(input.min), high: Number(input.max), step: step() };
    const value = keyStep(event.key, input.valueAsNumber, range);
    if (value === null) return;
    event.preventDefault();
    if (value === input.valueAsNumber) return;
    input.value = String(value);
    input.dispatchEvent(new Event("input", { bubbles: true }));
    input.dispatchEvent(new Event("change", { bubbles: true }));
  });
}

/** A number as it is read out: at most two decimals, with a minus sign. @param {number} value */
export function spoken(value) {
  const short = Number(value.toFixed(2));
  return short < 0 ? `−${-short}` : String(Math.abs(short));
}
