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
  const touch = () => {
    touched = true;
  };
  for (const type of ["pointerdown", "keydown", "click", "input"]) {
    window.addEventListener(type, touch, { capture: true, passive: true });
  }
  window.addEventListener("popstate", () => {
    touched = false;
  });
  history.pushState = (state, unused, url) => {
    const next = new URL(url ?? location.href, location.href);
    const changed = difference(new URLSearchParams(location.search), next.searchParams);
    if (next.pathname !== location.pathname) {
      push(state, unused, url);
      touched = false;
    } else if (touched && changed.some((name) => !replacing.includes(name))) {
      push(state, unused, url);
    } else {
      history.replaceState(state, unused, url);
    }
  };

  /** @param {URLSearchParams} before @param {URLSearchParams} after @returns {string[]} names of what differs */
  function difference(before, after) {
    const names = new Set([...before.keys(), ...after.keys()]);
    return [...names].filter((name) => before.getAll(name).join() !== after.getAll(name).join());
  }
}
