"""Results: published numbers beside ours, from the files that REPRODUCTION.md is made of."""

import streamlit as st

from reproduction import report
from reproduction.result import DONE, Result
from reproduction.rows import ROWS
from ui import model_picker, query_params, result_figures, results_cache

COLUMNS = ("number", "published", "asked for", "ours", "reached")
ANY = "any"


def main() -> None:
    looked = [results_cache.look(name) for name in ROWS]
    results = [found for found in looked if isinstance(found, Result)]
    with model_picker.header("**Published numbers, and ours.** Nothing here is typed by hand."):
        wanted = query_params.choice(
            "show", "Show", {"all": "All", "short": "Falls short", "reached": "Reached"}
        )
        families = dict.fromkeys(family for row in ROWS.values() for family in row.families)
        titles = {name: model_picker.TITLES.get(name, name) for name in families}
        family = query_params.choice("family", "Family", {ANY: "Any family", **titles}, many=True)
    query_params.check_names(["show", "family"])
    query_params.show_notices()
    for damaged in looked:
        if isinstance(damaged, str):
            results_cache.tell_damage(damaged)
    if not results:
        st.info("No row is measured yet. `python -m aemodels reproduce` does it, for hours.")
        return
    st.markdown(report.overview(results))
    shown = [found for found in results if fits(found, wanted, family)]
    with st.container(key="results"):
        for found in shown:
            draw(found)
    if not shown:
        st.info("No row of this kind.")
    missing = [row.title for name, row in ROWS.items() if name not in {x.id for x in results}]
    if missing:
        st.caption(f"Not measured yet: {'; '.join(missing)}.")
    st.caption(
        "Unless a row says otherwise: 10,000 test digits, errors and nats are sums over the 784 pixels "
        "and means over images; numbers that a source gives per pixel are multiplied by 784. Ours is "
        "the median over seeds, with least and largest."
    )


def fits(found: Result, wanted: str, family: str) -> bool:
    """Whether the row passes both filters; one without numbers falls short."""
    if family != ANY and family not in ROWS[found.id].families:
        return False
    asked = any(figure.reached is not None for figure in found.figures)
    short = bool(found.short) or found.status != DONE
    return {"all": True, "short": short, "reached": asked and not short}[wanted]


def draw(found: Result) -> None:
    """One row: what it is, its numbers, and on demand how it was made."""
    lines = report.table([found])
    with st.container(border=True):
        st.markdown(f"**{found.title}**")
        numbers, words = st.columns([3, 2], gap="large")
        with numbers:
            if found.status == DONE:
                st.markdown(table(lines))
            else:
                st.markdown(f"**{found.status.capitalize()}.** {found.reason}")
        with words:
            seeds = "seeds" if len(found.seeds) > 1 else "seed"
            told = f", {seeds} {lines[0]['seeds']}" if found.seeds else ""
            st.caption(f"{found.source}  \n{lines[0]['time']}{told}")
            fold = st.expander("Recipe and difference", key=f"how_{found.id}", on_change="rerun")
            if fold.open:
                with fold:
                    how(found)


def table(lines: list[dict[str, str]]) -> str:
    """Figures as a Markdown table, with the report's own cells."""
    rows = [" | ".join(cells[name].replace("|", "\\|") for name in COLUMNS) for cells in lines]
    head = " | ".join(name.capitalize() for name in COLUMNS)
    return "\n".join([f"| {head} |", "|---|--:|--:|--:|---|", *(f"| {row} |" for row in rows)])


def how(found: Result) -> None:
    """Recipe, difference, notes, models, machine, and what can be seen of it."""
    st.markdown(f"**Published recipe**: {found.recipe}.")
    st.markdown(f"**Ours differs**: {found.difference}.")
    for figure in found.figures:
        if figure.note:
            st.markdown(f"{figure.name}: {figure.note}.")
    result_figures.draw(found)
    if found.models:
        trained = report.duration(found.training_seconds)
        st.markdown(f"**Models**, {trained} of training:")
        for model in found.models:
            st.code(
                model.command or f"{model.name}: {model.settings}", language=None, wrap_lines=True
            )
    versions = ", ".join(f"{name} {text}" for name, text in found.versions.items())
    st.caption(
        f"Measured on {found.date} in {report.duration(found.seconds)}: {found.machine}; {versions}. "
        f"Again: `python -m aemodels reproduce {found.id} --again`"
    )


main()
