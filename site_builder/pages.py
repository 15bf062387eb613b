"""The HTML of each page of a site: its words, its pickers, and a place for its view."""

from collections.abc import Callable, Mapping, Sequence
from html import escape

from site_builder import family_pages, learning, result_page
from site_builder.prose import Page
from site_builder.selection import SEVERAL, Selection
from ui import metrics_table, model_catalogue, model_picker, page_words

# In the order of the navigation; the glossary is linked at the end of each page.
TITLES = {
    "explore": "Explore",
    "compare": "Compare",
    "interpolate": "Interpolate",
    "learn": "Learn",
    "families": "Families",
    "results": "Results",
    "glossary": "Glossary",
}
# The views that a page mounts.
VIEWS: Mapping[str, Sequence[str]] = {
    "explore": ("explore",),
    "compare": ("compare", "draws"),
    "interpolate": ("interpolate",),
    "learn": ("lessons", "lesson"),
    "families": ("reconstruct", "draws", "beta"),
    "results": (),
    "glossary": ("glossary",),
}
PLACE = '<div class="place"></div>'


def names(selection: Selection) -> list[str]:
    """The pages that these models allow: those with several models need two."""
    few = len(selection.models) < model_picker.FEWEST
    return [name for name in TITLES if not (few and name in SEVERAL)]


def html(name: str, selection: Selection, lessons: learning.Found, page: Page) -> str:
    """The content of one page."""
    build: Mapping[str, Callable[[], str]] = {
        "explore": lambda: _explore(selection, page),
        "compare": lambda: _compare(selection, page),
        "interpolate": lambda: _interpolate(selection, page),
        "learn": lambda: _learn(lessons.lacking),
        "families": lambda: family_pages.html(selection, page),
        "results": lambda: result_page.html(page),
        "glossary": lambda: PLACE,
    }
    sentence = page_words.SENTENCES.get(name, "")
    if name == "learn":
        sentence = page_words.of_lessons({one.minutes for one in lessons.shown})
    said = f'<p class="sentence">{page.line(sentence)}</p>' if sentence else ""
    heading = f'<h1 tabindex="-1">{TITLES[name]}</h1>'
    bare = "" if sentence else " bare"
    pickers = {
        "explore": lambda: _pickers([_select("model", "Model", selection)]),
        **{each: lambda: _several(selection) for each in SEVERAL},
    }.get(name, str)()
    return (
        f'<section data-page="{name}">\n<div class="top{bare}">{heading}{said}{pickers}</div>\n'
        f"{build[name]()}\n</section>"
    )


def _pickers(selects: Sequence[str]) -> str:
    return f'<div class="pickers">{"".join(selects)}</div>'


def _select(name: str, label: str, selection: Selection, optional: bool = False) -> str:
    options = "".join(
        f'<option value="{escape(one.key)}">{escape(one.label)}</option>'
        for one in selection.candidates
    )
    none = '<option value="">none</option>' if optional else ""
    return f'<select name="{name}" aria-label="{label}" autocomplete="off">{none}{options}</select>'


def _several(selection: Selection) -> str:
    count = min(model_picker.MOST, len(selection.models))
    fewest = model_picker.FEWEST
    return _pickers(
        [_select("models", f"Model {k + 1}", selection, k >= fewest) for k in range(count)]
    )


def fold(title: str, content: str) -> str:
    """What a reader opens."""
    return f"<details><summary>{escape(title)}</summary>\n{content}</details>"


def _explore(selection: Selection, page: Page) -> str:
    families = dict.fromkeys(one.family for one in selection.candidates)
    words = "".join(
        f'<div data-family="{family}">{page.html(page_words.of_family(family, selection.source))}</div>'
        for family in families
    )
    return PLACE + fold("What am I seeing?", words)


def _compare(selection: Selection, page: Page) -> str:
    picked = [
        model_catalogue.read(one, title)
        for one, title in zip(
            selection.candidates, model_catalogue.titles(selection.candidates), strict=True
        )
    ]
    numbers = page.html(metrics_table.of_models(picked, page.link))
    return (
        f"{PLACE}<h2>In numbers</h2>\n"
        f'<div class="wide" tabindex="0" role="region" aria-label="In numbers">{numbers}</div>'
        f'<div class="caption">{page.html(page_words.of_numbers(selection.source))}</div>'
        '<div class="rolled" hidden><h2>Random codes, decoded</h2><div class="place"></div></div>'
        + fold("How to read this", page.html(page_words.COMPARE))
    )


def _interpolate(selection: Selection, page: Page) -> str:
    return PLACE + fold("What am I seeing?", page.html(page_words.INTERPOLATE))


def _learn(lacking: Sequence[learning.Lacking]) -> str:
    missing = ""
    if lacking:
        items = "".join(
            f"<li>{escape(one.title)} <span>needs {escape(', '.join(one.missing))}</span></li>"
            for one in lacking
        )
        missing = (
            f"<details class='lacking'><summary>{len(lacking)} more in the app</summary>"
            f"<p>This page lacks their models.</p><ul>{items}</ul></details>"
        )
    back = '<p class="ways"><a class="all-lessons" href="learn" hidden>All lessons</a></p>'
    return f"{back}{PLACE}{missing}"
