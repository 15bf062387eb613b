// The Share panel: a dialog that builds a link for a class and draws its QR code.

import { part } from "../dom.mjs";
import { controlsIn, wordsOf } from "./controls.mjs";
import { askedBy, isOwn, linkTo, startsOf } from "./link.mjs";
import { qr } from "./qr.mjs";

const HTML = `
<form>
  <h2 id="share-title">Share</h2>
  <div class="choices">
    <fieldset class="starts"><legend>The link opens</legend></fieldset>
    <fieldset class="ways">
      <legend>For a class</legend>
      <label><input type="checkbox" name="present"><span><strong>Projector mode</strong>
        <small>large type, no menus, a laser pointer</small></span></label>
      <label><input type="checkbox" name="locked"><span><strong>Locked</strong>
        <small>no way to other pages</small></span></label>
    </fieldset>
    <details class="hides"><summary>Hide</summary><div class="list" role="group" aria-label="Hide"></div></details>
  </div>
  <div class="result">
    <button type="button" class="code"></button>
    <p class="too-long" hidden>This link is too long for a QR code.</p>
    <label class="link">Link<textarea readonly rows="3" spellcheck="false"></textarea></label>
    <div class="copy-link"><button type="button"><span aria-live="polite">Copy link</span></button>
      <input type="text" readonly hidden aria-label="Link"></div>
    <button type="button" class="now">Projector mode now</button>
    <p class="own" hidden>Only this computer can open this address. README, “For a class”, says how to let others in.</p>
  </div>
  <button type="button" class="close" aria-label="Close" title="Close"></button>
</form>`;

/** @param {() => void} present begins projector mode here */
export function open(present) {
  const dialog = document.createElement("dialog");
  dialog.className = "share";
  dialog.setAttribute("aria-labelledby", "share-title");
  dialog.innerHTML = HTML;
  // Boxes and bars in the colours of the theme.
  const app = document.querySelector("[data-testid=stApp]");
  if (app) dialog.style.colorScheme = getComputedStyle(app).colorScheme;
  document.body.append(dialog);
  const panel = new Panel(dialog, window.location.href);
  part(dialog, ".now").addEventListener("click", () => {
    dialog.close();
    present();
  });
  part(dialog, ".close").addEventListener("click", () => dialog.close());
  // Enter on a box asks for this.
  dialog.addEventListener("submit", (event) => event.preventDefault());
  dialog.addEventListener("close", () => dialog.remove());
  // A click beside the dialog is one on its backdrop.
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog) dialog.close();
  });
  // Escape makes a large code small again before it closes the panel.
  dialog.addEventListener("cancel", (event) => {
    if (panel.enlarge(false)) event.preventDefault();
  });
  dialog.showModal();
}

class Panel {
  /** @param {HTMLDialogElement} dialog @param {string} here the address on show */
  constructor(dialog, here) {
    this.dialog = dialog;
    this.starts = startsOf(here);
    this.asked = askedBy(here);
    this.code = part(dialog, ".code", HTMLButtonElement);
    this.copied = part(dialog, ".copy-link");
    part(dialog, ".own").hidden = !isOwn(new URL(here).hostname);
    for (const name of /** @type {const} */ (["present", "locked"])) {
      part(dialog, `[name=${name}]`, HTMLInputElement).checked = this.asked[name];
    }
    const starts = part(dialog, ".starts");
    starts.hidden = this.starts.length === 1;
    starts.append(...this.starts.map(({ words }, i) => choice("radio", "start", String(i), words, i === 0)));
    const controls = [...new Set([...controlsIn(document), ...this.asked.hide])];
    const hides = part(dialog, ".hides", HTMLDetailsElement);
    hides.hidden = !controls.length;
    // On a phone, the link and its code come sooner.
    hides.open = window.innerWidth > 700 || this.asked.hide.length > 0;
    part(hides, ".list").append(
      ...controls.map((name) => choice("checkbox", "hide", name, wordsOf(name), this.asked.hide.includes(name))),
    );
    dialog.addEventListener("change", () => this.show());
    this.code.addEventListener("click", () => this.enlarge(!this.dialog.classList.contains("large")));
    this.show();
  }

  /** The link as it is chosen now, and its code. */
  show() {
    const form = new FormData(part(this.dialog, "form", HTMLFormElement));
    const href = linkTo(this.starts[Number(form.get("start") ?? 0)].href, {
      hide: form.getAll("hide").map(String),
      locked: form.has("locked"),
      present: form.has("present"),
    });
    part(this.dialog, "textarea", HTMLTextAreaElement).value = href;
    this.copied.dataset.link = href;
    const found = qr(href);
    part(this.dialog, ".too-long").hidden = Boolean(found);
    this.code.hidden = !found;
    if (found) this.code.innerHTML = picture(found);
    this.enlarge(false);
  }

  /** Fill the window with the code, for a class to scan. @param {boolean} on @returns {boolean} whether that changed */
  enlarge(on) {
    const was = this.dialog.classList.contains("large");
    this.dialog.classList.toggle("large", on);
    this.code.setAttribute("aria-label", on ? "QR code of the link: make it small" : "QR code of the link: fill the window");
    this.code.title = on ? "Make it small" : "Fill the window";
    return was !== on;
  }
}

/** @param {{path: string, size: number}} code */
function picture({ path, size }) {
  return `<svg viewBox="0 0 ${size} ${size}" aria-hidden="true" shape-rendering="crispEdges">
    <rect width="${size}" height="${size}" fill="#fff"/><path d="${path}" fill="#000"/></svg>`;
}

/** @param {string} type @param {string} name @param {string} value @param {string} words @param {boolean} checked */
function choice(type, name, value, words, checked) {
  const label = document.createElement("label");
  const input = document.createElement("input");
  Object.assign(input, { type, name, value, checked });
  const text = document.createElement("span");
  text.textContent = words;
  label.append(input, text);
  return label;
}
