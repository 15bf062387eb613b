"""What a fold shows, whoever draws it: words, charts and pictures.

`draw` draws it on a page of the app; `site_builder.parts` writes it as HTML.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
import plotly.graph_objects as go
import streamlit as st

from ui import charts, terms


@dataclass(frozen=True)
class Heading:
    """A heading within the fold."""

    text: str


@dataclass(frozen=True)
class Words:
    """Markdown, which may be a table."""

    text: str


@dataclass(frozen=True)
class Caption:
    """Markdown about what it stands below."""

    text: str


@dataclass(frozen=True)
class Chart:
    """Lines or bars, as `charts.show` takes them."""

    figure: go.Figure
    key: str
    x: Any
    y: Any
    height: int = 300
    layout: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Picture:
    """Squares as `ui.pictures` makes them; `width` in CSS pixels, else as wide as its place."""

    pixels: np.ndarray
    alt: str
    width: int | None = None


@dataclass(frozen=True)
class Columns:
    """Parts side by side; `shares` of the width, equal by default."""

    columns: "Sequence[Sequence[Part]]"
    shares: Sequence[float] = ()
    gap: Literal["small", "medium", "large"] = "small"


@dataclass(frozen=True)
class Live:
    """What only the app has, such as a second view."""

    draw: Callable[[], None]


Part = Heading | Words | Caption | Chart | Picture | Columns | Live


def draw(parts: Sequence[Part]) -> None:
    """Draw them one below the other."""
    for part in parts:
        _draw(part)


def _draw(part: Part) -> None:
    match part:
        case Heading():
            st.markdown(f"## {part.text}")
        case Words():
            st.markdown(terms.link(part.text))
        case Caption():
            st.caption(terms.link(part.text))
        case Chart():
            charts.show(part.figure, part.key, part.x, part.y, part.height, **part.layout)
        case Picture():
            st.image(part.pixels, width=part.width or "stretch", alt=part.alt)
        case Columns():
            places = st.columns(part.shares or len(part.columns), gap=part.gap)
            for place, parts in zip(places, part.columns, strict=True):
                with place:
                    draw(parts)
        case Live():
            part.draw()
