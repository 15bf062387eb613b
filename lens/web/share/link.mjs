// The links that the Share panel builds: an address of the app and what it asks of every page.

/** What a link asks of every page. @typedef {{hide: string[], locked: boolean, present: boolean}} Asked */

/** A place that a link can lead to. @typedef {{words: string, href: string}} Start */

const ASKED = ["hide", "locked", "present"];

/** @param {string} href @returns {Asked} */
export function askedBy(href) {
  const { searchParams } = new URL(href);
  return {
    hide: (searchParams.get("hide") ?? "").split(",").filter(Boolean),
    locked: searchParams.get("locked") === "1",
    present: searchParams.get("present") === "1",
  };
}

/**
 * Where a link from here can lead: what is on show, then what comes before it. At least one.
 * @param {string} href @returns {Start[]}
 */
export function startsOf(href) {
  const here = without(href, ASKED);
  const { pathname, searchParams } = new URL(here);
  const bare = new URL(here);
  bare.search = bare.hash = "";
  // The class is no part of what is shown: every link keeps it.
  if (searchParams.has("class")) bare.searchParams.set("class", searchParams.get("class") ?? "");
  if (bare.searchParams.size === searchParams.size) return [{ words: "this page", href: here }];
  if (!pathname.endsWith("/learn") || !searchParams.has("lesson")) {
    return [
      { words: "what is on show", href: here },
      { words: "the page as it starts", href: bare.href },
    ];
  }
  const lesson = new URL(bare);
  lesson.searchParams.set("lesson", searchParams.get("lesson") ?? "");
  return [
    ...(searchParams.has("step") ? [{ words: "this step", href: here }] : []),
    { words: "this lesson", href: lesson.href },
    { words: "the list of lessons", href: bare.href },
  ];
}

/** The link to a place, with what is asked. @param {string} href @param {Asked} asked @returns {string} */
export function linkTo(href, { hide, locked, present }) {
  const url = new URL(href);
  if (hide.length) url.searchParams.set("hide", hide.join());
  if (locked) url.searchParams.set("locked", "1");
  if (present) url.searchParams.set("present", "1");
  return readable(url.href);
}

/** A comma needs no escape, and a link reads better without. @param {string} href @returns {string} */
function readable(href) {
  return href.replaceAll("%2C", ",");
}

/** Whether only this computer can open an address of this host. @param {string} hostname @returns {boolean} */
export function isOwn(hostname) {
  return /^(localhost|.*\.localhost|127(\.\d+){3}|0\.0\.0\.0|\[::1?\])$/.test(hostname);
}

/** @param {string} href @param {string[]} names @returns {string} */
function without(href, names) {
  const url = new URL(href);
  for (const name of names) url.searchParams.delete(name);
  return url.href;
}
