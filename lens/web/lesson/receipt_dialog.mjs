// The dialog behind "Receipt": a name, a page to print, a file to hand in. Nothing of it leaves the browser.

import { button, part } from "../dom.mjs";
import { download } from "../export.mjs";
import { fetchOwn } from "../model/files.mjs";
import { receiptJson, receiptPage, summary } from "./receipt.mjs";

/** @typedef {import("./progress.mjs").Progress} Progress */

const STYLE = `
dialog.receipt {
  width: min(26rem, 92vw); padding: 1.2rem 1.4rem; color: var(--st-text-color); background: var(--st-background-color);
  border: 1px solid var(--st-border-color); border-radius: var(--st-base-radius);
}
dialog.receipt::backdrop { background: rgb(0 0 0 / 0.45); }
.receipt :is(h2, p) { margin: 0 0 0.8rem; }
.receipt h2 { font-size: 1.15rem; }
.receipt label { display: grid; gap: 0.25rem; margin-bottom: 0.25rem; font-weight: 600; }
.receipt input {
  font: inherit; font-weight: 400; padding: 0.4rem 0.6rem; color: inherit; background: transparent;
  border: 1px solid color-mix(in srgb, var(--st-text-color) 55%, transparent); border-radius: var(--st-button-radius, 0.5rem);
}
.receipt .hint { margin: 0 0 1rem; }
.receipt .buttons .close { flex: 0 1 auto; }
`;

/** Asked for at once, so that a click opens the page without waiting: browsers block a late one. @type {Promise<string> | null} */
let styling = null;
let style = "";
let name = ""; // as it was typed last, while the page is open

function fetchStyle() {
  styling ??= fetchOwn("paper.css")
    .then((answer) => (answer.ok ? answer.text() : ""))
    .catch(() => "");
  return styling.then((text) => {
    style = text;
    // Another try next time.
    if (!text) styling = null;
  });
}

/**
 * Open the dialog, within the view whose button was pressed.
 * @param {HTMLElement} root of the view @param {Progress} progress
 */
export function openReceipt(root, progress) {
  void fetchStyle();
  const dialog = document.createElement("dialog");
  dialog.className = "receipt";
  dialog.setAttribute("aria-labelledby", "receipt-title");
  dialog.innerHTML = `<style>${STYLE}</style><h2 id="receipt-title">Receipt</h2><p class="sum"></p>
    <label>Your name <input type="text" autocomplete="off" maxlength="80"></label>
    <p class="hint">It goes onto the receipt and nowhere else.</p><div class="buttons"></div>`;
  const lessons = Object.values(progress.lessons);
  part(dialog, ".sum").textContent = lessons.length ? summary(lessons) : "You haven't begun a lesson in this browser.";
  const field = part(dialog, "input", HTMLInputElement);
  field.value = name;
  field.addEventListener("input", () => {
    name = field.value;
  });
  const signature = () => ({ name, made: new Date() });
  const open = button("Open to print", () => openPage(receiptPage(progress, signature(), style)));
  const save = button("Save as JSON", () => {
    const text = `${JSON.stringify(receiptJson(progress, signature()), null, 2)}\n`;
    download(new Blob([text], { type: "application/json" }), fileName("json"));
  });
  const close = button("Close", () => dialog.close());
  close.className = "close";
  part(dialog, ".buttons").append(open, save, close);
  dialog.addEventListener("close", () => dialog.remove());
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog) dialog.close();
  });
  // Keys typed here are no keys of the view.
  dialog.addEventListener("keydown", (event) => event.stopPropagation());
  root.append(dialog);
  dialog.showModal();
}

/** In a tab of its own, or as a file where the browser opens none. @param {string} html */
function openPage(html) {
  const blob = new Blob([html], { type: "text/html" });
  const address = URL.createObjectURL(blob);
  // The address stays good as long as the page that made it, so that the tab can be loaded again.
  if (window.open(address, "_blank")) return;
  URL.revokeObjectURL(address);
  download(blob, fileName("html"));
}

/** "receipt-ada-lovelace.json" @param {string} ending */
function fileName(ending) {
  const words = name.trim().toLowerCase().split(/[^\p{L}\p{N}]+/u).filter(Boolean);
  return `${["receipt", ...words].join("-")}.${ending}`;
}
