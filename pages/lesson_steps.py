"""The data of a lesson: over which views its steps are laid, whatever page they belong to."""

from collections.abc import Sequence

from aemodels import views
from aemodels.lessons import Lesson
from aemodels.views import lesson_contract
from aemodels.views.lesson_contract import LessonState
from pages.families import SECTIONS
from pages.uses import anomalies
from ui import lesson_pages, lessons_cache
from ui.given import Given
from ui.parameters import FAMILY
from ui.zoo_cache import Zoo

DATASET = "mnist"  # that the numbers in words are computed from


def family(zoo: Zoo, given: Given) -> lesson_pages.Page | None:
    """The view of a section of Families."""
    name = given.texts.get(FAMILY.name, next(iter(SECTIONS)))
    return SECTIONS[name].page(zoo, given) if name in SECTIONS else None


def use(zoo: Zoo, given: Given) -> lesson_pages.Page | None:
    """The anomaly detector of Uses."""
    chosen = anomalies.choose(given.texts)
    return anomalies.page(zoo, chosen, given) if chosen else None


BUILDS = {**lesson_pages.BUILDS, "families": family, "uses": use}


def of(
    zoo: Zoo, lesson: Lesson, found: Sequence[Lesson], state: LessonState | None
) -> lesson_contract.Lesson:
    """What the view of a lesson takes; the one after it in `found` is offered at its end."""
    after = found[found.index(lesson) + 1 :]
    detectors = {name for measure in lesson.measures for name in measure.detectors}
    names = {name for measure in lesson.measures for name in measure.models}
    return lesson_contract.Lesson(
        view="lesson",
        base="",
        card=lessons_cache.card(lesson),
        next=lessons_cache.card(after[0]) if after else None,
        steps=lesson_pages.steps(zoo, lesson, BUILDS),
        models={name: views.model(zoo[name]) for name in sorted(names)},
        detectors={name: one for name, one in anomalies.detectors().items() if name in detectors},
        dataset=views.dataset(DATASET),
        state=state,
    )
