// Several buttons that are one tab stop; arrow keys, Home and End go from one to another.

/** @typedef {{rove: (k: number) => void}} Stop */

/** @param {HTMLElement} group @param {HTMLButtonElement[]} buttons in it @returns {Stop} whose `rove` says which one Tab reaches */
export function oneTabStop(group, buttons) {
  const rove = (/** @type {number} */ at) => buttons.forEach((each, k) => (each.tabIndex = k === at ? 0 : -1));
  group.addEventListener("keydown", (event) => {
    const at = buttons.findIndex((each) => each.tabIndex === 0);
    const to = nextStop(event.key, at, buttons.length);
    if (to === null || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    rove(to);
    buttons[to].focus();
  });
  rove(0);
  return { rove };
}

/** @param {string} key @param {number} at @param {number} count of buttons @returns {number | null} null for any other key */
export function nextStop(key, at, count) {
  if (key === "Home") return 0;
  if (key === "End") return count - 1;
  if (key === "ArrowLeft" || key === "ArrowUp") return Math.max(0, at - 1);
  if (key === "ArrowRight" || key === "ArrowDown") return Math.min(count - 1, at + 1);
  return null;
}
