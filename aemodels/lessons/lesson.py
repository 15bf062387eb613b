"""What a lesson consists of. HTML in it is made by `aemodels.lessons.markdown` and is safe."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal
from urllib.parse import urlencode

Test = Literal["=", "!=", "<", "<=", ">", ">="]


@dataclass(frozen=True)
class Place:
    """A view and what it shows: a page of the app, or a view that has none, and its parameters."""

    page: str
    parameters: Mapping[str, str]
    view: str
    line: int

    @property
    def address(self) -> str:
        """As a link to the page has it, such as "explore?model=vae-16"."""
        query = urlencode(self.parameters, safe=",;:")
        return f"{self.page}?{query}" if query else self.page


@dataclass(frozen=True)
class Condition:
    """What a fact of an event must be."""

    fact: str
    test: Test
    value: str | float | bool


@dataclass(frozen=True)
class Deed:
    """What a person has to do: an event, so many times, or with so many values of a fact."""

    event: str
    times: int = 1
    distinct: str | None = None
    where: Sequence[Condition] = ()


@dataclass(frozen=True)
class Answer:
    """One of the answers to a question."""

    html: str
    right: bool


@dataclass(frozen=True)
class Measure:
    """A number that the browser computes from a bundle: its name and arguments, as `kept vae-2`."""

    name: str
    arguments: Sequence[str]
    models: Sequence[str]  # names among its arguments
    detectors: Sequence[str]  # likewise
    line: int


@dataclass(frozen=True)
class Step:
    """One step. Without a place, what the step before shows stays."""

    title: str
    line: int
    place: Place | None
    html: str
    answers: Sequence[Answer] = ()
    sketch: int | None = None
    light: Sequence[str] = ()
    deed: Deed | None = None
    reveal: str = ""


@dataclass(frozen=True)
class Lesson:
    """One file. `key` is its name in the address."""

    path: Path
    key: str
    title: str
    minutes: float
    idea: str  # HTML
    steps: Sequence[Step]
    measures: Sequence[Measure]  # of all steps
    own: bool = False  # a teacher's
