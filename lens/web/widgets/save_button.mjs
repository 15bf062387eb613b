// A button that makes a file and hands it to the browser; a failure is a sentence beside it.

import { download } from "../export.mjs";
import { reason } from "../view.mjs";

/**
 * @param {HTMLElement} button @param {HTMLElement} place of the sentence
 * @param {string} kind of file, such as "GIF" @param {() => string} name of the file, without its ending
 * @param {() => Promise<Blob>} make @param {(sentence: string) => void} say tells a screen reader
 */
export function saveButton(button, place, kind, name, make, say) {
  let busy = false;
  button.addEventListener("click", async () => {
    if (busy) return;
    busy = true;
    place.textContent = "";
    // Not `disabled`, which would take the focus away.
    button.setAttribute("aria-disabled", "true");
    try {
      download(await make(), `${name()}.${kind.toLowerCase()}`);
    } catch (error) {
      place.textContent = `The ${kind} couldn't be made: ${reason(error)}. Press the button to try again.`;
      say(place.textContent);
    } finally {
      busy = false;
      button.removeAttribute("aria-disabled");
    }
  });
}
