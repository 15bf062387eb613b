// Two pictures of the glossary that are no images: the bell curve, and the codes of the test images on a map.

import { spreadColours } from "../dom.mjs";
import { readTheme } from "../theme.mjs";
import { frameOf, projectAll } from "../maths/plane.mjs";

const [WIDTH, HEIGHT, FLOOR] = [320, 110, 92]; // of a chart, in its own units
const REACH = 3.6; // standard deviations each way
const DOTS = 2000; // test images on a map

/** @param {number} x in standard deviations */
const across = (x) => (WIDTH * (x + REACH)) / (2 * REACH);

/** The density of N(0, 1), with what lies within one σ filled. @returns {SVGSVGElement} */
export function bell() {
  const points = Array.from({ length: 121 }, (_, k) => -REACH + (2 * REACH * k) / 120);
  const height = (/** @type {number} */ x) => FLOOR - (FLOOR - 6) * Math.exp(-x * x / 2);
  const path = (/** @type {number[]} */ xs) => xs.map((x) => `${across(x).toFixed(1)} ${height(x).toFixed(1)}`).join("L");
  const inner = points.filter((x) => Math.abs(x) <= 1);
  const ticks = [-3, -2, -1, 0, 1, 2, 3].map((x) => {
    const words = x < 0 ? `−${-x}` : String(x);
    return `<path d="M${across(x)} ${FLOOR}v4"/><text x="${across(x)}" y="${HEIGHT - 1}">${words}</text>`;
  });
  const made = svg("the bell curve; two thirds of it lie between −1 and 1");
  made.innerHTML = `<path class="inner" d="M${across(inner[0])} ${FLOOR}L${path(inner)}L${across(inner[inner.length - 1])} ${FLOOR}Z"/>
    <path class="line" d="M${path(points)}"/><path d="M0 ${FLOOR}H${WIDTH}"/>${ticks.join("")}`;
  return made;
}

/** The codes of test images as dots in the colours of their classes. @param {string} name of the model */
export function map(name) {
  const made = svg("the codes of test digits as dots, coloured by class", 200);
  const draw = async (/** @type {import("./figure.mjs").Context} */ { model, dataset }) => {
    const found = await model(name);
    const { u, v } = projectAll(found);
    const frame = frameOf(found.entry.space);
    const place = (/** @type {number} */ value, /** @type {[number, number]} */ [low, high]) => (value - low) / (high - low);
    spreadColours(/** @type {HTMLElement} */ (/** @type {unknown} */ (made)), readTheme(/** @type {any} */ (made)).digits);
    let dots = "";
    for (let i = 0; i < DOTS; i += 1) {
      const [x, y] = [place(u[i], /** @type {[number, number]} */ (frame.u)), place(v[i], /** @type {[number, number]} */ (frame.v))];
      if (x < 0 || x > 1 || y < 0 || y > 1) continue;
      dots += `<circle cx="${(WIDTH * x).toFixed(1)}" cy="${(200 * (1 - y)).toFixed(1)}" r="1.6" fill="var(--digit-${dataset.labels[i]})"/>`;
    }
    made.innerHTML = dots;
  };
  return { element: made, draw };
}

/** @param {string} says for screen readers @param {number} [height] */
function svg(says, height = HEIGHT) {
  const made = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  made.setAttribute("viewBox", `0 0 ${WIDTH} ${height}`);
  made.setAttribute("role", "img");
  made.setAttribute("aria-label", says);
  return made;
}
