"""Fingers: up or down scrolls the page, sideways or after a rest drags, two zoom the map."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Browser, Locator

from browser.fingers import Fingers, swipe
from browser.layout import settled
from browser.lens import Lens, Place
from tests.browser.conftest import one_tab

PHONE: dict[str, Any] = {
    "viewport": {"width": 390, "height": 664},
    "has_touch": True,
    "is_mobile": True,
}
# Where a finger may land: what reacts to one, and what fills the page.
PARTS = (
    ".map",
    ".histogram",
    "input[type=range]",
    ".strip",
    ".lens canvas[role=img]",
    ".js-plotly-plot",
    ".chart",
    "[data-testid=stImage]",
)
PAGES = (
    "/?latents=16",
    "/compare",
    "/interpolate",
    "/families?family=denoising",
    "/families?family=beta",
    "/uses",
    "/uses?use=features",
    "/train",
    "/results",
)
TOP = "document.querySelector('[data-testid=stMain]').scrollTop"
WITHOUT_LENS = ("/uses?use=features", "/train", "/results")
ROOM = """(() => {
    const main = document.querySelector("[data-testid=stMain]");
    return main.scrollHeight - main.clientHeight - main.scrollTop;
})()"""


@pytest.fixture(scope="module")
def opened(app: str, browser: Browser) -> Iterator[Lens]:
    """Explore on a phone."""
    with one_tab(browser, app, **PHONE) as tab:
        yield tab.open("/")


@pytest.fixture
def phone(opened: Lens) -> Lens:
    """The same for each test, with all of the map in view again."""
    opened.page.get_by_role("button", name="reset zoom").click()
    return opened


@pytest.fixture
def fingers(phone: Lens) -> Fingers:
    return Fingers(phone, phone.map())


def code_at(lens: Lens, fingers: Fingers, place: Place) -> np.ndarray:
    """The code under a place of the map: drag there and see."""
    fingers.press(1, (0.5, 0.5))
    fingers.move(one=(0.4, 0.5))
    fingers.move(one=place)
    code = lens.z()
    fingers.lift(1)
    return code


def test_a_finger_that_moves_sideways_drags(phone, fingers):
    before = phone.picture()
    fingers.press(1, (0.3, 0.3))
    fingers.move(one=(0.45, 0.35))
    first = phone.z()
    # From then on in any direction.
    fingers.move(one=(0.45, 0.8))
    second = phone.z()
    fingers.move(one=(0.6, 0.7))
    fingers.lift(1)
    assert (first != second).any()
    phone.eventually(lambda: (phone.picture() != before).any())


def test_a_finger_that_rests_drags_in_any_direction(phone, fingers):
    top = phone.page.evaluate(TOP)
    before = phone.z()
    fingers.hold(1, (0.6, 0.3))
    held = phone.z()
    assert (held != before).any(), "nothing says that the finger has hold of the map"
    for k in range(1, 6):
        fingers.move(one=(0.6, 0.3 + 0.1 * k))
    below = phone.z()
    fingers.lift(1)
    assert (below != held).any()
    assert phone.page.evaluate(TOP) == top


def test_a_finger_that_moves_up_scrolls_and_changes_nothing(phone, fingers):
    before, top = phone.z(), phone.page.evaluate(TOP)
    box = phone.box(phone.map())
    swipe(phone, (box["x"] + 0.5 * box["width"], box["y"] + 0.7 * box["height"]), -200)
    assert phone.page.evaluate(TOP) > top + 100
    assert (phone.z() == before).all()


def test_a_tap_picks_a_digit(phone, fingers, codes):
    fingers.press(1, (0.5, 0.4))
    fingers.lift(1)
    phone.eventually(lambda: np.abs(codes("vae-2") - phone.z()).max(1).min() < 1e-6)


def test_a_second_finger_does_not_steal_the_drag(phone, fingers):
    there = code_at(phone, fingers, (0.7, 0.35))
    fingers.press(1, (0.3, 0.3))
    fingers.move(one=(0.4, 0.3))
    held = phone.z()
    fingers.press(2, (0.8, 0.8))
    assert (phone.z() == held).all(), "the code went to the second finger"
    fingers.lift(2)
    assert (phone.z() == held).all()
    # The first finger drags on, to where it would have gone.
    fingers.move(one=(0.7, 0.35))
    assert (phone.z() != held).any()
    fingers.lift(1)
    assert np.abs(phone.z() - there).max() < 0.02


def test_what_is_left_of_two_fingers_does_not_drag(phone, fingers):
    fingers.press(1, (0.3, 0.3))
    fingers.move(one=(0.4, 0.3))
    fingers.press(2, (0.8, 0.8))
    fingers.lift(1)
    held = phone.z()
    fingers.move(two=(0.6, 0.6))
    assert (phone.z() == held).all()
    fingers.lift(2)


@pytest.mark.parametrize("first", [1, 2])
def test_two_fingers_zoom_the_map_and_not_the_page(phone, fingers, first):
    left, right = (code_at(phone, fingers, (share, 0.5)) for share in (0.4, 0.6))
    held = phone.z()
    fingers.press(1, (0.4, 0.5))
    fingers.press(2, (0.6, 0.5))
    fingers.move(one=(0.3, 0.5), two=(0.7, 0.5))
    fingers.move(one=(0.2, 0.5), two=(0.8, 0.5))
    fingers.lift(first)
    # What is left of a pinch drags nothing.
    if first == 1:
        fingers.move(two=(0.5, 0.7))
        fingers.move(two=(0.8, 0.5))
    else:
        fingers.move(one=(0.5, 0.7))
        fingers.move(one=(0.2, 0.5))
    fingers.lift(3 - first)
    assert (phone.z() == held).all(), "a pinch moved the code"
    assert phone.page.evaluate("visualViewport.scale") == 1
    # What was under each finger still is: the map shows three times as much detail.
    gap = 0.02 * np.abs(right - left).max()
    assert np.abs(code_at(phone, fingers, (0.2, 0.5)) - left).max() < gap
    assert np.abs(code_at(phone, fingers, (0.8, 0.5)) - right).max() < gap
    phone.page.get_by_role("button", name="reset zoom").click()
    assert np.abs(code_at(phone, fingers, (0.4, 0.5)) - left).max() < gap


def test_fingers_one_above_the_other_zoom_without_scrolling(phone, fingers):
    top = phone.page.evaluate(TOP)
    fingers.press(1, (0.5, 0.45))
    fingers.press(2, (0.5, 0.55))
    for k in range(1, 6):
        fingers.move(one=(0.5, 0.45 - 0.06 * k), two=(0.5, 0.55 + 0.06 * k))
    fingers.lift(2)
    fingers.lift(1)
    assert phone.page.evaluate(TOP) == top


def test_every_page_scrolls_from_anywhere(opened):
    page = opened.page
    for address in PAGES:
        page.goto(opened.url + address)
        settled(page, lens=not address.startswith(WITHOUT_LENS))
        for _ in range(8):
            top, room = page.evaluate(TOP), page.evaluate(ROOM)
            swipe(opened, (195, 520), -300)
            assert page.evaluate(TOP) >= top + min(200, room) - 1, address
        for part in PARTS:
            if page.locator(part).count():
                swipe_over(opened, page.locator(part).last, address)


def swipe_over(lens: Lens, part: Locator, address: str) -> None:
    """A finger that starts on a part and moves up, or down at the page's end, scrolls only."""
    part.evaluate("part => part.scrollIntoView({block: 'center'})")
    box = part.bounding_box()
    if box is None:
        return
    page = lens.page
    before = resting(lens)
    top, room = page.evaluate(TOP), page.evaluate(ROOM)
    down = 150 if room < 150 else -150
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    swipe(lens, (x, y), down)
    assert abs(page.evaluate(TOP) - top) > 50, f"{part} on {address} holds the page"
    assert state(lens) == before, f"a finger that scrolled moved {part} on {address}"


def resting(lens: Lens) -> list[str]:
    """The state of a page, once nothing is drawn any more; what comes into view may be late."""
    now = state(lens)
    for _ in range(40):
        before = now
        lens.page.wait_for_timeout(300)
        now = state(lens)
        if now == before:
            break
    return now


def state(lens: Lens) -> list[str]:
    """What a finger can change on a page: its sliders, and what they and the maps draw."""
    sliders = lens.page.get_by_role("slider").evaluate_all(
        "all => all.map(one => one.value ?? one.getAttribute('aria-valuenow'))"
    )
    pictures = lens.page.locator("canvas[role=img]").evaluate_all(
        "all => all.map(one => one.toDataURL())"
    )
    return [*sliders, *pictures]
