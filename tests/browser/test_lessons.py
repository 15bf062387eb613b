"""A student goes through all twelve lessons: by mouse, with right and wrong predictions, then by
keys alone. Two tabs for all of it: "Next lesson" leads from one to the next.
"""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from aemodels.bundles import bundle, zoo
from aemodels.lessons.folder import scan
from aemodels.lessons.lesson import Lesson, Step
from browser.server import ROOT
from browser.student import DEEDS, Student
from tests.browser.conftest import one_tab

STORED = 'JSON.parse(localStorage.getItem("latent-lab.lessons"))'
KEYS = tuple(DEEDS)
UNKNOWN = "–"  # stands where a number can't be computed


@pytest.fixture(scope="module")
def lessons() -> dict[str, Lesson]:
    models = {path.name: bundle.read(path).latent_dim for path in zoo.folder().iterdir()}
    return {each.key: each for each in scan(ROOT / "lessons" / "en", models=models).lessons}


@pytest.fixture(scope="module")
def by_mouse(app: str, browser: Browser) -> Iterator[Student]:
    with one_tab(browser, app) as tab:
        yield Student(tab.page, app)


@pytest.fixture(scope="module")
def by_keys(app: str, browser: Browser) -> Iterator[Student]:
    with one_tab(browser, app) as tab:
        yield Student(tab.page, app, keys=True)


def test_what_students_do_is_what_the_lessons_ask(lessons: dict[str, Lesson]) -> None:
    asked = {
        key: [number for number, step in enumerate(lesson.steps, 1) if step.deed]
        for key, lesson in lessons.items()
    }
    assert {key: list(deeds) for key, deeds in DEEDS.items()} == asked


@pytest.mark.parametrize("key", KEYS)
def test_by_mouse(key: str, by_mouse: Student, lessons: dict[str, Lesson]) -> None:
    """With a right prediction in every second lesson, with a wrong one in the others."""
    play(by_mouse, lessons[key], right=KEYS.index(key) % 2 == 0)


@pytest.mark.parametrize("key", KEYS)
def test_by_keys(key: str, by_keys: Student, lessons: dict[str, Lesson]) -> None:
    play(by_keys, lessons[key], right=KEYS.index(key) % 2 == 1)


def play(student: Student, lesson: Lesson, *, right: bool) -> None:
    """Go through a lesson; every deed ticks itself off, and every number becomes known."""
    student.follow(lesson.key, lesson.title)
    said: tuple[Step, int] | None = None
    for number, step in enumerate(lesson.steps, 1):
        expect(student.title).to_have_text(step.title)
        if step.light:
            student.eventually(student.sees_light, 30)
        if step.answers:
            chosen = next(k for k, each in enumerate(step.answers) if each.right is right)
            student.predict(chosen)
            said = step, chosen
        if step.deed:
            expect(student.reveal).to_be_hidden()
            expect(student.deed).not_to_contain_text("Done")
            student.act(DEEDS[lesson.key][number])
            expect(student.deed).to_contain_text("Done")
        if step.reveal:
            words = student.told()
            assert UNKNOWN not in words
            if said:
                check_outcome(student, *said)
            said = None
        student.go_on()
    expect(student.sheet.locator(".idea")).to_have_text(text_of(student, lesson.idea))
    check_progress(student, lesson, right)


def check_outcome(student: Student, step: Step, chosen: int) -> None:
    """What was said stands beside what it was."""
    rows = student.sheet.locator(".outcome").last.locator("dd").all_inner_texts()
    (truth,) = (each for each in step.answers if each.right)
    wanted = [text_of(student, each.html) for each in (step.answers[chosen], truth)]
    assert [" ".join(row.split()) for row in rows] == wanted


def text_of(student: Student, html: str) -> str:
    found: str = student.page.evaluate(
        """html => {
            const made = document.createElement("template");
            made.innerHTML = html;
            return made.content.textContent.replaceAll(/\\s+/g, " ").trim();
        }""",
        html,
    )
    return found


def check_progress(student: Student, lesson: Lesson, right: bool) -> None:
    """The browser keeps what was said and done."""
    kept: dict[str, Any] = student.page.evaluate(STORED)["lessons"][lesson.key]
    assert kept["finished"]
    for step, known in zip(lesson.steps, kept["steps"], strict=True):
        assert known["title"] == step.title
        assert known["right"] == (right if step.answers else None)
        assert (known["deed"] or {}).get("done", step.deed is None), json.dumps(known)
