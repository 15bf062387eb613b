"""What measuring one row gave, and its JSON file. Loads neither PyTorch nor the rows themselves."""

import json
import math
import os
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from statistics import median
from typing import Any

from aemodels.bundles import atomic

FORMAT = 1
DONE, DIVERGED, MISSING = "done", "diverged", "missing data"
STATES = (DONE, DIVERGED, MISSING)
# Better lower, better higher, the same value asked for, or nothing asked.
DIRECTIONS = ("lower", "higher", "near", "none")


class ResultError(Exception):
    """A result's file can't be used; the message is one line."""


def folder() -> Path:
    """Where results lie: `$LATENT_LAB_REPRODUCTION` where it is set, else `reproduction` beside
    this package's folder.
    """
    beside = Path(__file__).resolve().parent / "results"
    return Path(os.environ.get("LATENT_LAB_REPRODUCTION") or beside)


@dataclass(frozen=True)
class Figure:
    """One number of a row: what was published, what is asked for, and ours for each seed.

    `published` is empty, one number, or the two ends of a range. `bar` is a limit of our own, which
    counts instead of the published number. `margin` is how far `near` reaches.
    """

    name: str
    unit: str
    ours: Sequence[float]
    better: str = "none"
    published: Sequence[float] = ()
    bar: float | None = None
    margin: float = 0.0
    note: str = ""

    def __post_init__(self) -> None:
        for name in ("ours", "published"):
            object.__setattr__(self, name, tuple(float(value) for value in getattr(self, name)))
        numbers = [*self.ours, *self.published, self.margin]
        numbers += [] if self.bar is None else [self.bar]
        if not self.ours or not all(math.isfinite(number) for number in numbers):
            raise ResultError(f"{self.name}: must have a finite number for each seed")
        if self.better not in DIRECTIONS or len(self.published) > 2 or self.margin < 0:
            raise ResultError(f"{self.name}: its direction, range or margin is wrong")
        if self.better != "none" and self.bar is None and not self.published:
            raise ResultError(f"{self.name}: better={self.better} asks for a published number")

    @property
    def value(self) -> float:
        """Ours: the median over the seeds."""
        return median(self.ours)

    @property
    def reached(self) -> bool | None:
        """Whether ours is as good as the bar or, without one, as the published number or the worse
        end of its range; None if nothing is asked.
        """
        goal = self.published if self.bar is None else (self.bar,)
        if self.better == "lower":
            return self.value <= max(goal)
        if self.better == "higher":
            return self.value >= min(goal)
        if self.better == "near":
            return min(goal) - self.margin <= self.value <= max(goal) + self.margin
        return None


@dataclass(frozen=True)
class Used:
    """A model that a row measured: how it was made, where, and how long that took.

    `command` makes it again; where the command line can't, it is empty, and `settings` says how the
    row made it. `machine` is empty if it wasn't recorded.
    """

    name: str
    command: str
    settings: str
    device: str
    precision: str
    seconds: float
    machine: str


@dataclass(frozen=True)
class Result:
    """One row, measured. `details` are plain lists and numbers for pages, as the row says.

    `seconds` is the measuring; each of `models` has the seconds of its training.
    """

    id: str
    title: str
    source: str
    recipe: str
    difference: str
    status: str
    machine: str
    date: str
    reason: str = ""
    seconds: float = 0.0
    seeds: tuple[int, ...] = ()
    models: tuple[Used, ...] = ()
    figures: tuple[Figure, ...] = ()
    versions: dict[str, str] = field(default_factory=dict)
    details: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.status not in STATES:
            raise ResultError(f"{self.id}: its status must be {', '.join(STATES)}")
        if (self.status == DONE) != bool(self.figures) or (self.status == DONE) == bool(
            self.reason
        ):
            raise ResultError(f"{self.id}: only a row that is done has numbers, others a reason")

    @property
    def short(self) -> tuple[Figure, ...]:
        """The figures that fall short."""
        return tuple(figure for figure in self.figures if figure.reached is False)

    @property
    def training_seconds(self) -> float:
        """Of all models together."""
        return sum(model.seconds for model in self.models)

    def text(self) -> str:
        """As JSON. Raises ResultError if a detail is no finite number."""
        values: dict[str, Any] = {"format": FORMAT, **asdict(self)}
        values["figures"] = [{**asdict(f), "reached": f.reached} for f in self.figures]
        try:
            return f"{_lines(values, 3)}\n"
        except (TypeError, ValueError) as error:
            raise ResultError(f"{self.id}: can't be written as JSON: {error}") from None

    def save(self, to: Path) -> None:
        """Write `<id>.json` into the folder, whole or not at all."""
        to.mkdir(parents=True, exist_ok=True)
        atomic.replace(to / f"{self.id}.json", self.text().encode())


def read(path: Path) -> Result:
    """Read and check one result. Raises ResultError."""
    try:
        values = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise ResultError(f"{path.name}: can't be read: {error}") from None
    try:
        if values.pop("format") != FORMAT or values["id"] != path.stem:
            raise ResultError(f"{path.name}: is of another format or another row")
        reached = [figure.pop("reached") for figure in values["figures"]]
        values["figures"] = tuple(Figure(**figure) for figure in values["figures"])
        values["models"] = tuple(Used(**model) for model in values["models"])
        values["seeds"] = tuple(values["seeds"])
        result = Result(**values)
    except (KeyError, TypeError, AttributeError, ValueError):
        names = ", ".join(column.name for column in fields(Result))
        raise ResultError(f"{path.name}: must be a JSON object with {names}") from None
    except ResultError as error:
        raise ResultError(f"{path.name}: {error}") from None
    if reached != [figure.reached for figure in result.figures]:
        raise ResultError(f"{path.name}: what it says was reached isn't what its numbers say")
    return result


def read_all(names: Sequence[str], source: Path) -> dict[str, Result]:
    """Those of the named rows that were measured, in that order. Raises ResultError."""
    paths = {name: source / f"{name}.json" for name in names}
    return {name: read(path) for name, path in paths.items() if path.exists()}


def _lines(value: Any, depth: int) -> str:
    """JSON with a line for each entry down to a depth: short to read, and a diff shows what changed
    without a line for each pixel.
    """
    if depth and value and isinstance(value, Mapping):
        parts = [f"{json.dumps(key)}: {_lines(part, depth - 1)}" for key, part in value.items()]
        return "{\n" + ",\n".join(parts) + "\n}"
    if depth and value and isinstance(value, list | tuple) and isinstance(value[0], Mapping):
        return "[\n" + ",\n".join(_lines(part, 0) for part in value) + "\n]"
    return json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ": "))
