"""A row of the table: what was published, and the function that measures ours."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from reproduction.result import Figure

if TYPE_CHECKING:
    from reproduction.context import ReproductionContext


@dataclass(frozen=True)
class Measured:
    """What a row found."""

    figures: list[Figure]
    details: dict[str, Any] = field(default_factory=dict)
    seeds: tuple[int, ...] = (0,)


@dataclass(frozen=True)
class Row:
    """`difference` says in words how our recipe departs from the published one.

    `families` and `recipes` are what it measures: names of families, and of models in the zoo.
    """

    id: str
    title: str
    source: str
    recipe: str
    difference: str
    measure: Callable[[ReproductionContext], Measured]
    families: tuple[str, ...]
    recipes: tuple[str, ...] = ()
