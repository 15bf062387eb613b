// Links between the pages of a site. The views and the words name pages as the app does, "explore?model=vae-2" or
// "glossary#kl"; a site has them as files, and a single file behind "#".

/** By the page, its file or its place in a single file. @typedef {Record<string, string>} Links */

const ADDRESS = /^(?:\.\/)?([a-z]*)(\?[^#]*)?(#.*)?$/;

export class Addresses {
  /** @param {Links} links @param {boolean} single @param {() => string} current the page on show */
  constructor(links, single, current) {
    this.links = links;
    this.single = single;
    this.current = current;
  }

  /**
   * @param {string} page @param {Iterable<[string, string]>} [parameters] @param {string} [fragment] with "#"
   * @returns {string}
   */
  of(page, parameters = [], fragment = "") {
    const query = new URLSearchParams([...parameters]).toString().replaceAll("%2C", ",").replaceAll("%3B", ";");
    return `${this.links[page]}${query && `?${query}`}${fragment}`;
  }

  /** Where a link of the app leads here, or null if there is no such page. @param {string} href */
  resolve(href) {
    const found = ADDRESS.exec(href);
    if (!found) return null;
    const [, name, query = "", fragment = ""] = found;
    // A fragment alone is a place in this document.
    if (!name && !query) return null;
    const page = name || this.current();
    return page in this.links ? `${this.links[page]}${query}${fragment}` : null;
  }

  /** Whether the address of a single file names a page; an empty one is the first. @param {Pick<Location, "hash">} location */
  isPage({ hash }) {
    const [, page = ""] = /^#([a-z]*)/.exec(hash) ?? [];
    return page === "" || page in this.links;
  }

  /** What the window's address asks for. @param {Pick<Location, "hash" | "search">} location @returns {{page: string, query: URLSearchParams}} */
  read(location) {
    if (!this.single) return { page: this.current(), query: new URLSearchParams(location.search) };
    if (!this.isPage(location)) return { page: this.current(), query: new URLSearchParams() };
    const [, page = "", query = ""] = /^#([a-z]*)(\?[^#]*)?/.exec(location.hash) ?? [];
    return { page: page || Object.keys(this.links)[0], query: new URLSearchParams(query) };
  }
}

/**
 * Have every link lead where it belongs, whatever shadow it is in. A term of the glossary keeps its own address, by
 * which its meaning is shown, and opens another tab.
 * @param {Window} window @param {Addresses} addresses
 */
export function followLinks(window, addresses) {
  const { document } = window;
  const lead = (/** @type {Event} */ event) => {
    const link = linkOf(event);
    const href = link?.getAttribute("href");
    if (!link || !href || href.startsWith("glossary#")) return;
    const address = addresses.resolve(href);
    if (address && address !== href) link.setAttribute("href", address);
  };
  for (const type of ["pointerover", "pointerdown", "focusin"]) document.addEventListener(type, lead, true);
  const click = (/** @type {Event} */ event) => {
    lead(event);
    const href = linkOf(event)?.getAttribute("href");
    if (!href?.startsWith("glossary#") || event.defaultPrevented) return;
    event.preventDefault();
    const address = addresses.resolve(href);
    if (address) window.open(address, "_blank", "noopener");
  };
  document.addEventListener("click", click, true);
  document.addEventListener("auxclick", (event) => event.button === 1 && click(event), true);
}

/** @param {Event} event @returns {HTMLAnchorElement | null} */
function linkOf(event) {
  const found = event.composedPath().find((one) => one instanceof HTMLAnchorElement);
  return found instanceof HTMLAnchorElement ? found : null;
}
