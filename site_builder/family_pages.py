"""Families on a static page: each section's words, charts and pictures around its view."""

from collections.abc import Sequence
from html import escape
from typing import Any

from aemodels.lessons import Lesson
from pages.families import SECTIONS
from site_builder import parts
from site_builder.prose import Page
from site_builder.selection import Selection
from ui import page_words, results_cache, results_table
from ui.family_section import Section
from ui.given import Given
from ui.parameters import FAMILY, LESSON, MODEL


def data(selection: Selection) -> dict[str, Any]:
    """What each section's view takes, by the section's name.

    Those that lack a model are left out: their words are about all of them.
    """
    made = {
        name: section.page(selection.models, Given({}, 0))
        for name, section in SECTIONS.items()
        if not _missing(section, selection)
    }
    return {name: page for name, page in made.items() if page}


def _missing(section: Section, selection: Selection) -> list[str]:
    return selection.lacks(section.strip)


def html(selection: Selection, lessons: Sequence[Lesson], page: Page) -> str:
    """Links to the sections, and the sections."""
    shown = data(selection)
    # Those with a view come first.
    order = sorted(SECTIONS, key=lambda name: name not in shown)
    links = "".join(
        f'<a href="families?{FAMILY.name}={name}">{escape(SECTIONS[name].title)}</a>'
        for name in order
    )
    articles = "".join(_section(name, name in shown, selection, lessons, page) for name in order)
    return f'<nav class="pills" aria-label="Families">{links}</nav>{articles}'


def _section(
    name: str, shown: bool, selection: Selection, lessons: Sequence[Lesson], page: Page
) -> str:
    section = SECTIONS[name]
    lines: tuple[str, ...] = (section.idea,)
    place = '<div class="place"></div>'
    if shown:
        lines = (section.idea, f"**Try:** {section.drag}", f"**Look for:** {section.look}")
    else:
        lacks = ", ".join(_missing(section, selection)) or "models"
        place = (
            f'<p class="caption">Its view needs {escape(lacks)}, which this site leaves out; '
            "the app has all models.</p>"
        )
    opening = page.html("  \n".join(lines))
    # Of all models, whether the site has them or not: nothing of these moves.
    picture = parts.html(section.picture(selection.zoo), page)
    return (
        f'<article data-section="{name}" hidden><h2>{escape(section.title)}</h2>{opening}{place}{picture}'
        f'<p class="takeaway">{page.line(section.sentence)}</p>'
        f"{_links(section, selection, lessons)}{_folds(section, selection, page)}"
        f"<details><summary>Formula and paper</summary>{page.html(section.formula)}"
        f'<div class="caption">{page.html(section.paper)}</div></details>'
        f"{_numbers(section, page)}</article>\n"
    )


def _links(section: Section, selection: Selection, lessons: Sequence[Lesson]) -> str:
    """Where the app has buttons: to the lesson about this idea, and to its model."""
    found = {
        f"learn?{LESSON.name}={one.key}": page_words.to_lesson(one.title)
        for one in lessons
        if one.key == section.lesson
    }
    if section.example in selection.models:
        found[f"explore?{MODEL.name}={section.example}"] = page_words.OPEN_IN_EXPLORE
    links = "".join(f'<a href="{to}">{escape(words)}</a>' for to, words in found.items())
    return f'<p class="ways">{links}</p>' if links else ""


def _folds(section: Section, selection: Selection, page: Page) -> str:
    found = ((fold, parts.html(fold.parts(selection.zoo), page)) for fold in section.folds)
    return "".join(
        f"<details><summary>{escape(fold.title)}</summary>{html}</details>"
        for fold, html in found
        if html
    )


def _numbers(section: Section, page: Page) -> str:
    tables = ""
    for row in section.rows:
        found = results_cache.find(row)
        figures = results_table.judged(found) if found else []
        if found and figures:
            table = results_table.of_figures(figures, found.title)
            tables += page.figures(table)
    if not tables:
        return ""
    return f"<details><summary>Published numbers and ours</summary>{tables}</details>"
