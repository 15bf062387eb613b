"""Families on a static page: each section's words around its view, without its charts."""

from collections.abc import Sequence
from html import escape
from typing import Any

from pages.families import SECTIONS
from site_builder.prose import Page
from site_builder.selection import Selection
from ui import results_cache, results_table
from ui.family_section import Section
from ui.given import Given
from ui.parameters import FAMILY


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
    return [model for model in section.strip if model not in selection.models]


def html(selection: Selection, page: Page) -> str:
    """Links to the sections, and the sections."""
    shown = data(selection)
    # Those with a view come first.
    order = sorted(SECTIONS, key=lambda name: name not in shown)
    links = "".join(
        f'<a href="families?{FAMILY.name}={name}">{escape(SECTIONS[name].title)}</a>'
        for name in order
    )
    articles = "".join(
        _section(name, SECTIONS[name], name in shown, _missing(SECTIONS[name], selection), page)
        for name in order
    )
    return f'<nav class="pills" aria-label="Families">{links}</nav>{articles}'


def _section(name: str, section: Section, shown: bool, missing: Sequence[str], page: Page) -> str:
    lines: tuple[str, ...] = (section.idea,)
    place = '<div class="place"></div>'
    if shown:
        lines = (section.idea, f"**Try:** {section.drag}", f"**Look for:** {section.look}")
    else:
        lacks = ", ".join(missing) or "models"
        place = (
            f'<p class="caption">Its view needs {escape(lacks)}, which this site leaves out; '
            "the app has all models.</p>"
        )
    opening = page.html("  \n".join(lines))
    return (
        f'<article data-section="{name}" hidden><h2>{escape(section.title)}</h2>{opening}{place}'
        f'<p class="takeaway">{page.line(section.sentence)}</p>'
        f"<details><summary>Formula and paper</summary>{page.html(section.formula)}"
        f'<div class="caption">{page.html(section.paper)}</div></details>'
        f"{_numbers(section, page)}</article>\n"
    )


def _numbers(section: Section, page: Page) -> str:
    tables = ""
    for row in section.rows:
        found = results_cache.find(row)
        figures = results_table.judged(found) if found else []
        if found and figures:
            table = results_table.of_figures(figures, found.title)
            tables += f'<div class="wide">{page.html(table)}</div>'
    if not tables:
        return ""
    return f"<details><summary>Published numbers and ours</summary>{tables}</details>"
