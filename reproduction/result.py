"""The result of measuring one row: its figures as table cells, and its JSON file.

Loads neither PyTorch nor the rows, since pages read results.
"""

import json
import math
import os
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from statistics import fmean, stdev
from typing import Any, NamedTuple

from aemodels.bundles import atomic

FORMAT = 3
DONE, DIVERGED, MISSING = "done", "diverged", "missing data"
STATES = (DONE, DIVERGED, MISSING)
# Which values are better; "near" means close to the target, "none" that there is no target.
DIRECTIONS = ("lower", "higher", "near", "none")
# The unit of a figure that is 1 for yes and 0 for no.
YES_OR_NO = "1 is yes"
# The rows in the order of the table.
ROW_IDS = (
    "pca-30",
    "deep-30",
    "logistic-30",
    "pca-2-64",
    "linear",
    "bottleneck",
    "losses",
    "sparse",
    "recurrent",
    "shallow-bce",
    "knn-codes",
    "knn-fashion",
    "shoe",
    "features",
    "denoising",
    "repair",
    "stacked-classifier",
    "flaw",
    "contractive-norms",
    "perturbation",
    "vae-20",
    "vae-2-keras",
    "vae-2-binary",
    "likelihood",
    "likelihood-2",
    "active-units",
    "beta",
    "beta-2d",
    "beta-logs",
    "maps-neighbours",
    "maps-trustworthiness",
    "maps-error",
    "anomaly-digits",
    "anomaly-fashion",
    "leave-one-out",
)


class ResultError(Exception):
    """A result's file can't be used; the message is one line."""


def committed() -> Path:
    """The folder of results in this package."""
    return Path(__file__).resolve().parent / "results"


def folder() -> Path:
    """The folder of results: `$LATENT_LAB_REPRODUCTION` if set, else the one in this package."""
    return Path(os.environ.get("LATENT_LAB_REPRODUCTION") or committed())


class Cells(NamedTuple):
    """A figure as a row of a table, in plain text; a dash for an empty cell."""

    figure: str
    published: str
    target: str
    ours: str
    verdict: str


@dataclass(frozen=True)
class Figure:
    """One number of a row: the published value, the target, and ours for each seed.

    `published` is empty, one number, or the two ends of a range. `target` is a threshold of our
    own, which counts instead of the published number. `margin` is how far `near` reaches.
    """

    name: str
    unit: str
    ours: Sequence[float]
    better: str = "none"
    published: Sequence[float] = ()
    target: float | None = None
    margin: float = 0.0
    note: str = ""

    def __post_init__(self) -> None:
        for name in ("ours", "published"):
            object.__setattr__(self, name, tuple(float(value) for value in getattr(self, name)))
        if self.target is not None:
            object.__setattr__(self, "target", float(self.target))
        numbers = [*self.ours, *self.published, self.margin]
        numbers += [] if self.target is None else [self.target]
        if not self.ours or not all(math.isfinite(number) for number in numbers):
            raise ResultError(f"{self.name}: must have a finite number for each seed")
        if self.better not in DIRECTIONS or len(self.published) > 2 or self.margin < 0:
            raise ResultError(f"{self.name}: its direction, range or margin is wrong")
        if self.better != "none" and self.target is None and not self.published:
            raise ResultError(f"{self.name}: better={self.better} needs a target")

    @property
    def value(self) -> float:
        """Ours: the mean over the seeds."""
        return fmean(self.ours)

    @property
    def goal(self) -> tuple[float, ...]:
        """The target or, without one of our own, the published number or range."""
        return tuple(self.published) if self.target is None else (self.target,)

    @property
    def met(self) -> bool | None:
        """Whether ours is as good as the goal, or a range's worse end; None without a goal."""
        if self.better == "lower":
            return self.value <= max(self.goal)
        if self.better == "higher":
            return self.value >= min(self.goal)
        if self.better == "near":
            return min(self.goal) - self.margin <= self.value <= max(self.goal) + self.margin
        return None

    def cells(self) -> Cells:
        """The figure as a row of a table; ours with the standard deviation over several seeds."""
        return Cells(
            figure=f"{self.name}, {self.unit}" if self.unit and not self._asks else self.name,
            published=self._range(self.published) or "–",
            target=self._target() or "–",
            ours=self._ours(),
            verdict={True: "met", False: "missed", None: "–"}[self.met],
        )

    @property
    def _asks(self) -> bool:
        return self.unit == YES_OR_NO

    def _text(self, value: float) -> str:
        return ("yes" if value else "no") if self._asks else number(value)

    def _range(self, values: Sequence[float]) -> str:
        return " to ".join(self._text(value) for value in values)

    def _target(self) -> str:
        if self.better == "lower":
            return f"≤ {self._text(max(self.goal))}"
        if self.better == "higher":
            return f"≥ {self._text(min(self.goal))}"
        if self.better == "near":
            margin = f" ± {number(self.margin)}" if self.margin else ""
            return self._range(self.goal) + margin
        return ""

    def _ours(self) -> str:
        ours = self._text(self.value)
        if len(self.ours) == 1:
            return ours
        return f"{ours} ± {stdev(self.ours):.2g}"


