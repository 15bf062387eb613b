// Small pieces of page that several views share.

/**
 * An element that the view's HTML is known to have.
 * @param {ParentNode} root @param {string} selector @returns {any}
 */
export function part(root, selector) {
  const found = root.querySelector(selector);
  if (!found) throw new Error(`the page lacks ${selector}`);
  return found;
}

/**
 * A row of ten buttons, one a digit, that say which classes a map shows. The first click singles one out;
 * further clicks add or take away, and with none left all are shown again.
 * @param {HTMLElement} root @param {(shown: boolean[]) => void} changed
 */
export function classFilter(root, changed) {
  const shown = new Array(10).fill(true);
  const buttons = shown.map((_, digit) => {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = String(digit);
    button.style.setProperty("--digit", `var(--digit-${digit})`);
    button.title = `show only ${digit}`;
    button.addEventListener("click", () => {
      if (shown.every(Boolean)) shown.fill(false);
      shown[digit] = !shown[digit];
      if (!shown.some(Boolean)) shown.fill(true);
      sync();
      changed(shown);
    });
    return root.appendChild(button);
  });
  const sync = () => {
    const all = shown.every(Boolean);
    buttons.forEach((button, digit) => {
      button.setAttribute("aria-pressed", String(shown[digit]));
      button.title = all ? `show only ${digit}` : `${shown[digit] ? "hide" : "show"} ${digit}`;
    });
  };
  sync();
}

/**
 * Make the ten digit colours of the theme available to CSS as --digit-0 to --digit-9.
 * @param {HTMLElement} root @param {string[]} colours
 */
export function spreadColours(root, colours) {
  colours.forEach((colour, digit) => root.style.setProperty(`--digit-${digit}`, colour));
}
