"""The lesson of docs/lessons.md in a real browser: added to the others, played to its end."""

import re
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Browser, expect

from aemodels import data
from browser import server
from browser.student import Student
from tests.browser.conftest import Codes, one_tab
from tests.browser.test_layers import frame_of, places_in
from tests.pages.test_own_lessons import GOOD, LESSON

NAME = "01-between.md"
FOUR = 4  # the test digit that the lesson begins with


@pytest.fixture(scope="module")
def log(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("app") / "app.log"


@pytest.fixture(scope="module")
def student(
    browser: Browser, log: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Student]:
    folder = tmp_path_factory.mktemp("my-lessons")
    (folder / NAME).write_text(LESSON, "utf-8")
    (folder / "02-wrong.md").write_text(LESSON.replace("done: moved", "done: slept"), "utf-8")
    with (
        server.app(log, {"LATENT_LAB_LESSONS": str(folder)}) as url,
        one_tab(browser, url) as tab,
    ):
        yield Student(tab.page, url)


def test_the_lesson_of_the_page_can_be_played(
    student: Student, log: Path, codes: Codes, mnist: data.Dataset
) -> None:
    page = student.page
    student.open("/learn")
    # The wrong one is named where the app was started, and left out.
    assert "02-wrong.md:25: `explore` tells no event `slept`" in log.read_text("utf-8")
    assert NAME in GOOD
    cards = page.locator(".lens.lessons .cards").get_by_role("link")
    expect(cards).to_have_count(13)
    expect(cards.last).to_contain_text("Between 4 and 7")
    cards.last.click()
    student.wait()
    expect(page).to_have_url(student.url + "/learn?lesson=between")
    expect(student.title).to_have_text("Guess")
    student.predict(1)
    student.go_on()
    expect(page).to_have_url(student.url + "/learn?lesson=between&step=2")
    expect(student.title).to_have_text("Walk there")
    expect(student.reveal).to_be_hidden()
    drag_to_the_sevens(student, codes("vae-2"), mnist.test_labels)
    expect(student.deed).to_contain_text("Done")
    words = student.told()
    assert re.search(r"Of all test digits, \d+ % are still read", words), words
    student.go_on()
    expect(student.title).to_have_text("The 9s")
    student.go_on()
    expect(student.sheet.locator(".idea")).to_contain_text("digits that look alike")
    # And out again.
    page.get_by_role("button", name="All lessons").first.click()
    expect(cards.last).to_contain_text("Between 4 and 7")
    expect(page).to_have_url(student.url + "/learn")


def drag_to_the_sevens(student: Student, codes: np.ndarray, labels: np.ndarray) -> None:
    """Drag the cross-hair from the 4 to the middle of the 7s."""
    chart = student.map()
    # As shares of the map, which is square.
    places = places_in(frame_of("vae-2"), codes, 1)
    (x, y), (there_x, there_y) = places[FOUR], places[labels == 7].mean(0)
    student.slide(chart, (x, y), ((x + there_x) / 2, (y + there_y) / 2), (there_x, there_y))
