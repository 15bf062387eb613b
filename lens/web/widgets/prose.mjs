// Sentences with terms of the glossary in them: `[KL](kl)` is a link, which terms.js explains.

/** @typedef {{words: string, key: string | null}} Part  of a sentence; `key` is that of a term */

/** @param {string} text @returns {Part[]} */
export function parts(text) {
  return text
    .split(/(\[[^\]]+\]\([a-z0-9-]+\))/)
    .filter((piece) => piece)
    .map((piece) => {
      const [, words, key] = piece.match(/^\[([^\]]+)\]\(([a-z0-9-]+)\)$/) ?? [null, piece, null];
      return { words, key };
    });
}

/** The sentence without its links. @param {string} text */
export function plain(text) {
  return parts(text)
    .map(({ words }) => words)
    .join("");
}

/** A link to a term. @param {string} key @param {string} words @returns {HTMLAnchorElement} */
export function term(key, words) {
  const made = document.createElement("a");
  made.href = `glossary#${key}`;
  made.textContent = words;
  return made;
}

/**
 * Show a sentence. Where it has the same terms as the one on show only its words change, so that a link stays that a
 * pointer or the keyboard rests on.
 * @param {HTMLElement} place @param {string} text
 */
export function write(place, text) {
  const shown = parts(text);
  const nodes = [...place.childNodes];
  const keyOf = (/** @type {Node | undefined} */ node) => (node instanceof HTMLAnchorElement ? node.hash.slice(1) : null);
  if (nodes.length !== shown.length || shown.some(({ key }, k) => keyOf(nodes[k]) !== key)) {
    place.replaceChildren(...shown.map(({ words, key }) => (key ? term(key, words) : words)));
    return;
  }
  shown.forEach(({ words }, k) => {
    if (nodes[k].textContent !== words) nodes[k].textContent = words;
  });
}
