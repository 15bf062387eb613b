"""What can be seen of a row of the reproduction table: pictures and curves in its details."""

from typing import Any

import numpy as np
import plotly.graph_objects as go
import streamlit as st

from aemodels.data import PIXELS, SIDE
from reproduction.result import Result

ENLARGED = 3  # screen pixels a pixel: the browser would blur what it enlarges itself
COLOURS = ("#4c63d2", "#e07b39", "#9aa0b4", "#2f9e6e")


def draw(found: Result) -> None:
    """Strips of pictures and curves over epochs, whatever of these the row kept."""
    strips(found.details)
    drawn = list(curves(found.details))
    if drawn:
        chart(drawn, f"curve_{found.id}")
    if "detectors" in found.details:
        st.page_link("uses.py", label="Scores and pictures on Uses", icon=":material/search:")


def strips(details: Any) -> None:
    """Every list of pictures, under its name, however deep it lies."""
    if not isinstance(details, dict):
        return
    for name, value in details.items():
        if is_pictures(value):
            st.caption(str(name).replace("_", " "))
            st.image(strip(value))
        else:
            strips(value)


def is_pictures(value: Any) -> bool:
    """Whether these are pictures of 784 grey levels each."""
    return (
        isinstance(value, list)
        and bool(value)
        and all(isinstance(one, list) and len(one) == PIXELS for one in value)
    )


def strip(pictures: list[list[int]]) -> np.ndarray:
    """Pictures beside one another, enlarged, two pixels of white between them."""
    images = np.array(pictures, np.uint8).reshape(-1, SIDE, SIDE)
    large = images.repeat(ENLARGED, 1).repeat(ENLARGED, 2)
    return np.hstack([np.pad(one, ((0, 0), (0, 6)), constant_values=255) for one in large])[:, :-6]


def curves(details: Any, name: str = "") -> list[tuple[str, list[int], list[float]]]:
    """Test curves over epochs, however deep they lie: name, epochs, values of `loss`."""
    if isinstance(details, dict):
        return [found for key, value in details.items() for found in curves(value, str(key))]
    if not isinstance(details, list) or not details:
        return []
    if not all(isinstance(one, dict) and {"epoch", "test"} <= one.keys() for one in details):
        return []
    term = "error" if "error" in details[0]["test"] else "loss"
    epochs = [one["epoch"] for one in details]
    return [(f"{name}, {term}", epochs, [one["test"][term] for one in details])]


def chart(drawn: list[tuple[str, list[int], list[float]]], key: str) -> None:
    figure = go.Figure()
    for k, (name, epochs, values) in enumerate(drawn):
        colour = COLOURS[k % len(COLOURS)]
        figure.add_scatter(x=epochs, y=values, name=name, line={"color": colour, "width": 2})
    figure.update_layout(
        height=240,
        margin={"l": 0, "r": 0, "t": 30, "b": 0},
        xaxis={"title": "epoch", "fixedrange": True},
        yaxis={"title": "test split", "fixedrange": True},
        legend={"orientation": "h", "y": 1.16, "x": 0},
        showlegend=True,
    )
    st.plotly_chart(figure, config={"displayModeBar": False}, key=key)
