// What each page of a site shows for an address: which view, with which data, and which words around it.

import { part } from "../dom.mjs";
import { drawsFor } from "./draws.mjs";
import { pick } from "./pickers.mjs";
import { checked, readState } from "./state.mjs";

/** @typedef {import("../contract").Model} Model */

/**
 * @typedef {object} Models  the models of the site, as site_builder/selection.py describes them
 * @property {Record<string, {label: string, sized: string, model: Model}>} models
 * @property {import("../contract").Dataset} dataset
 * @property {string} first
 * @property {Record<string, string[]>} usual
 * @property {[number, number]} starts
 * @property {import("../contract").Draws | null} draws random codes of the usual pair
 */

/**
 * @typedef {object} Shown
 * @property {string} title of the tab, without the product's name
 * @property {Element | null} where the view goes
 * @property {(import("../contract").Page & Record<string, any>) | null} data
 * @property {import("../contract").Draws | null} [draws] random codes below it
 * @property {[string, string][]} [keep] parameters that the address has beside the view's state
 */

/** @typedef {{section: HTMLElement, query: URLSearchParams, visit: number, json: (path: string) => Promise<any>}} Asked */

/** @type {Record<string, (asked: Asked) => Promise<Shown>>} */
export const pages = { explore, compare, interpolate, learn, families, results, glossary };

/** @param {Asked} asked @returns {Promise<Shown>} */
async function explore({ section, query, visit, json }) {
  /** @type {Models} */
  const known = await json("/pages/models.json");
  const asked = query.get("model") ?? "";
  const key = pick(section, "model", Object.hasOwn(known.models, asked) ? asked : known.first);
  const { model, label } = known.models[key];
  for (const words of /** @type {NodeListOf<HTMLElement>} */ (section.querySelectorAll("[data-family]"))) {
    words.hidden = words.dataset.family !== model.family;
  }
  const state = checked(readState("explore", query, visit), known.dataset);
  // A code belongs to one model.
  if (state.z && state.z.length !== model.latent_dim) state.z = null;
  const data = { view: "explore", base: "", model, dataset: known.dataset, state };
  return { title: `Explore ${label.replace(" · ", ", ")}`, where: place(section), data, keep: [["model", key]] };
}

/** @param {Asked} asked @returns {Promise<Shown>} */
async function compare(asked) {
  const { known, keys, models } = await several(asked, "compare");
  const { section, query, visit } = asked;
  const state = checked(readState("compare", query, visit), known.dataset);
  const data = { view: "compare", base: "", models, dataset: known.dataset, state };
  const draws = drawsFor(known, keys);
  const why = section.querySelector(".rolled .why");
  if (why instanceof HTMLElement) why.hidden = draws !== known.draws;
  return { title: `Compare ${names(models)}`, where: place(section), data, draws, keep: [["models", keys.join(",")]] };
}

/** @param {Asked} asked @returns {Promise<Shown>} */
async function interpolate(asked) {
  const { known, keys, models } = await several(asked, "interpolate");
  const { section, query, visit } = asked;
  const [a, b] = known.starts;
  const state = checked(readState("interpolate", query, visit), known.dataset);
  // From the last to the first, as in the app.
  const data = { view: "interpolate", base: "", models: models.reverse(), dataset: known.dataset, a, b, state };
  return { title: "Interpolate", where: place(section), data, keep: [["models", keys.join(",")]] };
}

/**
 * The models side by side.
 * @param {Asked} asked @param {string} page
 */
