// Runs in the page before Streamlit's own script, which makes an entry of the browser's history for every change of
// the address. An entry that nobody has touched is completed instead, and so is one in which something was dragged.

/**
 * @param {Window} window
 * @param {string[]} replacing names of the parameters that are dragged rather than chosen
 */
function keepHistory(window, replacing) {
  const { history, location } = window;
  const push = history.pushState.bind(history);
  let touched = false; // whether the person has done anything since this page was arrived at
  /** What the last act has changed within a page: the entry that was replaced, or "new". */
  /** @type {{state: any, url: string} | "new" | null} */
  let changedEntry = null;
  const touch = () => {
    touched = true;
    changedEntry = null;
  };
  for (const type of ["pointerdown", "keydown", "click", "input"]) {
    window.addEventListener(type, touch, { capture: true, passive: true });
  }
  window.addEventListener("popstate", () => {
    touched = false;
    changedEntry = null;
  });
  history.pushState = (state, unused, url) => {
    const next = new URL(url ?? location.href, location.href);
    const changed = difference(new URLSearchParams(location.search), next.searchParams);
    if (next.pathname !== location.pathname) {
      leave(state, next);
      touched = false;
      changedEntry = null;
    } else if (touched && changed.some((name) => !replacing.includes(name))) {
      push(state, unused, url);
      changedEntry = "new";
    } else {
      if (touched) changedEntry ??= { state: history.state, url: location.href };
      history.replaceState(state, unused, url);
    }
  };

  /**
   * Go to another page. A button that leads there makes Streamlit write the parameters of that page into the address
   * of this one first; then this one's entry is left as it was.
   * @param {any} state @param {URL} next
   */
  function leave(state, next) {
    const early = changedEntry !== null && next.search === location.search;
    if (early && changedEntry === "new") {
      history.replaceState(state, "", next.href);
      return;
    }
    if (early && changedEntry && changedEntry !== "new") history.replaceState(changedEntry.state, "", changedEntry.url);
    push(state, "", next.href);
  }

  /** @param {URLSearchParams} before @param {URLSearchParams} after @returns {string[]} names of what differs */
  function difference(before, after) {
    const names = new Set([...before.keys(), ...after.keys()]);
    return [...names].filter((name) => before.getAll(name).join() !== after.getAll(name).join());
  }
}
