// Runs in the page before Streamlit's own script: marks the page once a lesson was begun in this browser, before anything
// is painted. page.css shows some sentences only until then, and others from then on.

/** @param {Window & typeof globalThis} window */
function markFirstVisit(window) {
  const { document } = window;
  const mark = () => {
    let begun = false;
    try {
      // See lesson/progress.mjs. Where storage is refused, each visit is a first one.
      const kept = JSON.parse(window.localStorage.getItem("latent-lab.lessons") ?? "null");
      begun = Object.keys(kept?.lessons ?? {}).length > 0;
    } catch {
      // Something else has written there.
    }
    document.documentElement.classList.toggle("lesson-begun", begun);
  };
  mark();
  // A lesson may have been begun on another page, without a reload since.
  new window.MutationObserver((changes) => {
    const arrived = changes.some(({ addedNodes }) =>
      [...addedNodes].some((node) => node instanceof window.Element && node.querySelector(".newcomer")),
    );
    if (arrived) mark();
  }).observe(document, { childList: true, subtree: true });
}
