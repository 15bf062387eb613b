// Makes the buttons "Copy link" of all pages work, over plain http too. Runs in the page before Streamlit's own script.

/** @param {Window & typeof globalThis} window */
function copyLinks(window) {
  const { document, navigator } = window;
  document.addEventListener("click", (event) => {
    const button = event.target instanceof window.Element ? event.target.closest(".copy-link button") : null;
    if (button?.parentElement) copy(button.parentElement);
  });

  /** @param {HTMLElement} box the button, its words and a field that is hidden until it is needed; `data-link`, or else the address on show */
  async function copy(box) {
    // A comma needs no escape, and a link reads better without.
    const link = box.dataset.link ?? window.location.href.replaceAll("%2C", ",");
    const words = /** @type {HTMLElement} */ (box.querySelector("span"));
    const field = /** @type {HTMLInputElement} */ (box.querySelector("input"));
    const copied = (await byClipboard(link)) || bySelection(link, box);
    words.textContent = copied ? "Copied" : "Copy link";
    box.classList.toggle("copied", copied);
    field.hidden = copied;
    if (!copied) {
      // Neither is allowed here: the person can still copy what is selected.
      field.value = link;
      field.select();
      return;
    }
    window.setTimeout(() => {
      words.textContent = "Copy link";
      box.classList.remove("copied");
    }, 2000);
  }

  /** @param {string} link @returns {Promise<boolean>} */
  async function byClipboard(link) {
    try {
      await navigator.clipboard.writeText(link);
      return true;
    } catch {
      // There is no clipboard without https, and none in a frame that wasn't given it.
      return false;
    }
  }

  /** @param {string} link @param {HTMLElement} box in a dialog, nothing else can be selected @returns {boolean} */
  function bySelection(link, box) {
    const focused = document.activeElement;
    const area = document.createElement("textarea");
    area.value = link;
    area.style.cssText = "position: fixed; opacity: 0";
    box.append(area);
    area.select();
    const copied = document.execCommand("copy");
    area.remove();
    if (focused instanceof window.HTMLElement) focused.focus({ preventScroll: true });
    return copied;
  }
}
