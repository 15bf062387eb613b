"""Which technical words of a page say nowhere on it what they mean."""

import re
from collections.abc import Iterable, Mapping

from playwright.sync_api import Page

# What numbers are called, by the keys of the glossary.
TECHNICAL = (
    *("squared-error", "absolute-error", "cross-entropy", "nat", "kl", "elbo", "mu", "sigma"),
    *("legible", "knn", "trustworthiness", "explained-variance", "principal-angle", "active"),
    *("auroc", "roc", "threshold", "true-positives", "false-positives"),
)

# Words are looked for where they are read; what is pressed has a title of its own.
_SKIPPED = (
    "code, pre, svg, option, button:not([title]), summary, label, h1, h2, h3, .katex, "
    "[role=radio], [role=option], [role=combobox], [role=status], [data-baseweb], "
    ".js-plotly-plot, .chart .drawing, .glossary article"
)
_UNEXPLAINED = """([names, skipped]) => {
    const main = document.querySelector("[data-testid=stMain]") ?? document.body;
    const roots = [main];
    for (let k = 0; k < roots.length; k += 1) {
        for (const one of roots[k].querySelectorAll("*")) {
            if (one.shadowRoot) roots.push(one.shadowRoot);
        }
    }
    const links = roots.flatMap(root => [...root.querySelectorAll('a[href^="glossary#"]')]);
    const linked = links.filter(one => one.checkVisibility())
        .map(one => one.getAttribute("href").split("#")[1]);
    const patterns = Object.entries(names).filter(([key]) => !linked.includes(key))
        .map(([key, words]) => [key, new RegExp(words, "iu")]);
    const found = [];
    for (const root of roots) {
        const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
        while (walker.nextNode()) {
            const {parentElement: at, data} = walker.currentNode;
            if (!at?.checkVisibility({visibilityProperty: true}) || at.closest(skipped)) continue;
            if (at.closest("[title]:not([title=''])")) continue;
            for (const [key, pattern] of patterns) {
                if (pattern.test(data)) found.push(`${key}: ${data.trim().slice(0, 60)}`);
            }
        }
    }
    return found;
}"""


def unexplained(page: Page, names: Mapping[str, Iterable[str]]) -> list[str]:
    """Words with the key of their term, where no link to it is seen; `names` has words by key."""
    patterns = {
        key: rf"(?<![\p{{L}}\d-])(?:{'|'.join(map(_escaped, words))})(?![\p{{L}}\d-])"
        for key, words in names.items()
    }
    found: list[str] = page.evaluate(_UNEXPLAINED, [patterns, _SKIPPED])
    return found


def _escaped(word: str) -> str:
    """A word in a pattern of JavaScript, which refuses what needs no escape."""
    return re.sub(r"[\\^$.*+?()\[\]{}|/]", r"\\\g<0>", word)
