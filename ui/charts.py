"""Quiet Plotly charts and pictures of weights, in the colours of the app."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import plotly.graph_objects as go
import streamlit as st

# Not the digits' colours: these are models.
GREY, PALE, BLUE, ORANGE = "#9aa0b4", "#a5b4fc", "#4c63d2", "#e07b39"
COLOURS = (BLUE, ORANGE, GREY, PALE)
ZOOM = 4
GAP = 4


def show(figure: go.Figure, key: str, x: Any, y: Any, height: int = 300) -> None:
    """Draw it in the app's style; `x` and `y` are titles or whole axes."""
    axes = {
        name: axis if isinstance(axis, dict) else {"title": axis}
        for name, axis in [("x", x), ("y", y)]
    }
    figure.update_layout(
        height=height,
        margin={"l": 0, "r": 0, "t": 30, "b": 0},
        xaxis={"fixedrange": True, **axes["x"]},
        yaxis={"fixedrange": True, **axes["y"]},
        legend={"orientation": "h", "y": 1.14, "x": 0},
    )
    st.plotly_chart(figure, config={"displayModeBar": False}, key=key)


def lines(curves: Mapping[str, tuple[Sequence[float], Sequence[float]]]) -> go.Figure:
    """A line with its points for each name: what is across and what is up."""
    figure = go.Figure()
    for (name, (across, up)), colour in zip(curves.items(), COLOURS, strict=False):
        figure.add_scatter(
            name=name,
            x=list(across),
            y=list(up),
            mode="lines+markers",
            line={"color": colour, "width": 2},
            hovertemplate="%{x}: %{y:.4g}",
        )
    return figure


def bars(groups: Mapping[str, Sequence[float] | np.ndarray], first: int = 1) -> go.Figure:
    """Bars side by side for each name; places are counted from `first`."""
    figure = go.Figure()
    for (name, values), colour in zip(groups.items(), COLOURS, strict=False):
        places = list(range(first, first + len(values)))
        figure.add_bar(
            name=name, x=places, y=list(values), marker_color=colour, hovertemplate="%{x}: %{y:.3g}"
        )
    return figure.update_layout(barmode="group", showlegend=len(groups) > 1)


def atoms(rows: np.ndarray, columns: int, one_scale: bool = False) -> np.ndarray:
    """(d, 784) signed -> RGBA uint8: each a square, black at 0, orange above, blue below; each to its
    own largest value, or with `one_scale` all to the third quartile of these. What lies between them
    is transparent.
    """
    warm, cold = np.array([255, 176, 64]), np.array([80, 160, 255])
    most = np.abs(rows).max(1, keepdims=True)
    if one_scale:
        most = np.quantile(most, 0.75)
    scaled = (rows / np.maximum(most, 1e-12)).clip(-1, 1)
    colours = np.where(scaled[..., None] > 0, warm, cold) * np.abs(scaled)[..., None]
    return _tiles(colours, columns)


def greys(rows: np.ndarray, columns: int) -> np.ndarray:
    """(n, 784) grey levels, clipped to [0, 1] -> RGBA uint8: each a square."""
    return _tiles(np.repeat(255 * rows.clip(0, 1)[..., None], 3, axis=2), columns)


def _tiles(colours: np.ndarray, columns: int) -> np.ndarray:
    """(n, 784, 3) -> one picture; every pixel a block of its own, so that enlarging keeps it crisp."""
    down = -(-len(colours) // columns)
    side = 28 * ZOOM + GAP
    picture = np.zeros((down * side - GAP, columns * side - GAP, 4), np.uint8)
    for k, square in enumerate(np.round(colours).astype(np.uint8)):
        opaque = np.concatenate([square, np.full((784, 1), 255, np.uint8)], axis=1)
        block = np.kron(opaque.reshape(28, 28, 4), np.ones((ZOOM, ZOOM, 1), np.uint8))
        top, left = k // columns * side, k % columns * side
        picture[top : top + 28 * ZOOM, left : left + 28 * ZOOM] = block
    return picture
