"""Published numbers beside ours, from what `python -m aemodels reproduce` left in `reproduction/`."""

import streamlit as st

from reproduction.result import Figure, Result
from ui import model_picker, results_cache

YES = "1 is yes"  # the unit of a question


def table(rows: tuple[str, ...]) -> None:
    """The figures of these rows that something was published or asked for; then how and whence."""
    found: list[Result] = []
    missing = []
    for row in rows:
        looked = results_cache.look(row)
        if isinstance(looked, str):
            results_cache.tell_damage(looked)
        elif looked is None:
            missing.append(row)
        else:
            found.append(looked)
    shown = [(item, _lines(item)) for item in found]
    if any(lines for _, lines in shown):
        st.markdown("#### Published and ours")
    for item, lines in shown:
        if item.reason:
            st.caption(f"{item.title}: not measured here, {item.status}. Results says why.")
        if lines:
            head = f"| {model_picker.plain(item.title)} | Published | Asked for | Ours | |"
            text = "\n".join([head, "|---|--:|--:|--:|---|", *lines])
            st.container(key=f"results_{item.id}").markdown(text)
    if found:
        with st.expander("Where these numbers are from"):
            st.markdown(
                "All are of the test split. What is asked for is our own, a dash the published number."
            )
            for item in found:
                seeds = f"; seeds {', '.join(map(str, item.seeds))}" if item.seeds else ""
                st.markdown(
                    f"**{model_picker.plain(item.title)}.** {item.source}. *Recipe:* {item.recipe}. "
                    f"*Ours:* {item.difference}. Measured on {item.date}; {item.machine}{seeds}."
                )
    if missing:
        st.caption(
            f"Not measured yet: {', '.join(missing)}. "
            f"`python -m aemodels reproduce {' '.join(missing)}` does it."
        )


def _lines(item: Result) -> list[str]:
    """Table rows of the figures that something was published or asked for."""
    figures = [figure for figure in item.figures if figure.published or figure.reached is not None]
    return [_line(figure) for figure in figures]


def _line(figure: Figure) -> str:
    verdict = {True: "reached", False: "**falls short**", None: ""}[figure.reached]
    if figure.unit == YES:
        answer = "yes" if figure.value else "no"
        return f"| {model_picker.plain(figure.name)} | – | yes | {answer} | {verdict} |"
    name = f"{figure.name}, {figure.unit}" if figure.unit else figure.name
    published = " to ".join(_number(value) for value in figure.published) or "–"
    cells = [model_picker.plain(name), published, _asked(figure), _number(figure.value), verdict]
    return f"| {' | '.join(cells)} |"


def _asked(figure: Figure) -> str:
    """The bar of our own, where that is not what was published."""
    if figure.bar is None:
        return "–"
    sign = {"lower": "≤ ", "higher": "≥ "}.get(figure.better, "")
    margin = f" ± {figure.margin:.3g}" if figure.margin else ""
    return f"{sign}{_number(figure.bar)}{margin}".replace(" ", "\u00a0")


def _number(value: float) -> str:
    """Four digits that count: 13.87, 0.0726, 10,240."""
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.4g}"
