"""A row of the table: its texts, and the function that measures our numbers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from reproduction.result import Figure

if TYPE_CHECKING:
    from reproduction.context import ReproductionContext


@dataclass(frozen=True)
class Measured:
    """Our numbers, with details for pages."""

    figures: list[Figure]
    details: dict[str, Any] = field(default_factory=dict)
    seeds: tuple[int, ...] = (0,)


@dataclass(frozen=True)
class Row:
    """One experiment.

    `difference` is how ours departs from the published recipe; `families` and `recipes` name the
    families and the zoo's models that it measures.
    """

    id: str
    title: str
    source: str
    recipe: str
    difference: str
    measure: Callable[[ReproductionContext], Measured]
    families: tuple[str, ...]
    recipes: tuple[str, ...] = ()