@dataclass(frozen=True)
class Used:
    """A model that a row measured: how it was made, where, and how long that took.

    `command` reproduces it; where the command line can't, it is empty, and `settings` describes how
    the row made it. `machine` is empty if it wasn't recorded.
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
    """One row, measured. `details` are plain lists and numbers for pages, defined by the row.

    `chosen` says how the settings were chosen.

    `seconds` is the measuring; each of `models` has the seconds of its training.
    """

    id: str
    title: str
    source: str
    recipe: str
    difference: str
    chosen: str
    status: str
    machine: str
    date: str
    reason: str = ""
    seconds: float = 0.0
    families: tuple[str, ...] = ()
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
    def missed(self) -> tuple[Figure, ...]:
        """The figures that miss their target."""
        return tuple(figure for figure in self.figures if figure.met is False)

    @property
    def verdict(self) -> str:
        """`met`, `missed 1 of 6`, `no target`, or why there are no numbers."""
        judged = [figure for figure in self.figures if figure.met is not None]
        if self.status != DONE:
            return self.status
        if self.missed:
            return f"missed {len(self.missed)} of {len(judged)}"
        return "met" if judged else "no target"

    @property
    def training_seconds(self) -> float:
        """The training time of all models together."""
        return sum(model.seconds for model in self.models)

    def text(self) -> str:
        """As JSON. Raises ResultError if a detail isn't a finite number."""
        values: dict[str, Any] = {"format": FORMAT, **asdict(self)}
        values["figures"] = [{**asdict(f), "met": f.met} for f in self.figures]
        try:
            return f"{_lines(values, 3)}\n"
        except (TypeError, ValueError) as error:
            raise ResultError(f"{self.id}: can't be written as JSON: {error}") from None

    def save(self, to: Path) -> None:
        """Write `<id>.json` into the folder, whole or not at all."""
        to.mkdir(parents=True, exist_ok=True)
        atomic.replace(to / f"{self.id}.json", self.text().encode())


def number(value: float) -> str:
    """Five significant digits without zeros at the end: 13.87, 0.0726, 10,240."""
    return f"{value:,.0f}" if abs(value) >= 10_000 else f"{value:.5g}"


def duration(seconds: float) -> str:
    """42 s, 3.5 min, 1.2 h."""
    if seconds < 100:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.1f} min" if seconds < 6000 else f"{seconds / 3600:.1f} h"


def overview(results: Sequence[Result]) -> str:
    """How many rows there are and how they went, in one sentence."""
    done = [found for found in results if found.status == DONE]
    missed = [f"“{found.title}”" for found in done if found.missed]
    text = f"{len(results)} experiments, {len(done)} of them measured"
    if missed:
        misses = "misses" if len(missed) == 1 else "miss"
        text += f"; {len(missed)} {misses} at least one target: {', '.join(missed)}"
    failed = [f"“{found.title}” ({found.status})" for found in results if found.status != DONE]
    return f"{text}{'; without a number: ' if failed else ''}{', '.join(failed)}."


def read(path: Path) -> Result:
    """Read and check one result. Raises ResultError."""
    try:
        values = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise ResultError(f"{path.name}: can't be read: {error}") from None
    try:
        if values.pop("format") != FORMAT or values["id"] != path.stem:
            raise ResultError(f"{path.name}: is of another format or another row")
        met = [figure.pop("met") for figure in values["figures"]]
        values["figures"] = tuple(Figure(**figure) for figure in values["figures"])
        values["models"] = tuple(Used(**model) for model in values["models"])
        values["families"] = tuple(values["families"])
        values["seeds"] = tuple(values["seeds"])
        result = Result(**values)
    except (KeyError, TypeError, AttributeError, ValueError):
        names = ", ".join(column.name for column in fields(Result))
        raise ResultError(f"{path.name}: must be a JSON object with {names}") from None
    except ResultError as error:
        raise ResultError(f"{path.name}: {error}") from None
    if met != [figure.met for figure in result.figures]:
        raise ResultError(f"{path.name}: its verdicts don't follow from its numbers")
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
