"""The lessons of one or several folders."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from aemodels.lessons import glossary
from aemodels.lessons.errors import LessonError, Problem
from aemodels.lessons.lesson import Lesson
from aemodels.lessons.read import read

NAME = re.compile(r"(?:\d+-)?([a-z][a-z0-9]*(?:-[a-z0-9]+)*)")
OTHERS = ("glossary.md", "README.md")  # files of such a folder that are no lessons


@dataclass(frozen=True)
class LessonIndex:
    """The lessons in their order, and what is wrong with the other files."""

    lessons: list[Lesson] = field(default_factory=list)
    problems: list[tuple[Path, Problem]] = field(default_factory=list)
    built_in: Path | None = None

    @property
    def own(self) -> "LessonIndex":
        """What isn't of the folder that comes with the app."""
        return LessonIndex(
            [lesson for lesson in self.lessons if lesson.own],
            [(path, problem) for path, problem in self.problems if path.parent != self.built_in],
        )


def scan(
    built_in: Path | None, own: Sequence[Path] = (), *, models: Mapping[str, int]
) -> LessonIndex:
    """Read every lesson of the folder that comes with the app, then those of a teacher's own.

    `models` has the number of latents of each model that a lesson may show. Raises nothing,
    whatever it finds there.
    """
    index = LessonIndex(built_in=built_in)
    keys: dict[str, Path] = {}
    terms = _terms(built_in)
    folders = [*([(built_in, False)] if built_in else []), *((each, True) for each in own)]
    for folder, is_own in folders:
        try:
            paths = _files(folder)
        except OSError as error:
            index.problems.append((folder, Problem(1, f"can't be read: {error.strerror}")))
            continue
        if not paths:
            index.problems.append((folder, Problem(1, "has no lesson, such as 01-title.md")))
        for path in paths:
            try:
                key = key_of(path)
                if key in keys:
                    reason = f"the name `{key}` is taken by {_named(keys[key], built_in)}"
                    raise LessonError(Problem(1, reason))
                index.lessons.append(read(path, key, models=models, terms=terms, own=is_own))
                keys[key] = path
            except LessonError as error:
                index.problems.extend((path, each) for each in error.problems)
    return index


def _terms(folder: Path | None) -> set[str] | None:
    """The keys of the glossary beside the lessons; None where it can't be read."""
    try:
        return {term.key for term in glossary.read(folder / glossary.FILE)} if folder else None
    except (glossary.GlossaryError, OSError, ValueError):
        return None


def _files(folder: Path) -> list[Path]:
    """The files of lessons in a folder; itself if it is a file."""
    if folder.is_file():
        return [folder]
    return sorted(
        path
        for path in folder.iterdir()
        if path.suffix == ".md" and path.name not in OTHERS and not path.name.startswith(".")
    )


def _named(path: Path, built_in: Path | None) -> str:
    """A file, and whether it is one of the app's."""
    return f"{path.name}, which comes with the app" if path.parent == built_in else path.name


def key_of(path: Path) -> str:
    """04-holes.md -> "holes"; raises LessonError for a name that can't be in an address."""
    found = NAME.fullmatch(path.stem)
    if found is None:
        reason = "the file's name must be small letters, digits and hyphens, as in 04-holes.md"
        raise LessonError(Problem(1, reason))
    return found[1]
