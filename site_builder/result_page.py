"""Results on a static page: every row with its numbers, and how it was made in a fold."""

from html import escape

from reproduction.result import DONE, ROW_IDS, Result, duration, overview
from site_builder import controls
from site_builder.prose import Page
from ui import page_words, result_filters, results_cache, results_table
from ui.parameters import RESULTS_FAMILY, SHOW


def html(page: Page) -> str:
    """All rows that were measured."""
    results = _measured()
    rows = "".join(_row(found, page) for found in results)
    none = f'<p class="none" role="status" hidden>{page.line(page_words.NO_RESULT)}</p>'
    return (
        f"{page.html(overview(results))}{rows}{none}"
        f'<div class="caption">{page.html(page_words.RESULTS)}</div>'
    )


def filters() -> str:
    """What chooses among them."""
    families = result_filters.families(_measured())
    menu = controls.menu(RESULTS_FAMILY, families, usual=result_filters.ANY)
    return controls.buttons(SHOW, SHOW.choices) + menu


def _measured() -> list[Result]:
    return [found for name in ROW_IDS if isinstance(found := results_cache.look(name), Result)]


def _row(found: Result, page: Page) -> str:
    if found.status == DONE:
        numbers = page.figures(results_table.of_figures(found.figures))
    else:
        numbers = page.html(f"**{found.status.capitalize()}.** {found.reason}")
    noun = "seeds" if len(found.seeds) > 1 else "seed"
    seeds = f", {noun} {', '.join(map(str, found.seeds))}" if found.seeds else ""
    time = duration(found.training_seconds + found.seconds)
    how = [
        f"**Recipe**: {found.recipe}.",
        f"**Differences**: {found.difference}.",
        f"**Settings**: {found.chosen}.",
        *(f"{figure.name}: {figure.note}." for figure in found.figures if figure.note),
    ]
    versions = ", ".join(f"{name} {text}" for name, text in found.versions.items())
    commands = "".join(
        f"<pre>{escape(model.command or f'{model.name}: {model.settings}')}</pre>"
        for model in found.models
    )
    measured = (
        f"Measured on {found.date} in {duration(found.seconds)}: {found.machine}; {versions}."
    )
    return (
        f'<article class="result" data-show="{" ".join(result_filters.shows(found))}" '
        f'data-family="{result_filters.ANY} {" ".join(found.families)}"><h2>{escape(found.title)}</h2>'
        f"<div>{numbers}</div>"
        f'<div class="caption">{page.html(f"{found.source}, {time}{seeds}")}'
        f"<details><summary>Recipe and difference</summary>"
        f"{page.html(chr(10).join(f'{each}{chr(10)}' for each in how))}{commands}"
        f"<p>{escape(measured)}</p></details></div></article>\n"
    )
