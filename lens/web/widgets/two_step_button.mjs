// A button for what can't be undone: the first press asks, the second one does it.

/**
 * @param {HTMLElement} button @param {string} question that it asks @param {() => void} act
 */
export function twoStepButton(button, question, act) {
  const words = button.textContent;
  let asked = false;
  const ask = (/** @type {boolean} */ now) => {
    asked = now;
    button.textContent = now ? question : words;
  };
  button.addEventListener("click", () => {
    const sure = asked;
    ask(!sure);
    if (sure) act();
  });
  button.addEventListener("blur", () => ask(false));
  button.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !asked) return;
    event.stopPropagation();
    ask(false);
  });
}
