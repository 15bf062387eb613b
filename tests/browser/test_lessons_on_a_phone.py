"""On a phone, what a lesson says to watch is in sight above the sheet while the control is used."""

from collections.abc import Callable
from itertools import pairwise
from typing import Any

import pytest
from playwright.sync_api import FloatRect, Locator, expect

from browser.lens import Lens
from browser.student import REST, Student

PHONE: dict[str, Any] = {"viewport": {"width": 390, "height": 664}, "has_touch": True}
Open = Callable[[str, int], Student]


@pytest.fixture
def open_step(new_lens: Callable[..., Lens], app: str) -> Open:
    def open_step(lesson: str, step: int) -> Student:
        student = Student(new_lens(**PHONE).page, app)
        student.page.goto(f"{app}/learn?lesson={lesson}&step={step}")
        student.wait()
        student.eventually(student.sees_light, 30)
        return student

    return open_step


def box_of(part: Locator) -> FloatRect:
    box = part.bounding_box()
    assert box, f"{part} is not on the page"
    return box


def are_in_sight(student: Student, *parts: str) -> bool:
    """Whether parts of the view lie wholly between the app's header and the sheet."""
    header = box_of(student.page.get_by_test_id("stHeader"))
    top, bottom = header["y"] + header["height"], box_of(student.sheet)["y"]
    boxes = [box_of(each) for part in parts for each in student.view.locator(part).all()]
    return len(boxes) >= len(parts) and all(
        box["y"] >= top and box["y"] + box["height"] <= bottom for box in boxes
    )


def see(student: Student, *parts: str) -> None:
    """The page may still be on its way there."""
    student.eventually(lambda: are_in_sight(student, *parts), 3)


def beside(boxes: list[FloatRect]) -> bool:
    """Whether the boxes stand from left to right at one height, in the window."""
    return (
        all(
            one["x"] + one["width"] <= other["x"] and abs(one["y"] - other["y"]) < 1
            for one, other in pairwise(boxes)
        )
        and boxes[-1]["x"] + boxes[-1]["width"] <= PHONE["viewport"]["width"]
    )


def test_draws_of_both_models_are_in_sight_with_the_button(open_step: Open) -> None:
    student = open_step("holes", 2)
    grids = student.view.locator(".draws figure canvas")
    expect(grids).to_have_count(2)
    see(student, ".roll", ".draws figure canvas")
    assert beside([box_of(each) for each in grids.all()])
    student.click(student.view.locator(".roll"), 10)
    expect(student.deed).to_contain_text("Done")
    see(student, ".roll", ".draws figure canvas")


@pytest.mark.parametrize("step", [2, 3])
def test_the_flagged_shares_are_in_sight_while_the_threshold_is_dragged(
    open_step: Open, step: int
) -> None:
    student = open_step("anomalies", step)
    parts = (".histogram", ".true-positives", ".false-positives", ".false-words")
    see(student, *parts)
    histogram, shares = student.view.locator(".histogram"), student.view.locator(".rates")
    # Above, where the finger doesn't hide them.
    assert box_of(shares)["y"] + box_of(shares)["height"] <= box_of(histogram)["y"]
    before = shares.inner_text()
    student.drag(histogram, (0.3, 0.5), (0.7, 0.5))
    assert shares.inner_text() != before
    assert are_in_sight(student, *parts)
    student.release()


@pytest.mark.parametrize("step", [2, 3])
def test_what_beta_changes_is_in_sight_with_its_slider(open_step: Open, step: int) -> None:
    student = open_step("beta", step)
    parts = (".which", ".play", ".range", ".map", ".manifold canvas")
    see(student, *parts)
    assert beside([box_of(student.view.locator(each)) for each in (".map", ".manifold canvas")])
    student.slide(student.view.locator(".at"), (0.01, 0.5), (0.99, 0.5))
    student.page.wait_for_timeout(REST)
    assert are_in_sight(student, *parts)
