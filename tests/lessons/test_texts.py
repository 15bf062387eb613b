"""The twelve files: read without complaint, and no number typed that a model could change."""

import re
from pathlib import Path

import pytest

from aemodels.bundles import bundle, zoo
from aemodels.lessons.folder import LessonIndex, scan
from aemodels.lessons.lesson import Lesson
from browser.server import ROOT

KEYS = (
    *("bottleneck", "nonlinear", "linear", "holes", "posterior", "sampling"),
    *("kl", "beta", "collapse", "interpolation", "denoising", "anomalies"),
)
FOLDER = ROOT / "lessons" / "en"
# Numbers that are facts of the set-up, or answers to choose from: tests of the claims hold these.
SET_UP = {
    "bottleneck": "784 64 2 1 6 10 16 1,000",
    "nonlinear": "10,000",
    "linear": "2",
    "holes": "16 0 48 1,000 90",
    "posterior": "1 2 8",
    "sampling": "8 20 1,000",
    "kl": "0 1 6",
    "beta": "0 1 30",
    "collapse": "16 13 2 7",
    "interpolation": "3 8 16",
    "denoising": "0",
    "anomalies": "5 9 10 0.5",
}
MEASURE = re.compile(r"\{[^}]*\}")


@pytest.fixture(scope="module")
def index() -> LessonIndex:
    models = {path.name: bundle.read(path).latent_dim for path in zoo.folder().iterdir()}
    return scan(FOLDER, models=models)


@pytest.fixture(scope="module")
def lessons(index: LessonIndex) -> dict[str, Lesson]:
    return {lesson.key: lesson for lesson in index.lessons}


def test_all_twelve_are_read_in_their_order(index: LessonIndex) -> None:
    assert not index.problems
    assert tuple(lesson.key for lesson in index.lessons) == KEYS


@pytest.mark.parametrize("key", KEYS)
def test_a_lesson_predicts_tries_sees(key: str, lessons: dict[str, Lesson]) -> None:
    lesson = lessons[key]
    assert 3 <= len(lesson.steps) <= 5
    first, *others = lesson.steps
    # It asks before anything is done, and shows no reveal before that.
    assert first.answers
    assert not first.reveal
    assert first.deed is None
    assert any(step.deed and step.reveal for step in others)
    # Whatever has to be done says where.
    assert all(step.light for step in others if step.deed)


@pytest.mark.parametrize("key", KEYS)
def test_no_number_is_typed_but_those_of_the_set_up(key: str) -> None:
    (path,) = FOLDER.glob(f"*-{key}.md")
    allowed = set(SET_UP[key].split())
    words = MEASURE.sub("", without_blocks(path))
    found = set(re.findall(r"(?<![\w-])\d[\d,.]*\d|(?<![\w-])\d", words))
    assert found <= allowed, f"measure or list {found - allowed}"


@pytest.mark.parametrize("key", KEYS)
def test_each_says_a_number_that_is_computed(key: str, lessons: dict[str, Lesson]) -> None:
    assert lessons[key].measures


def without_blocks(path: Path) -> str:
    """The words of a file: neither its front matter's keys nor what a step shows."""
    text = path.read_text("utf-8")
    _, front, body = text.split("---\n", 2)
    idea = re.search(r"^idea: (.*)$", front, re.MULTILINE)
    assert idea
    return f"{idea[1]}\n" + re.sub(r"```step\n.*?```", "", body, flags=re.DOTALL)
