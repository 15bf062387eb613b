// A button that copies a text, over plain http too.

const SHOWN = 2000; // ms that it says so

/**
 * @param {HTMLElement} button @param {() => string} text
 * @param {(sentence: string) => void} say what a screen reader is told
 */
export function copyButton(button, text, say) {
  const words = button.textContent ?? "";
  let timer = 0;
  button.addEventListener("click", async () => {
    const copied = (await byClipboard(text())) || bySelection(text());
    button.focus({ preventScroll: true });
    button.textContent = copied ? "Copied" : "Not allowed here";
    say(copied ? "Copied" : "This browser doesn't let the page copy. Select the lines instead.");
    clearTimeout(timer);
    timer = window.setTimeout(() => {
      button.textContent = words;
    }, SHOWN);
  });
}

/** @param {string} text @returns {Promise<boolean>} */
async function byClipboard(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    // There is no clipboard without https, and none in a frame that wasn't given it.
    return false;
  }
}

/** @param {string} text @returns {boolean} */
function bySelection(text) {
  const area = document.createElement("textarea");
  area.value = text;
  area.style.cssText = "position: fixed; opacity: 0";
  document.body.append(area);
  area.select();
  const copied = document.execCommand("copy");
  area.remove();
  return copied;
}
