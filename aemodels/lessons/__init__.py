"""Lessons: Markdown files, read and checked. `docs/lessons.md` shows how to write one.

index = lessons.scan([folder], models={"vae-2": 2})
index.lessons            # what can be shown
index.problems           # what can't: file, line and reason
"""

from aemodels.lessons.errors import LessonError, Problem
from aemodels.lessons.folder import LessonIndex, scan
from aemodels.lessons.lesson import Answer, Condition, Deed, Lesson, Measure, Place, Step
from aemodels.lessons.read import read

__all__ = [
    "Answer",
    "Condition",
    "Deed",
    "Lesson",
    "LessonError",
    "LessonIndex",
    "Measure",
    "Place",
    "Problem",
    "Step",
    "read",
    "scan",
]
