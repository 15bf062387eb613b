"""The lessons, read once and again when a file changes, in the form that the lens takes."""

import re
from pathlib import Path

import streamlit as st

from aemodels import bundles, lessons, paths
from aemodels.bundles import zoo
from aemodels.lessons import Lesson, LessonIndex
from aemodels.views import lesson_contract
from ui.zoo_cache import Zoo

LANGUAGE = "en"
# As `aemodels.lessons.question` marks it.
QUESTION = re.compile(r'<p class="question">(.*?)</p>', re.DOTALL)

Stamp = tuple[tuple[bytes, int], ...]


def load(models: Zoo) -> LessonIndex:
    """Those that come with the app, then a teacher's own; and what is wrong with the other files."""
    folder, own = paths.lessons() / LANGUAGE, paths.own_lessons()
    latents = tuple(sorted((name, item.latent_dim) for name, item in models.items()))
    return _scan(folder, own, latents, _stamp(folder), _stamp(own))


@st.cache_resource(show_spinner=False, max_entries=4)
def _scan(
    _folder: Path, _own: Path | None, latents: tuple[tuple[str, int], ...], *stamps: Stamp
) -> LessonIndex:
    return lessons.scan(_folder, [_own] if _own else [], models=dict(latents))


def complaints() -> list[str]:
    """What is wrong with a teacher's own lessons, a line each, as `lessons check` prints it."""
    own = paths.own_lessons()
    if own is None:
        return []
    models = {item.name: item.latent_dim for item in bundles.scan(zoo.folder()).bundles}
    found = lessons.scan(paths.lessons() / LANGUAGE, [own], models=models).own
    return [f"{path}:{problem.line}: {problem.reason}" for path, problem in sorted(found.problems)]


def _stamp(folder: Path | None) -> Stamp:
    """Changes with the files of a folder, or with itself if it is one."""
    if folder is None or not folder.exists():
        return ((bytes(folder or b""), 0),)
    files = sorted(folder.glob("*.md")) if folder.is_dir() else [folder]
    # Bytes: as text, a path that the locale has no letters for could not be compared.
    return tuple((bytes(file), file.lstat().st_mtime_ns) for file in files)


def card(lesson: Lesson) -> lesson_contract.LessonCard:
    """A lesson in the list."""
    return {
        "key": lesson.key,
        "title": lesson.title,
        "question": _question(lesson),
        "idea": lesson.idea,
        "minutes": lesson.minutes,
        "own": lesson.own,
    }


def _question(lesson: Lesson) -> str:
    """The first question, as HTML."""
    asked = (QUESTION.search(step.html) for step in lesson.steps)
    return next((found[1] for found in asked if found), "")
