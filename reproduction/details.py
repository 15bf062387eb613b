"""Details of a row as pages draw them: lists of numbers, pictures as 784 grey levels 0 to 255."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from reproduction.context import ReproductionContext, Trained

DIGITS = 5


def as_pictures(images: np.ndarray) -> list[list[int]]:
    """(N, 784) in [0, 1] -> N lists of 784 whole numbers from 0 to 255; others are clipped."""
    levels: list[list[int]] = np.rint(np.clip(images, 0, 1) * 255).astype(int).tolist()
    return levels


def first_of_each(labels: np.ndarray) -> np.ndarray:
    """(N,) labels -> the index of the first 0, 1, … 9, (10,)."""
    return np.array([int(np.argmax(labels == digit)) for digit in range(10)])


def reconstructions(context: ReproductionContext, *models: Trained) -> dict[str, Any]:
    """The first test image of each digit: `labels` (10), `original` (10 pictures) and, by name, the
    reconstructions of each model.
    """
    which = first_of_each(context.labels)
    shown: dict[str, Any] = {"labels": list(range(10)), "original": []}
    for trained in models:
        images = context.images(trained.config.data.binarisation)[which]
        shown["original"] = shown["original"] or as_pictures(images)
        shown[trained.name] = as_pictures(trained.model.decode(trained.model.encode(images)))
    return shown


def as_numbers(values: Iterable[float], digits: int = DIGITS) -> list[float]:
    """Rounded to so many significant digits."""
    return [float(f"{value:.{digits}g}") for value in values]
