// Glossary: every term with its meaning, and with a picture that a model draws or a number that it is measured by.

import { part } from "../dom.mjs";
import { figure } from "../glossary/figure.mjs";
import { fill, pieces } from "../glossary/numbers.mjs";
import { openDataset } from "../model/dataset.mjs";
import { View } from "../view.mjs";

/** @typedef {import("../contract").Glossary} Data */

/** @typedef {import("../contract").GlossaryTerm} Term */

/** @typedef {import("../glossary/figure.mjs").Context} Context */

/** @typedef {{term: Term, root: HTMLElement, draw: ((context: Context) => Promise<void>) | null}} Card */

/** @extends {View<Data, {context: Context}, {}>} */
export default class Glossary extends View {
  /** @param {HTMLElement} root */
  constructor(root) {
    super(root);
    /** @type {Card[]} */
    this.cards = [];
    this.built = "";
    /** @type {Context | null} */
    this.context = null;
    /** @type {Map<Element, Card>} those that haven't come near */
    this.waiting = new Map();
    this.watcher = new IntersectionObserver((seen) => this.near(seen), { rootMargin: "50% 0px" });
    const field = part(root, "input", HTMLInputElement);
    field.addEventListener("input", () => this.find(field.value));
    this.follow = () => this.go();
    window.addEventListener("hashchange", this.follow);
  }

  /** @param {Data} data */
  prepare({ terms, models }) {
    const built = JSON.stringify([terms, Object.keys(models)]);
    if (built === this.built) return;
    this.built = built;
    this.watcher.disconnect();
    this.waiting.clear();
    this.cards = terms.map((term) => cardOf(term, models));
    part(this.root, ".chapters").replaceChildren(...chaptersOf(this.cards));
  }

  /** @param {Data} data @param {import("../view.mjs").OpenModel} open */
  async load({ base, dataset: words, models, detectors }, open) {
    const dataset = await openDataset(base, words);
    /** @type {Map<string, Promise<import("../view.mjs").Model>>} */
    const opened = new Map();
    const model = (/** @type {string} */ name) => {
      const opening = opened.get(name) ?? open(models[name]);
      opened.set(name, opening);
      return opening;
    };
    return { context: { base, dataset, model, models, detectors, words } };
  }

  /** @param {Data} _data @param {{context: Context}} loaded */
  async show(_data, { context }) {
    const first = this.context === null;
    this.context = context;
    for (const card of this.cards) {
      if (!card.draw || this.waiting.has(card.root)) continue;
      this.waiting.set(card.root, card);
      this.watcher.observe(card.root);
    }
    // Nothing can be focused before the view is shown.
    if (first) setTimeout(() => this.go());
  }

  /** Draw what comes near. @param {IntersectionObserverEntry[]} seen */
  near(seen) {
    for (const { isIntersecting, target } of seen) {
      const card = this.waiting.get(target);
      if (!isIntersecting || !card?.draw || !this.context) continue;
      this.watcher.unobserve(target);
      card.draw(this.context).catch((error) => this.fail(error));
    }
  }

  /** Show the term that the address names. */
  go() {
    // In a single file, all pages are behind "#": "#glossary#kl".
    const key = decodeURIComponent(window.location.hash.replace(/^.*#/, ""));
    for (const { term, root } of this.cards) root.classList.toggle("sought", term.key === key);
    const card = this.cards.find(({ term }) => term.key === key);
    if (!card) return;
    part(this.root, "input", HTMLInputElement).value = "";
    this.find("");
    card.root.focus({ preventScroll: true });
    card.root.scrollIntoView({ block: "center" });
  }

  /** Show the terms with these words in them. @param {string} words */
  find(words) {
    const sought = words.trim().toLowerCase();
    let count = 0;
    for (const { term, root } of this.cards) {
      const found = `${term.title} ${term.sentence}`.toLowerCase().includes(sought);
      root.hidden = !found;
      count += Number(found);
    }
    for (const chapter of /** @type {NodeListOf<HTMLElement>} */ (this.root.querySelectorAll(".chapter"))) {
      chapter.hidden = !chapter.querySelector("article:not([hidden])");
    }
    part(this.root, ".found").textContent = sought ? (count ? `${count} of ${this.cards.length} terms` : "No such term.") : "";
  }

  destroy() {
    super.destroy();
    this.watcher.disconnect();
    window.removeEventListener("hashchange", this.follow);
  }
}

/** @param {Card[]} cards @returns {HTMLElement[]} a section each */
function chaptersOf(cards) {
  const names = [...new Set(cards.map(({ term }) => term.chapter))];
  return names.map((name) => {
    const section = document.createElement("section");
    section.className = "chapter";
    section.innerHTML = `<h2></h2><div class="cards"></div>`;
    part(section, "h2").textContent = name;
    part(section, ".cards").append(...cards.filter(({ term }) => term.chapter === name).map(({ root }) => root));
    return section;
  });
}

/** @param {Term} term @param {Data["models"]} models @returns {Card} */
function cardOf(term, models) {
  const root = document.createElement("article");
  root.id = term.key;
  root.tabIndex = -1;
  root.innerHTML = "<h3></h3><p></p>";
  part(root, "h3").textContent = term.title;
  part(root, "p").textContent = term.sentence;
  const drawn = term.picture ? figure(term.picture, models) : null;
  const more = term.more ? element(drawn ? "figcaption" : "p", "more", ...pieces(term.more)) : null;
  if (drawn) root.append(element("figure", "", drawn.element, ...(more ? [more] : [])));
  else if (more) root.append(more);
  if (term.lesson) {
    const link = document.createElement("a");
    link.href = `learn?lesson=${term.lesson.key}`;
    link.textContent = term.lesson.title;
    root.append(element("p", "lesson", "Lesson: ", link));
  }
  const measured = more?.querySelector("data") ? more : null;
  const draw = async (/** @type {Context} */ context) => {
    await Promise.all([drawn?.draw?.(context), measured && fill(measured, context)]);
  };
  return { term, root, draw: drawn?.draw || measured ? draw : null };
}

/** @param {string} name @param {string} className @param {(string | Node)[]} content */
function element(name, className, ...content) {
  const made = document.createElement(name);
  if (className) made.className = className;
  made.append(...content);
  return made;
}
