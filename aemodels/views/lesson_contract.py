"""What Python tells the views of lessons and gets back from them, as JSON; see `contract`."""

from collections.abc import Mapping, Sequence
from typing import Literal, TypedDict

from aemodels.views.contract import (
    Anomalies,
    Beta,
    Compare,
    Dataset,
    Detector,
    Draws,
    Explore,
    Interpolate,
    Model,
    Page,
    Reconstruct,
    State,
)


class Condition(TypedDict):
    """What a fact of an event must be."""

    fact: str
    test: Literal["=", "!=", "<", "<=", ">", ">="]
    value: str | float | bool


class Deed(TypedDict):
    """What a person has to do for a step of a lesson to tick itself off."""

    event: str  # that the view tells
    times: int
    distinct: str | None  # the fact of which `times` different values are wanted, if any
    where: Sequence[Condition]  # events that don't meet them don't count


class Answer(TypedDict):
    """One of the answers to a question, of which at least one is right."""

    html: str
    right: bool


class Step(TypedDict):
    """One step of a lesson. Its HTML is made from Markdown: it holds neither scripts nor addresses
    of other sites; `<data class="measure" value="legible vae-16">` stands for a number that is
    computed from the bundle when it is shown.
    """

    title: str
    html: str
    answers: Sequence[Answer]  # two to four, or none where nothing is asked
    sketch: int | None  # the class whose place on the map is asked for
    # The view and what it shows, as its own type below `Page` says; None leaves what is on show.
    page: Explore | Compare | Interpolate | Reconstruct | Anomalies | Draws | Beta | None
    # Of the page that shows the same without the lesson, such as "explore?digit=3".
    address: str | None
    light: Sequence[str]  # controls that are lit
    deed: Deed | None
    reveal: str  # HTML, shown once the deed is done or a person asks for it; "" without one


class LessonCard(TypedDict):
    """A lesson in the list of lessons."""

    key: str  # its name in the address
    title: str
    question: str  # HTML: the first that it asks; "" where it asks none
    idea: str  # HTML: its one sentence
    minutes: float
    own: bool  # a teacher's own


class LessonState(State):
    lesson: str | None  # the key of the lesson on show; None for the list
    step: int | None  # from 1, the default


class Lesson(Page):
    card: LessonCard
    next: LessonCard | None
    steps: Sequence[Step]
    models: Mapping[str, Model]  # that numbers are computed from, by name
    detectors: Mapping[str, Detector]  # likewise
    dataset: Dataset
    state: LessonState | None


class Lessons(Page):
    lessons: Sequence[LessonCard]
    state: LessonState | None
