"""Charts in the style of the app: one layout, one set of colours. Plotly draws those with lines."""

import html
from collections.abc import Mapping, Sequence
from itertools import cycle
from typing import Any

import plotly.graph_objects as go
import streamlit as st

from ui import chart_html, chart_words, markdown

# Not the digits' colours: these are models, losses or splits. Each has a contrast of 3 or more with
# both backgrounds.
BLUE, ORANGE, GREY, TEAL = "#4c63d2", "#d96a1f", "#7d8499", "#0f9488"
COLOURS = (BLUE, ORANGE, GREY, TEAL)
# So that lines can be told apart without their colours.
SYMBOLS = ("circle", "diamond", "square", "triangle-up")

Values = Sequence[float]


def show(figure: go.Figure, key: str, x: Any, y: Any, height: int = 300, **layout: Any) -> None:
    """Draw it in the app's style, with its content in words and as a table in a fold below.

    `x` and `y` are titles or whole axes, `layout` what differs.
    """
    across = any(getattr(trace, "orientation", None) == "h" for trace in figure.data)
    titles = [chart_words.title(axis) for axis in ((y, x) if across else (x, y))]
    words = chart_words.describe(figure, *titles)
    if chart_html.is_drawn(figure):
        # Without Plotly, whose script takes a browser most of a second.
        drawn = chart_html.drawing(figure, words, x, y, height, layout)
        st.html(f'<div class="chart">{drawn}</div>')
    else:
        _with_plotly(figure, words, key, x, y, height, layout)
    with st.expander("Numbers", type="compact", key=f"numbers_{key}"):
        st.markdown(f"{markdown.escape(words)}\n\n{chart_words.table(figure, *titles)}")


def _with_plotly(
    figure: go.Figure, words: str, key: str, x: Any, y: Any, height: int, layout: dict[str, Any]
) -> None:
    axes = {
        name: {"fixedrange": True, **(axis if isinstance(axis, dict) else {"title": axis})}
        for name, axis in [("xaxis", x), ("yaxis", y)]
    }
    # On top of the chart, however high that is.
    legend = {"orientation": "h", "x": 0, "yref": "container", "y": 1, "yanchor": "top"}
    legend |= layout.pop("legend", {})
    margin = {"l": 0, "r": 0, "t": 30, "b": 0}
    # A finger that starts on the chart scrolls the page: nothing here is dragged.
    figure.update_layout(
        height=height, margin=margin, legend=legend, dragmode=False, **axes, **layout
    )
    st.plotly_chart(figure, config={"displayModeBar": False}, key=key, alt=words)


def lines(
    curves: Mapping[str, tuple[Values, Values]], colours: Sequence[str] = COLOURS
) -> go.Figure:
    """A line with markers for each name: its x and y values."""
    figure = go.Figure()
    for (name, (x, y)), colour, symbol in zip(
        curves.items(), colours, cycle(SYMBOLS), strict=False
    ):
        figure.add_scatter(
            # Plotly reads names as HTML.
            name=html.escape(name, quote=False),
            x=list(x),
            y=list(y),
            mode="lines+markers",
            line={"color": colour, "width": 2},
            marker={"symbol": symbol, "size": 7},
            hovertemplate="%{x}: %{y:.4g}",
        )
    return figure


def bars(
    groups: Mapping[str, Values],
    places: Sequence[str] | None = None,
    hover: str = "%{x}: %{y:.3g}",
    colours: Sequence[str] = COLOURS,
) -> go.Figure:
    """Grouped bars, one colour for each name, at `places`: categories, or 1, 2, … without them."""
    figure = go.Figure()
    for (name, values), colour in zip(groups.items(), colours, strict=False):
        figure.add_bar(
            # Plotly reads names as HTML.
            name=html.escape(name, quote=False),
            x=list(places or range(1, len(values) + 1)),
            y=list(values),
            marker_color=colour,
            hovertemplate=hover,
        )
    return figure.update_layout(barmode="group", showlegend=len(groups) > 1)
