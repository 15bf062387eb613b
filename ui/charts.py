"""Plotly charts in the style of the app: one layout, one set of colours."""

from collections.abc import Mapping, Sequence
from typing import Any

import plotly.graph_objects as go
import streamlit as st

# Not the digits' colours: these are models, losses or splits.
BLUE, ORANGE, GREY, PALE, GREEN = "#4c63d2", "#e07b39", "#9aa0b4", "#a5b4fc", "#2f9e6e"
COLOURS = (BLUE, ORANGE, GREY, PALE)

Values = Sequence[float]


def show(figure: go.Figure, key: str, x: Any, y: Any, height: int = 300, **layout: Any) -> None:
    """Draw it in the app's style; `x` and `y` are titles or whole axes, `layout` what differs."""
    axes = {
        name: {"fixedrange": True, **(axis if isinstance(axis, dict) else {"title": axis})}
        for name, axis in [("xaxis", x), ("yaxis", y)]
    }
    # On top of the chart, however high that is.
    legend = {"orientation": "h", "x": 0, "yref": "container", "y": 1, "yanchor": "top"}
    legend |= layout.pop("legend", {})
    margin = {"l": 0, "r": 0, "t": 30, "b": 0}
    figure.update_layout(height=height, margin=margin, legend=legend, **axes, **layout)
    st.plotly_chart(figure, config={"displayModeBar": False}, key=key)


def lines(
    curves: Mapping[str, tuple[Values, Values]], colours: Sequence[str] = COLOURS
) -> go.Figure:
    """A line with markers for each name: its x and y values."""
    figure = go.Figure()
    for (name, (x, y)), colour in zip(curves.items(), colours, strict=False):
        figure.add_scatter(
            name=name,
            x=list(x),
            y=list(y),
            mode="lines+markers",
            line={"color": colour, "width": 2},
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
            name=name,
            x=list(places or range(1, len(values) + 1)),
            y=list(values),
            marker_color=colour,
            hovertemplate=hover,
        )
    return figure.update_layout(barmode="group", showlegend=len(groups) > 1)
