"""The lessons of a site: those whose models and images it has."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from aemodels import lessons, paths
from aemodels.bundles import BundleError
from aemodels.lessons import Lesson
from pages import lesson_steps
from site_builder.selection import Selection, files_of, test_files
from ui import lessons_cache


class Lacking(NamedTuple):
    """A lesson that a site can't show, and the models and data sets that it lacks, by name."""

    lesson: Lesson
    missing: Sequence[str]


class Found(NamedTuple):
    """The lessons that a site shows, and the others."""

    shown: Sequence[Lesson]
    lacking: Sequence[Lacking]


def find(selection: Selection) -> Found:
    """The lessons that can be shown, and the others."""
    shown, lacking = [], []
    for lesson, needed in _needs(selection):
        missing = selection.lacks(needed)
        if missing:
            lacking.append(Lacking(lesson, missing))
        else:
            shown.append(lesson)
    return Found(shown, lacking)


def with_lessons(selection: Selection, keys: Sequence[str] = ()) -> Selection:
    """The selection with all that these lessons need; without keys, all lessons.

    Raises BundleError for a lesson that there isn't.
    """
    needs = {lesson.key: needed for lesson, needed in _needs(selection)}
    for key in keys:
        if key not in needs:
            raise BundleError(f"{key}: there is no such lesson; choose among {', '.join(needs)}")
    return selection.adding(name for key in keys or needs for name in needs[key])


def size(selection: Selection, names: Iterable[str]) -> int:
    """Bytes of models and data sets; a site takes a little less, for it packs them."""
    files = (
        files_of(selection.zoo[name]) if name in selection.zoo else test_files(name)
        for name in dict.fromkeys(names)
    )
    return sum(path.stat().st_size for each in files for path in each)


def _needs(selection: Selection) -> list[tuple[Lesson, Sequence[str]]]:
    """All lessons, each with the models and data sets that it needs."""
    latents = {name: item.latent_dim for name, item in selection.zoo.items()}
    every = lessons.scan(paths.lessons() / lessons_cache.LANGUAGE, models=latents).lessons
    return [
        (lesson, [*dict.fromkeys(_named(lesson_steps.of(selection.zoo, lesson, every, None)))])
        for lesson in every
    ]


def data(selection: Selection, found: Sequence[Lesson], pages: Iterable[str]) -> dict[str, Any]:
    """What the views of the list and of each lesson take; steps link to these pages alone."""
    made = {lesson.key: lesson_steps.of(selection.models, lesson, found, None) for lesson in found}
    known = {*pages}
    for lesson in made.values():
        for step in lesson["steps"]:
            if step["address"] and step["address"].partition("?")[0] not in known:
                step["address"] = None
    return {"cards": [lessons_cache.card(one) for one in found], "lessons": made}


def _named(data: Mapping[str, Any]) -> Iterator[str]:
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
