"""Pictures and curves in the details of a row of the reproduction table."""

from itertools import cycle, islice
from typing import Any

import numpy as np
import streamlit as st

from aemodels.data import PIXELS, SIDE
from reproduction.result import Result
from ui import address, charts

ENLARGED = 3  # screen pixels per pixel: the browser would blur what it enlarges itself


def draw(found: Result) -> None:
    """Strips of images and curves over epochs, whichever the row has."""
    strips(found.details)
    drawn = curves(found.details)
    if drawn:
        colours = (charts.BLUE, charts.ORANGE, charts.GREY, charts.TEAL)
        figure = charts.lines(drawn, list(islice(cycle(colours), len(drawn))))
        figure.update_traces(mode="lines")
        charts.show(figure, f"curve_{found.id}", "epoch", "test split", 240, showlegend=True)
    if "detectors" in found.details:
        address.link("uses/page.py", "Scores and images on Uses", ":material/search:")


def strips(details: Any) -> None:
    """Every list of images under its name, at any depth."""
    if not isinstance(details, dict):
        return
    for name, value in details.items():
        if is_pictures(value):
            words = str(name).replace("_", " ")
            st.caption(words)
            st.image(strip(value), alt=f"{len(value)} images: {words}")
        else:
            strips(value)


def is_pictures(value: Any) -> bool:
    """Whether it is a list of images, 784 grey levels each."""
    return (
        isinstance(value, list)
        and bool(value)
        and all(isinstance(one, list) and len(one) == PIXELS for one in value)
    )


def strip(pictures: list[list[int]]) -> np.ndarray:
    """(n, 784) -> (84, …) uint8: images side by side, enlarged, two pixels of white between them."""
    images = np.array(pictures, np.uint8).reshape(-1, SIDE, SIDE)
    large = images.repeat(ENLARGED, 1).repeat(ENLARGED, 2)
    return np.hstack([np.pad(one, ((0, 0), (0, 6)), constant_values=255) for one in large])[:, :-6]


def curves(details: Any, name: str = "") -> dict[str, tuple[list[int], list[float]]]:
    """Test curves over epochs, at any depth: epochs and values by name."""
    found: dict[str, tuple[list[int], list[float]]] = {}
    if isinstance(details, dict):
        for key, value in details.items():
            found |= curves(value, str(key))
    elif isinstance(details, list) and details and all(map(_is_epoch, details)):
        term = "error" if "error" in details[0]["test"] else "loss"
        values = [one["test"][term] for one in details]
        found[f"{name}, {term}"] = ([one["epoch"] for one in details], values)
    return found


def _is_epoch(value: Any) -> bool:
    return isinstance(value, dict) and {"epoch", "test"} <= value.keys()
