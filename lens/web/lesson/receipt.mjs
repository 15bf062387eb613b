// What a person has done in the lessons, as a page to print and as JSON to hand in. docs/receipt.md describes both.

import { fixed } from "../widgets/decimals.mjs";

/** @typedef {import("./progress.mjs").Progress} Progress */

/** @typedef {import("./progress.mjs").LessonProgress} LessonProgress */

/** @typedef {import("./progress.mjs").StepProgress} StepProgress */

/** @typedef {{name: string, made: Date}} Signature  the name as typed, and when */

const FORMAT = "latent-lab.receipt";

/** The receipt as it is handed in. @param {Progress} progress @param {Signature} signature */
export function receiptJson(progress, { name, made }) {
  return {
    format: FORMAT,
    version: 1,
    name: name.trim(),
    made: made.toISOString(),
    lessons: inOrder(progress).map(([key, { title, started, finished, seconds, steps }]) => ({
      key,
      title,
      started,
      finished,
      seconds: Math.round(seconds),
      steps: steps.map(({ title: step, answer, words, right, sketch, deed }) => ({
        title: step,
        answer,
        words,
        right,
        sketch,
        deed,
      })),
    })),
  };
}

/**
 * The receipt as a page of HTML that needs nothing else.
 * @param {Progress} progress @param {Signature} signature
 * @param {string} style its style sheet
 */
export function receiptPage(progress, { name, made }, style) {
  const lessons = inOrder(progress);
  const day = made.toLocaleDateString("en-GB", { day: "numeric", month: "long", year: "numeric" });
  const body = lessons.length
    ? `<div class="done">\n${lessons.map(([, lesson]) => lessonBlock(lesson)).join("\n")}\n</div>`
    : "<p>No lesson was begun in this browser.</p>";
  const title = name.trim() ? `Receipt: ${name.trim()}` : "Receipt";
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escaped(title)} · Latent Lab</title>
<style>
${style}</style>
</head>
<body>
<main>
<header><p class="product">Latent Lab</p><h1>Receipt</h1><p class="day">${escaped(day)}</p>
<button type="button" class="print" onclick="print()">Print</button></header>
<p class="fields"><label>Name <input value="${escaped(name.trim())}" autocomplete="off"></label></p>
<p class="sum">${escaped(summary(lessons.map(([, lesson]) => lesson)))}</p>
${body}
<footer>This browser wrote the receipt; nothing was sent anywhere.</footer>
</main>
</body>
</html>
`;
}

/** Those that were begun, the first one first. @param {Progress} progress @returns {[string, LessonProgress][]} */
function inOrder({ lessons }) {
  return Object.entries(lessons).sort(([, a], [, b]) => (a.started < b.started ? -1 : Number(a.started > b.started)));
}

/** "2 of 3 lessons finished · 4 of 5 predictions came true · 9 minutes" @param {LessonProgress[]} lessons */
export function summary(lessons) {
  const finished = lessons.filter((lesson) => lesson.finished !== null).length;
  const said = lessons.flatMap(({ steps }) => steps).filter(({ right }) => right !== null);
  const came = said.filter(({ right }) => right).length;
  const parts = [`${finished} of ${counted(lessons.length, "lesson")} finished`];
  if (said.length) parts.push(`${came} of ${counted(said.length, "prediction")} came true`);
  parts.push(minutes(lessons.reduce((sum, { seconds }) => sum + seconds, 0)));
  return parts.join(" · ");
}

/** @param {number} count @param {string} noun */
function counted(count, noun) {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}

/** @param {number} seconds */
export function minutes(seconds) {
  return seconds < 60 ? "under a minute" : counted(Math.round(seconds / 60), "minute");
}

/** Its title, the minutes, and a row for each step that asked something. @param {LessonProgress} lesson */
function lessonBlock({ title, seconds, finished, steps }) {
  const rows = steps.flatMap((step) => {
    const words = [prediction(step), deed(step)].filter(Boolean).join(" · ");
    return words ? [`<tr><th scope="row">${escaped(step.title)}</th><td>${escaped(words)}</td></tr>`] : [];
  });
  return `<article><h2>${escaped(title)} <small>${minutes(seconds)}${finished === null ? ", not finished" : ""}</small></h2>
<table>${rows.join("")}</table></article>`;
}

/** @param {StepProgress} step */
function prediction({ words, right, sketch }) {
  if (sketch) return `marked ${sketch.map((at) => fixed(at)).join(", ")}`;
  if (words === null) return "";
  return right === null ? words : `${words} · ${right ? "came true" : "did not"}`;
}

/** @param {StepProgress} step */
function deed({ deed: asked }) {
  if (!asked) return "";
  const often = asked.times > 1 ? `, ${asked.times} times` : "";
  if (asked.done) return `done${often}`;
  return asked.times ? `begun${often}` : "not done";
}

/** Text within HTML. @param {string} text */
function escaped(text) {
  const entities = /** @type {Record<string, string>} */ ({ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" });
  return text.replace(/[&<>"]/g, (letter) => entities[letter]);
}
