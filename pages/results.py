"""Results: published numbers next to ours, from the files that REPRODUCTION.md is made of."""

import streamlit as st

from reproduction.result import DONE, ROW_IDS, Result, duration, overview
from ui import (
    address,
    page_words,
    result_figures,
    result_filters,
    results_cache,
    results_table,
    terms,
)
from ui.page_header import header
from ui.parameters import RESULTS, RESULTS_FAMILY, SHOW


def main() -> None:
    looked = [results_cache.look(name) for name in ROW_IDS]
    results = [found for found in looked if isinstance(found, Result)]
    with header(page_words.SENTENCES["results"]):
        wanted = SHOW.pick()
        family = RESULTS_FAMILY.of(result_filters.families(results)).pick()
    address.finish(RESULTS)
    for damaged in looked:
        if isinstance(damaged, str):
            results_cache.warn(damaged)
    if not results:
        st.info("Nothing has been measured yet. Run `python -m reproduction`; it takes hours.")
        return
    st.markdown(overview(results))
    shown = [found for found in results if result_filters.fits(found, wanted, family)]
    with st.container(key="results"):
        for found in shown:
            draw(found)
    if not shown:
        st.info(page_words.NO_RESULT)
    missing = [name for name in ROW_IDS if name not in {x.id for x in results}]
    if missing:
        st.caption(f"Not measured yet: {', '.join(missing)}.")
    st.caption(terms.link(page_words.RESULTS))


def draw(found: Result) -> None:
    """One row: its title and numbers, and on demand how it was made."""
    with st.container(border=True):
        st.markdown(f"**{found.title}**")
        numbers, words = st.columns([3, 2], gap="large")
        with numbers:
            if found.status == DONE:
                st.markdown(terms.link(results_table.of_figures(found.figures)))
            else:
                st.markdown(f"**{found.status.capitalize()}.** {found.reason}")
        with words:
            noun = "seeds" if len(found.seeds) > 1 else "seed"
            seeds = f", {noun} {', '.join(map(str, found.seeds))}" if found.seeds else ""
            time = duration(found.training_seconds + found.seconds)
            st.caption(f"{found.source}  \n{time}{seeds}")
            fold = st.expander("Recipe and difference", key=f"how_{found.id}", on_change="rerun")
            if fold.open:
                with fold:
                    how(found)


def how(found: Result) -> None:
    """Recipe, difference, notes, models, machine, images and curves."""
    st.markdown(terms.link(f"**Recipe**: {found.recipe}."))
    st.markdown(terms.link(f"**Differences**: {found.difference}."))
    st.markdown(terms.link(f"**Settings**: {found.chosen}."))
    for figure in found.figures:
        if figure.note:
            st.markdown(f"{figure.name}: {figure.note}.")
    result_figures.draw(found)
    if found.models:
        trained = duration(found.training_seconds)
        st.markdown(f"**Models**, {trained} of training:")
        for model in found.models:
            st.code(
                model.command or f"{model.name}: {model.settings}", language=None, wrap_lines=True
            )
    versions = ", ".join(f"{name} {text}" for name, text in found.versions.items())
    st.caption(
        f"Measured on {found.date} in {duration(found.seconds)}: {found.machine}; {versions}. "
        f"To repeat: `python -m reproduction {found.id} --again`"
    )


main()
