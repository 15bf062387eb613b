"""What can be wrong with a lesson's file, and where."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass


@dataclass(frozen=True, order=True)
class Problem:
    """A line of a file, from 1, and what is wrong there."""

    line: int
    reason: str


class LessonError(ValueError):
    """Why a file is no lesson: at least one problem."""

    def __init__(self, *problems: Problem) -> None:
        super().__init__("; ".join(f"line {each.line}: {each.reason}" for each in problems))
        self.problems: Sequence[Problem] = problems


def wrong(line: int, reason: str) -> LessonError:
    """The error with one problem."""
    return LessonError(Problem(line, reason))


class Collected:
    """Problems met so far, so that a file is told all of them at once."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []

    @contextmanager
    def each(self) -> Iterator[None]:
        """Go on after what stands in this block, even if it fails."""
        try:
            yield
        except LessonError as error:
            self.problems += error.problems

    def check(self) -> None:
        """Raise what was collected, if anything was."""
        if self.problems:
            raise LessonError(*sorted(set(self.problems)))
