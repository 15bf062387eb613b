"""The vocabulary in words, for those who write lessons: docs/lesson-words.md."""

from collections.abc import Iterable, Sequence
from typing import Any

from aemodels.lessons.vocabulary import Page, Vocabulary

KINDS = {
    "beta": "a β of the zoo",
    "code": "a number for each latent",
    "codes": "up to six codes, separated by semicolons",
    "frame": "the part in view: low,high,low,high",
    "frames": "a frame for each map, separated by semicolons",
    "image": "such as `normal-3801`",
    "model": "a model of the zoo",
    "models": "two to four models of the zoo",
    "size": "a number of latents that PCA, autoencoder and VAE have",
}


def describe(vocabulary: Vocabulary) -> str:
    """Everything that a lesson may name, as Markdown."""
    parts = ["# Words for lessons", "", "What `python -m aemodels lessons words` prints.", ""]
    parts += ["## Views", "", "A step's `view` is one of these, with parameters behind a `?`.", ""]
    for name, page in vocabulary.pages.items():
        parts += _page(name, page)
    parts += ["## Controls and events", "", "By what is on show: `light` and `done` of a step.", ""]
    for name, view in vocabulary.views.items():
        where = ", ".join(_pages_of(name, vocabulary))
        parts += [f"### {name}", "", f"On {where}. Controls: {_codes(view.controls)}.", ""]
        rows = [
            (f"`{event}`", vocabulary.events[event], _codes(facts) or "–")
            for event, facts in view.events.items()
        ]
        parts += [*_table(("Event", "Is told when", "Facts"), rows), ""]
    facts = [(f"`{name}`", meaning) for name, meaning in vocabulary.facts.items()]
    parts += ["## Facts", "", *_table(("Fact", "Meaning"), facts), ""]
    measures = [
        ("<br>".join(f"`{{{usage}}}`" for usage in found["usage"]), found["meaning"])
        for found in vocabulary.measures.values()
    ]
    parts += ["## Measures", "", *_table(("Written", "Meaning"), measures), ""]
    words = f"A `DETECTOR` is one of {_codes(vocabulary.detectors)}."
    return "\n".join([*parts, words, ""])


def _page(name: str, page: Page) -> list[str]:
    rows = [(f"`{each}`", _kind(kind)) for each, kind in page.parameters.items()]
    return [f"### {name}?…", "", *_table(("Parameter", "Value"), rows), ""]


def _kind(kind: Any) -> str:
    if isinstance(kind, str):
        return KINDS[kind]
    if isinstance(kind, list) or not {"whole", "number"} & kind.keys():
        return " or ".join(f"`{word}`" for word in kind)
    (low, high), most = kind.get("whole") or kind["number"], kind.get("most", 1)
    if "number" in kind:
        return f"a number from {low} to {high:,.0f}"
    if most > 1:
        return f"up to {most} whole numbers from {low} to {high}, separated by commas"
    return f"a whole number from {low} to {high}"


def _pages_of(view: str, vocabulary: Vocabulary) -> list[str]:
    """The pages that have a view, with the parameter that leads to it."""
    return [
        f"`{name}?{where}`" if where else f"`{name}`"
        for name, page in vocabulary.pages.items()
        for where, found in page.views.items()
        if found == view
    ]


def _codes(words: Iterable[str]) -> str:
    return ", ".join(f"`{word}`" for word in words)


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    cells = [head, ["---"] * len(head), *rows]
    return [f"| {' | '.join(each.replace('|', chr(92) + '|') for each in row)} |" for row in cells]
