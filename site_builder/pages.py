"""The HTML of each page of a site: its words, its pickers, and a place for its view."""

from collections.abc import Callable, Mapping, Sequence
from html import escape

from site_builder import controls, family_pages, learning, result_page
from site_builder.prose import Page
from site_builder.selection import SEVERAL, Selection
from ui import markdown, metrics_table, model_catalogue, model_picker, page_words, random_codes
from ui.parameters import MODEL, MODELS

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
        "learn": lambda: _learn(lessons, selection),
        "families": lambda: family_pages.html(selection, lessons.shown, page),
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
        "explore": lambda: controls.row(controls.menu(MODEL, _labels(selection))),
        "results": lambda: controls.row(result_page.filters()),
        **{each: lambda: _several(selection) for each in SEVERAL},
    }.get(name, str)()
    return (
        f'<section data-page="{name}">\n<div class="top{bare}">{heading}{said}{pickers}</div>\n'
        f"{build[name]()}\n</section>"
    )


def _labels(selection: Selection) -> Mapping[str, str]:
    return {one.key: one.label for one in selection.candidates}


def _several(selection: Selection) -> str:
    labels = _labels(selection)
    count = min(model_picker.MOST, len(labels))
    return controls.row(
        *(
            controls.menu(MODELS, labels, f"Model {k + 1}", optional=k >= model_picker.FEWEST)
            for k in range(count)
        )
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
        '<div class="rolled" hidden><h2>Random codes, decoded</h2>'
        f'<div class="caption why">{page.html(random_codes.WHY_OTHERS)}</div><div class="place"></div></div>'
        + fold("How to read this", page.html(page_words.COMPARE))
    )


def _interpolate(selection: Selection, page: Page) -> str:
    return PLACE + fold("What am I seeing?", page.html(page_words.of_interpolation("mnist")))


def _learn(lessons: learning.Found, selection: Selection) -> str:
    back = '<p class="ways"><a class="all-lessons" href="learn" hidden>All lessons</a></p>'
    return f"{back}{PLACE}{_lacking(lessons, selection) if lessons.lacking else ''}"


def _lacking(lessons: learning.Found, selection: Selection) -> str:
    """The lessons that this site leaves out, and how to add them."""
    count = len(lessons.shown) + len(lessons.lacking)
    every = learning.size(selection, (name for one in lessons.lacking for name in one.missing))
    rows = [
        (
            markdown.escape(one.lesson.title),
            markdown.escape(", ".join(one.missing)),
            megabytes(learning.size(selection, one.missing)),
            f"`--lessons {one.lesson.key}`",
        )
        for one in lessons.lacking
    ]
    # Names of models and lessons aren't where terms are explained.
    table = Page(()).html(
        markdown.table(("Lesson", "Needs", "Size", "Option"), rows, left=(0, 1, 3))
    )
    return (
        f'<details class="lacking"{" open" if not lessons.shown else ""}><summary>{len(lessons.lacking)} more lessons</summary>'
        f"<p>They need what this site leaves out; the app has all {count}. Where a site is made, the "
        f"option in a row adds that lesson, and <code>--lessons</code> alone adds all of them, {megabytes(every)} more.</p>"
        f'<div class="wide">{table}</div></details>'
    )


def megabytes(size: int) -> str:
    """Bytes as "7.5 MB"."""
    return f"{size / 1e6:.1f} MB"