async function several({ section, query, json }, page) {
  /** @type {Models} */
  const known = await json("/pages/models.json");
  const named = (query.get("models") ?? "").split(",").filter((key) => Object.hasOwn(known.models, key));
  const asked = [...new Set(named)];
  const size = Number(query.get("latents"));
  const alike = Object.keys(known.models).filter((key) => known.models[key].model.latent_dim === size);
  const selects = /** @type {HTMLSelectElement[]} */ ([...section.querySelectorAll("select")]);
  const wanted = asked.length > 1 ? asked : alike.length > 1 ? alike : known.usual[page];
  const keys = [...new Set(wanted)].slice(0, selects.length);
  selects.forEach((select, k) => {
    select.value = keys[k] ?? "";
    // The same model twice would be no comparison.
    for (const option of select.options) option.disabled = option.value !== keys[k] && keys.includes(option.value);
  });
  const sizes = new Set(keys.map((key) => known.models[key].model.latent_dim));
  const models = keys.map((key) => {
    const { model, sized } = known.models[key];
    return sizes.size > 1 ? { ...model, title: sized } : { ...model };
  });
  return { known, keys, models };
}

/** @param {Asked} asked @returns {Promise<Shown>} */
async function learn({ section, query, visit, json }) {
  const { cards, lessons } = await json("/pages/learn.json");
  const key = query.get("lesson") ?? "";
  const lesson = Object.hasOwn(lessons, key) ? lessons[key] : null;
  part(section, ".all-lessons").hidden = !lesson;
  part(section, ".top").hidden = Boolean(lesson);
  const lacking = section.querySelector(".lacking");
  if (lacking instanceof HTMLElement) lacking.hidden = Boolean(lesson);
  const state = { ...readState("lesson", query, visit), lesson: lesson ? key : null };
  const where = place(section);
  if (!lesson) return { title: "Learn", where, data: { view: "lessons", base: "", lessons: cards, state } };
  return { title: `Learn: ${lesson.card.title}`, where, data: { ...lesson, base: "", state } };
}

/** @param {Asked} asked @returns {Promise<Shown>} */
async function families({ section, query, visit, json }) {
  const shown = await json("/pages/families.json");
  const articles = /** @type {HTMLElement[]} */ ([...section.querySelectorAll("article")]);
  const article = articles.find(({ dataset }) => dataset.section === query.get("family")) ?? articles[0];
  const name = article.dataset.section ?? "";
  for (const each of articles) each.hidden = each !== article;
  articles.forEach((each, k) => {
    const link = section.querySelectorAll(".pills a")[k];
    if (each === article) link.setAttribute("aria-current", "true");
    else link.removeAttribute("aria-current");
  });
  const title = `Families: ${part(article, "h2").textContent}`;
  const data = shown[name] ?? null;
  if (!data) return { title, where: null, data };
  const state = "state" in data ? { ...data.state, ...found(readState(data.view, query, visit)) } : null;
  return { title, where: place(article), data: { ...data, base: "", state }, keep: [["family", name]] };
}

/** @param {Asked} asked @returns {Promise<Shown>} */
async function results({ section, query }) {
  const show = pick(section, "show", query.get("show"));
  const family = pick(section, "family", query.get("family"));
  const rows = /** @type {HTMLElement[]} */ ([...section.querySelectorAll(".result")]);
  for (const row of rows) {
    const has = (/** @type {string | undefined} */ words, /** @type {string} */ word) => words?.split(" ").includes(word);
    row.hidden = !has(row.dataset.show, show) || !has(row.dataset.family, family);
  }
  part(section, ".none").hidden = rows.some((row) => !row.hidden);
  return { title: "Results", where: null, data: null };
}

/** @param {Asked} asked @returns {Promise<Shown>} */
async function glossary({ section, json }) {
  const data = { ...(await json("/pages/glossary.json")), view: "glossary", base: "" };
  return { title: "Glossary", where: place(section), data };
}

/** @param {Element} root */
function place(root) {
  return part(root, ".place");
}

/** What an address says, without what it doesn't. @param {Record<string, any>} state */
function found(state) {
  return Object.fromEntries(Object.entries(state).filter(([, value]) => value !== null));
}

/** @param {Model[]} models */
function names(models) {
  return models.map(({ title }) => title).join(", ");
}
