"""The kinds of parameters that are numbers: one, several, a code, a part of a map.

See `ui.query_params`.
"""

import dataclasses
import math
from collections.abc import Sequence
from dataclasses import dataclass, field

from ui.query_params import Parameter, UnusableError


@dataclass(frozen=True)
class Number(Parameter[float]):
    """A finite number from `low` to `high`."""

    low: float
    high: float

    def parse(self, text: str) -> float:
        try:
            parsed = float(text)
        except ValueError:
            parsed = math.nan
        if not self.low <= parsed <= self.high:
            raise UnusableError(f"must be a number from {self.low:g} to {self.high:g}")
        return parsed

    def write(self, value: float) -> str:
        return f"{value:.4g}"


@dataclass(frozen=True)
class Index(Parameter[int]):
    """A whole number, one of `count` from `first`."""

    count: int
    first: int = field(default=0, kw_only=True)

    def within(self, count: int) -> "Index":
        """The same with so many."""
        return dataclasses.replace(self, count=count)

    def parse(self, text: str) -> int:
        end = self.first + self.count
        if not _is_index(text, end) or int(text) < self.first:
            raise UnusableError(f"must be a whole number from {self.first} to {end - 1}")
        return int(text)


@dataclass(frozen=True)
class Indices(Parameter[list[int]]):
    """Whole numbers from 0 to `count - 1`, separated by commas; at most `most` of them."""

    count: int
    most: int

    def within(self, count: int) -> "Indices":
        """The same with so many."""
        return dataclasses.replace(self, count=count, most=count)

    def parse(self, text: str) -> list[int]:
        parts = text.split(",")
        if len(parts) > self.most or not all(_is_index(part, self.count) for part in parts):
            raise UnusableError(
                f"must be up to {self.most} whole numbers from 0 to {self.count - 1}"
            )
        return list(map(int, parts))

    def write(self, value: Sequence[int]) -> str:
        return ",".join(map(str, value))


@dataclass(frozen=True)
class Vector(Parameter[list[float]]):
    """Numbers separated by commas, one for each range `low[i]` to `high[i]`.

    Zooming out leads beyond the ranges, so values up to one range further out are accepted too.
    """

    low: Sequence[float] = ()
    high: Sequence[float] = ()

    def within(self, low: Sequence[float], high: Sequence[float]) -> "Vector":
        """The same with these ranges."""
        return dataclasses.replace(self, low=low, high=high)

    def parse(self, text: str) -> list[float]:
        parsed = _numbers(text)
        if len(parsed) != len(self.low) or not all(
            2 * a - b <= x <= 2 * b - a for a, x, b in zip(self.low, parsed, self.high, strict=True)
        ):
            raise UnusableError(f"must be {len(self.low)} numbers in or near the sliders' ranges")
        return parsed

    def write(self, value: Sequence[float]) -> str:
        return ",".join(f"{round(x, 3) + 0.0:.9g}" for x in value)


@dataclass(frozen=True)
class Frame(Parameter[list[float]]):
    """The part of a map's plane in view: its low and high end across, then upwards."""

    def parse(self, text: str) -> list[float]:
        parsed = _numbers(text)
        if len(parsed) != 4 or not (
            all(map(math.isfinite, parsed)) and parsed[0] < parsed[1] and parsed[2] < parsed[3]
        ):
            raise UnusableError("must be two ranges, each from a low to a high number")
        return parsed

    def write(self, value: Sequence[float]) -> str:
        span = min(value[1] - value[0], value[3] - value[2])
        decimals = max(0, 3 - math.floor(math.log10(span)))
        return ",".join(f"{round(x, decimals) + 0.0:.9g}" for x in value)


@dataclass(frozen=True)
class Several(Parameter[list[list[float]]]):
    """Up to `most` of one kind, separated by semicolons; nothing where one is left out."""

    one: Parameter[list[float]]
    most: int

    def of(self, one: Parameter[list[float]]) -> "Several":
        """The same of another kind."""
        return dataclasses.replace(self, one=one)

    def parse(self, text: str) -> list[list[float]]:
        parts = text.split(";")
        if len(parts) > self.most:
            raise UnusableError(f"must be up to {self.most}, separated by semicolons")
        return [self.one.parse(part) if part else [] for part in parts]

    def write(self, value: Sequence[Sequence[float]]) -> str:
        return ";".join(self.one.write(list(part)) if part else "" for part in value)


def _is_index(text: str, count: int) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 10 and int(text) < count


def _numbers(text: str) -> list[float]:
    try:
        return [float(part) for part in text.split(",")]
    except ValueError:
        return []
