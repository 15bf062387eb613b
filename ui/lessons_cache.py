"""The lessons, read once and again when a file changes, in the form that the lens takes."""

import re
from pathlib import Path

import streamlit as st

from aemodels import lessons, paths
from aemodels.lessons import Lesson, LessonIndex
from lens import lesson_contract
from ui.zoo_cache import Zoo

LANGUAGE = "en"
# As `aemodels.lessons.question` marks it.
QUESTION = re.compile(r'<p class="question">(.*?)</p>', re.DOTALL)

Stamp = tuple[tuple[bytes, int], ...]


def load(zoo: Zoo) -> LessonIndex:
    """Those that come with the app, then a teacher's own; and what is wrong with the other files."""
    folder, own = paths.lessons() / LANGUAGE, paths.own_lessons()
    latents = tuple(sorted((name, item.latent_dim) for name, item in zoo.items()))
    return _scan(folder, own, latents, _stamp(folder), _stamp(own))


@st.cache_resource(show_spinner=False, max_entries=4)
def _scan(
    _folder: Path, _own: Path | None, latents: tuple[tuple[str, int], ...], *stamps: Stamp
) -> LessonIndex:
    return lessons.scan(_folder, [_own] if _own else [], models=dict(latents))


def _stamp(folder: Path | None) -> Stamp:
    """Changes with the files of a folder."""
    if folder is None or not folder.is_dir():
        return ((bytes(folder or b""), 0),)
    files = sorted(folder.glob("*.md"))
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
