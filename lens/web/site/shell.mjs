// The shell of a static site: it shows the page that the address names, and keeps the address up to date.

import { part } from "../dom.mjs";
import { provideFiles } from "../model/files.mjs";
import { Addresses, followLinks } from "./links.mjs";
import { pages } from "./pages.mjs";
import { picked, pickers } from "./pickers.mjs";
import { Place } from "./place.mjs";
import { writeState } from "./state.mjs";

/**
 * @typedef {object} Settings
 * @property {(path: string) => Promise<Response | null>} read gives a file of the site, unpacked
 * @property {boolean} single whether all pages are in this document
 * @property {string | null} worker the service worker that keeps the site for offline use
 * @property {import("./links.mjs").Links} links
 * @property {(window: Window, read: () => Promise<any>) => void} explainTerms of terms.js
 */

const PRODUCT = "Latent Lab";

/** @param {Settings} settings */
export async function start(settings) {
  provideFiles(settings.read);
  const shell = new Shell(settings);
  settings.explainTerms(window, () => shell.json("/terms.json"));
  followLinks(window, shell.addresses);
  await shell.show();
  if (settings.worker && "serviceWorker" in navigator && window.isSecureContext) {
    // Once the page is there: the rest of the site would come in its way.
    await navigator.serviceWorker.register(settings.worker).catch(() => {});
  }
}

class Shell {
  /** @param {Settings} settings */
  constructor({ read, single, links }) {
    this.read = read;
    this.single = single;
    this.page = document.documentElement.dataset.page ?? "";
    this.addresses = new Addresses(links, single, () => this.page);
    this.place = new Place();
    this.rolled = new Place();
    this.visit = 0;
    this.search = ""; // of the address on show
    this.turn = 0;
    /** @type {Map<string, Promise<any>>} */
    this.known = new Map();
    // Maps are drawn in the colours that were.
    window.matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.show());
    window.addEventListener("popstate", () => this.follow());
    for (const one of pickers(document)) one.addEventListener("change", () => this.choose());
  }

  /** A file of JSON, read once. @param {string} path @returns {Promise<any>} */
  json(path) {
    const known = this.known.get(path) ?? this.readJson(path);
    this.known.set(path, known);
    known.catch(() => this.known.delete(path));
    return known;
  }

  /** @param {string} path */
  async readJson(path) {
    const found = await this.read(path);
    if (!found?.ok) throw new Error(`${path} could not be read`);
    return found.json();
  }

  /** The address has changed. */
  follow() {
    // A place in this document, such as that of the skip link.
    if (this.single ? !this.addresses.isPage(window.location) : window.location.search === this.search) return;
    this.show();
  }

  /** Show what the address asks for. */
  async show() {
    this.turn += 1;
    this.visit += 1;
    this.search = window.location.search;
    const { turn, visit } = this;
    const { page, query } = this.addresses.read(window.location);
    const section = this.turnTo(page);
    const shown = await pages[page]({ section, query, visit, json: (path) => this.json(path) });
    if (turn !== this.turn) return;
    document.title = `${shown.title} · ${PRODUCT}`;
    for (const link of document.querySelectorAll("nav [aria-current]")) centre(link);
    if (!shown.data || !shown.where) {
      this.place.clear();
      return;
    }
    const { view } = shown.data;
    await this.place.show(shown.where, shown.data, (state) => {
      if (state.visit !== this.visit) return;
      if (view === "lessons") this.go("learn", [["lesson", state.lesson]]);
      else if (view === "lesson") this.turnStep(state);
      else this.keep(page, [...(shown.keep ?? []), ...writeState(view, state)]);
    });
    this.keepFocus();
    if (page === "compare" && turn === this.turn) await this.roll(section, shown.draws ?? null);
  }

  /** Where what had the focus is gone, such as the list of lessons, whoever uses keys goes on in what took its place. */
  keepFocus() {
    if (this.turn > 1 && document.activeElement === document.body) part(document, "main").focus({ preventScroll: true });
  }

  /** Show the section of a page. @param {string} page @returns {HTMLElement} */
  turnTo(page) {
    const section = part(document, `section[data-page="${page}"]`);
    for (const each of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("section[data-page]"))) {
      each.hidden = each !== section;
    }
    if (page === this.page) return section;
    this.place.clear();
    this.rolled.clear();
    this.page = page;
    document.documentElement.dataset.page = page;
    for (const link of document.querySelectorAll("header nav a")) {
      if (link.getAttribute("data-to") === page) link.setAttribute("aria-current", "page");
      else link.removeAttribute("aria-current");
    }
    window.scrollTo(0, 0);
    part(section, "h1").focus({ preventScroll: true });
    return section;
  }

  /**
   * Random codes below a comparison, where the models for it are here.
   * @param {HTMLElement} section @param {import("../contract").Draws | null} draws
   */
  async roll(section, draws) {
    const around = part(section, ".rolled");
    around.hidden = !draws;
    if (draws) await this.rolled.show(part(around, ".place"), { ...draws, base: "" }, () => {});
  }

  /** Something was picked. */
  choose() {
    const chosen = picked(part(document, `section[data-page="${this.page}"]`));
    const digit = this.addresses.read(window.location).query.get("digit");
    if (digit) chosen.push(["digit", digit]);
    this.go(this.page, chosen);
  }

  /** @param {Record<string, any>} state of a lesson */
  turnStep(state) {
    window.history.pushState(null, "", this.addresses.of("learn", writeState("lesson", state)));
    this.search = window.location.search;
  }

  /** @param {string} page @param {[string, string][]} parameters */
  go(page, parameters) {
    window.history.pushState(null, "", this.addresses.of(page, parameters));
    this.show();
  }

  /** Keep what is on show in the address. @param {string} page @param {[string, string][]} parameters */
  keep(page, parameters) {
    window.history.replaceState(null, "", this.addresses.of(page, parameters));
    this.search = window.location.search;
  }
}

/** Scroll a row of links, which may be wider than a phone, to one of them. @param {Element} link */
function centre(link) {
  const row = link.parentElement;
  if (!row) return;
  const [here, around] = [link.getBoundingClientRect(), row.getBoundingClientRect()];
  row.scrollLeft += here.left + here.width / 2 - around.left - around.width / 2;
}
