// The script of the answers to a handout: its numbers are computed as the lessons' are, when they are shown.

import { part } from "./dom.mjs";
import { fillMeasures } from "./lesson/measure_text.mjs";

/** Fill in the numbers of the page. */
export async function fillAnswers() {
  const given = JSON.parse(part(document, "#measured").textContent ?? "");
  const base = new URL(".", document.baseURI).href.replace(/\/$/, "");
  const print = part(document, ".print", HTMLButtonElement);
  const words = print.textContent;
  // On paper, a number that isn't known yet would stay so.
  print.disabled = true;
  print.textContent = "Computing numbers …";
  await fillMeasures(document.body, { ...given, base }, () => true);
  print.disabled = false;
  print.textContent = words;
}

// The page has no other script that could call it.
if (globalThis.document?.querySelector("#measured")) await fillAnswers();
