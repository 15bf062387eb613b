// The script of the answers to a handout: its numbers are computed as the lessons' are, when they are shown.

import { part } from "../dom.mjs";
import { fillMeasures } from "./measure_text.mjs";

const given = JSON.parse(part(document, "#measured").textContent ?? "");
const base = new URL(".", document.baseURI).href.replace(/\/$/, "");
await fillMeasures(document.body, { ...given, base }, () => true);
document.body.dataset.ready = "true";
