// Keeps what a link may ask of every page: `present=1` is projector mode, `hide=cost,pins` leaves out these controls,
// `locked=1` leaves no way to other pages, `class=7b` names the class. Runs in the page before Streamlit's own script
// and after history.js: the four stay in the address wherever it leads, and none of them makes an entry in the
// browser's history.

/** @typedef {{pages: string[], controls: string[], projected: string}} Known */

/**
 * @param {Window & typeof globalThis} window
 * @param {Known} known the addresses of the pages, all controls that can be hidden, and the style of a projected view
 * @param {(module: string) => Promise<any>} load a module of lens/web/share
 */
function keepClassroom(window, known, load) {
  const { document, history, location } = window;
  const asked = new URLSearchParams(location.search);
  const name = asked.get("class") ?? "";
  const kept = {
    // As ui/class_name.py has it.
    class: /^ *[\p{L}\p{N}][\p{L}\p{N}\p{M} ._-]*$/u.test(name) && [...name].length <= 30 ? name : "",
    hide: (asked.get("hide") ?? "").split(",").filter((name) => known.controls.includes(name)),
    locked: asked.get("locked") === "1",
    present: asked.get("present") === "1",
  };

  /** @param {string | URL} address @returns {string} the same with what is kept, and nothing else of the four */
  const carry = (address) => {
    const url = new URL(address, location.href);
    const wanted = {
      class: kept.class,
      hide: kept.hide.join(),
      locked: kept.locked ? "1" : "",
      present: kept.present ? "1" : "",
    };
    for (const [name, value] of Object.entries(wanted)) {
      if ((url.searchParams.get(name) ?? "") === value && url.searchParams.has(name) === Boolean(value)) continue;
      if (value) url.searchParams.set(name, value);
      else url.searchParams.delete(name);
    }
    return url.href;
  };

  /** @param {string | URL} address @returns {string | null} the page's name, "" for the first; null if it is none */
  const pageOf = (address) => {
    const [here, url] = [new URL("./", location.href), new URL(address, location.href)];
    if (url.origin !== here.origin || !url.pathname.startsWith(here.pathname)) return null;
    const name = url.pathname.slice(here.pathname.length);
    return known.pages.includes(name) ? name : null;
  };

  for (const name of /** @type {const} */ (["pushState", "replaceState"])) {
    const write = history[name].bind(history);
    history[name] = (state, unused, url) => write(state, unused, url === undefined || url === null ? url : carry(url));
  }
  // Before Streamlit hears of it. Another entry may be older than what is kept now.
  window.addEventListener("popstate", () => history.replaceState(history.state, "", location.href));

  const root = document.documentElement;
  root.dataset.classroom = "";
  if (kept.locked) root.dataset.locked = "";
  const sheets = { hidden: new window.CSSStyleSheet(), projected: new window.CSSStyleSheet() };
  const parts = kept.hide.map((name) => `[data-control~="${name}"], .st-key-control-${name}`);
  // A lesson's way to the page behind it.
  if (kept.locked) parts.push(".lens .without");
  if (parts.length) sheets.hidden.replaceSync(`:is(${parts.join(", ")}) { display: none !important; }`);
  sheets.projected.replaceSync(known.projected);
  sheets.projected.disabled = !kept.present;
  document.adoptedStyleSheets = [sheets.hidden];
  // Every view and what it mounts has them before it is drawn.
  const attach = window.Element.prototype.attachShadow;
  /** @param {ShadowRootInit} options */
  window.Element.prototype.attachShadow = function (options) {
    const shadow = attach.call(this, options);
    shadow.adoptedStyleSheets = Object.values(sheets);
    return shadow;
  };

  /** @param {Event} event @returns {HTMLAnchorElement | undefined} */
  const link = (event) =>
    /** @type {HTMLAnchorElement | undefined} */ (
      event.composedPath().find((one) => one instanceof window.HTMLAnchorElement && one.hasAttribute("href"))
    );
  /** The link within the app that an event happened on, and its page's name. @param {Event} event */
  const linked = (event) => {
    const anchor = link(event);
    const page = anchor && !anchor.hasAttribute("download") ? pageOf(anchor.href) : null;
    return anchor && page !== null ? { anchor, page } : null;
  };
  /** On a locked page, a link to another one leads nowhere. @param {Event} event */
  const stay = (event) => {
    const found = linked(event);
    if (!found || !kept.locked || found.page === pageOf(location.href)) return;
    event.preventDefault();
    // A finger asks for a term's meaning, which is told here (terms.js).
    const { pointerType } = /** @type {PointerEvent} */ (event);
    if (found.anchor.getAttribute("href")?.startsWith("glossary#") && pointerType === "touch") return;
    event.stopImmediatePropagation();
    load("locked.mjs").then((module) => module.say());
  };
  /** Let a link lead on with what is asked. @param {Event} event */
  const follow = (event) => {
    const found = linked(event);
    if (!found || event.defaultPrevented) return;
    const { anchor } = found;
    const [written, carried] = [anchor.getAttribute("href") ?? "", carry(anchor.href)];
    if (carried === anchor.href) return;
    // For this click alone: others know the link by what is written.
    anchor.href = carried;
    window.setTimeout(() => anchor.setAttribute("href", written));
  };
  for (const type of ["click", "auxclick"]) {
    window.addEventListener(type, stay, { capture: true });
    window.addEventListener(type, follow);
  }

  /** @type {() => void} */
  let stop = () => {};
  let turn = 0;
  /** @param {boolean} on */
  const project = async (on) => {
    turn += 1;
    const now = turn;
    stop();
    stop = () => {};
    sheets.projected.disabled = !on;
    root.toggleAttribute("data-present", on);
    if (!on) return;
    const module = await load("projector.mjs");
    if (now === turn) stop = module.project(() => present(false));
  };
  /** Begin or end projector mode. @param {boolean} on */
  const present = (on) => {
    kept.present = on;
    history.replaceState(history.state, "", location.href);
    project(on);
  };
  if (kept.present) {
    root.dataset.present = "";
    // Not yet in the address: the server has still to say what is wrong with it.
    document.addEventListener("DOMContentLoaded", () => project(true), { once: true });
  }
  window.addEventListener("keydown", (event) => {
    if (event.code !== "KeyP" || !event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    present(!kept.present);
  }, { capture: true });
  document.addEventListener("click", async ({ target }) => {
    const opener = target instanceof window.Element ? target.closest(".open-share") : null;
    if (opener) (await load("panel.mjs")).open(() => present(true));
  });
}
