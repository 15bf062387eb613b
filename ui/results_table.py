"""Published numbers next to ours, from the results of `python -m reproduction`."""

import re
from collections.abc import Sequence

import streamlit as st

from reproduction.result import Figure, Result
from ui import markdown, results_cache, terms


def table(rows: tuple[str, ...]) -> None:
    """The figures of these rows that have a published number or a target; then their sources."""
    found: list[Result] = []
    missing = []
    for row in rows:
        looked = results_cache.look(row)
        if isinstance(looked, str):
            results_cache.warn(looked)
        elif looked is None:
            missing.append(row)
        else:
            found.append(looked)
    shown = [(item, judged(item)) for item in found]
    for item, figures in shown:
        if item.reason:
            st.caption(f"{item.title}: not measured ({item.status}). See Results.")
        if figures:
            text = of_figures(figures, markdown.escape(item.title))
            st.container(key=f"results_{item.id}").markdown(terms.link(text))
    if found:
        with st.expander("Sources of these numbers"):
            st.markdown(
                "All numbers are for the test split. The target is the published number, or a threshold "
                "of our own."
            )
            for item in found:
                seeds = f"; seeds {', '.join(map(str, item.seeds))}" if item.seeds else ""
                st.markdown(
                    f"**{markdown.escape(item.title)}**: {item.source}. *Recipe:* {item.recipe}. "
                    f"*Differences:* {item.difference}. *Settings:* {item.chosen}. Measured on {item.date}; {item.machine}{seeds}."
                )
    if missing:
        st.caption(
            f"Not measured yet: {', '.join(missing)}. "
            f"Run `python -m reproduction {' '.join(missing)}`."
        )


def of_figures(figures: Sequence[Figure], head: str = "Figure") -> str:
    """Figures as a Markdown table."""
    rows = []
    for figure in figures:
        name, *numbers, verdict = figure.cells()
        # Signs stay with their numbers; ranges may wrap on a phone.
        numbers = [re.sub("(?<=[≤≥±]) | (?=±)", "\u00a0", text) for text in numbers]
        verdict = {"missed": "**missed**", "–": ""}.get(verdict, verdict)
        rows.append((markdown.escape(name), *numbers, verdict))
    return markdown.table((head, "Published", "Target", "Ours", "Verdict"), rows, left=(0, 4))


def judged(item: Result) -> list[Figure]:
    """The figures with a published number or a target."""
    return [figure for figure in item.figures if figure.published or figure.met is not None]
