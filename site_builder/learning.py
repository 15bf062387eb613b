"""The lessons of a site: those whose models it has."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from aemodels import lessons, paths
from aemodels.lessons import Lesson
from pages import lesson_steps
from site_builder.selection import DATASET, Selection
from ui import lessons_cache


class Lacking(NamedTuple):
    """A lesson that a site can't show, and what it lacks: names of models or of data sets."""

    title: str
    missing: Sequence[str]


class Found(NamedTuple):
    """The lessons that a site shows, and the others."""

    shown: Sequence[Lesson]
    lacking: Sequence[Lacking]


def find(selection: Selection) -> Found:
    """The lessons that can be shown, and the others."""
    latents = {name: item.latent_dim for name, item in selection.zoo.items()}
    every = lessons.scan(paths.lessons() / lessons_cache.LANGUAGE, models=latents).lessons
    shown, lacking = [], []
    for lesson in every:
        needed = dict.fromkeys(_needed(lesson_steps.of(selection.zoo, lesson, every, None)))
        missing = [name for name in needed if name not in (*selection.models, DATASET)]
        if missing:
            lacking.append(Lacking(lesson.title, missing))
        else:
            shown.append(lesson)
    return Found(shown, lacking)


def data(selection: Selection, found: Sequence[Lesson], pages: Iterable[str]) -> dict[str, Any]:
    """What the views of the list and of each lesson take; steps link to these pages alone."""
    made = {lesson.key: lesson_steps.of(selection.models, lesson, found, None) for lesson in found}
    known = {*pages}
    for lesson in made.values():
        for step in lesson["steps"]:
            if step["address"] and step["address"].partition("?")[0] not in known:
                step["address"] = None
    return {"cards": [lessons_cache.card(one) for one in found], "lessons": made}


def _needed(data: Mapping[str, Any]) -> Iterator[str]:
    """The names of the models and data sets of a lesson."""
    yield from data["models"]
    for step in data["steps"]:
        page = step["page"] or {}
        for key in ("dataset", "normal", "anomalous"):
            if key in page:
                yield page[key]["name"]
        models = page.get("models", [])
        for model in (*models, *filter(None, [page.get("model")])):
            yield model["name"]
