// Colours come from Streamlit's theme, so that charts and maps agree and light and dark both work.

/** @typedef {{text: string, faint: string, ground: string, accent: string, digits: string[]}} Theme */

/** @param {Element} element @returns {Theme} */
export function readTheme(element) {
  const style = getComputedStyle(element);
  const value = (/** @type {string} */ name) => style.getPropertyValue(name).trim();
  const text = value("--st-text-color") || "#1c2030";
  return {
    text,
    faint: value("--st-border-color") || "#dde0e8",
    ground: value("--st-secondary-background-color") || "#f4f5f8",
    accent: value("--st-primary-color") || text,
    digits: value("--st-chart-categorical-colors").split(",").map((colour) => colour.trim()),
  };
}
