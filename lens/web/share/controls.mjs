// The controls that the views on show have, by the attribute `data-control`, and what they are called.

/** Where the name itself doesn't say it. @type {Record<string, string>} */
export const WORDS = {
  closer: "a closer look",
  cost: "what it costs",
  ends: "A and B",
  kinds: "kinds of corruption",
  kl: "KL of each latent",
  layers: "layers of the map",
  least: "least anomalous",
  level: "level of corruption",
  most: "most anomalous",
  next: "next picture",
  output: "decoded picture",
  pickers: "choices at the top",
  prior: "the prior's circles",
  rates: "shares flagged",
  resample: "resample z",
  roc: "ROC curve",
  samples: "20 samples",
  size: "slider over sizes",
  strip: "decoded samples",
  worst: "worst reconstructions",
};

/** What a control is called. @param {string} name @returns {string} */
export function wordsOf(name) {
  return WORDS[name] ?? name.replaceAll("-", " ");
}

/**
 * The names of all controls within, in the views' order; what a view hides itself isn't one.
 * @param {ParentNode} place @returns {string[]}
 */
export function controlsIn(place) {
  /** @type {Set<string>} */
  const found = new Set();
  for (const one of place.querySelectorAll("*")) {
    const names = one.getAttribute("data-control");
    if (names && !one.closest("[hidden]")) for (const name of names.split(/\s+/)) found.add(name);
    const key = [...one.classList].find((name) => name.startsWith("st-key-control-"));
    if (key) found.add(key.slice("st-key-control-".length));
    if (one.shadowRoot) for (const name of controlsIn(one.shadowRoot)) found.add(name);
  }
  return [...found];
}
