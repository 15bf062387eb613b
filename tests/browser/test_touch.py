"""Fingers on a map: one drags, a second never steals the drag, two zoom."""

from collections.abc import Callable, Iterable

import numpy as np
import pytest
from playwright.sync_api import CDPSession

from browser.lens import Lens, Place, at


class Fingers:
    """Real touches of a lens's map, as a touch screen reports them."""

    def __init__(self, lens: Lens) -> None:
        self.lens = lens
        self.session: CDPSession = lens.page.context.new_cdp_session(lens.page)
        self.box = lens.box(lens.map())
        self.down: dict[int, Place] = {}

    def _send(self, kind: str, fingers: Iterable[int]) -> None:
        points = [
            dict(zip(("x", "y"), at(self.box, self.down[finger]), strict=True)) | {"id": finger}
            for finger in fingers
        ]
        self.session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})
        self.lens.next_frame()

    def press(self, finger: int, place: Place) -> None:
        self.down[finger] = place
        self._send("touchStart", self.down)

    def move(self, **places: Place) -> None:
        """Move fingers, as `one=(0.5, 0.5)`."""
        self.down |= {("one", "two").index(name) + 1: place for name, place in places.items()}
        self._send("touchMove", self.down)

    def lift(self, finger: int) -> None:
        # The end of the last touch names no finger; any other names the one that goes.
        self._send("touchEnd", [finger] if len(self.down) > 1 else [])
        del self.down[finger]


@pytest.fixture
def phone(new_lens: Callable[..., Lens]) -> Lens:
    return new_lens(viewport={"width": 800, "height": 1200}, has_touch=True).open("/")


def code_at(lens: Lens, fingers: Fingers, place: Place) -> np.ndarray:
    """The code under a place of the map: drag there and see."""
    fingers.press(1, (0.5, 0.5))
    fingers.move(one=(0.45, 0.45))
    fingers.move(one=place)
    code = lens.z()
    fingers.lift(1)
    return code


def test_one_finger_drags(phone):
    fingers = Fingers(phone)
    before = phone.picture()
    fingers.press(1, (0.3, 0.3))
    fingers.move(one=(0.4, 0.4))
    first = phone.z()
    fingers.move(one=(0.6, 0.6))
    second = phone.z()
    fingers.lift(1)
    assert (first != second).all()
    phone.eventually(lambda: (phone.picture() != before).any())


def test_a_second_finger_does_not_steal_the_drag(phone):
    fingers = Fingers(phone)
    there = code_at(phone, fingers, (0.7, 0.35))
    fingers.press(1, (0.3, 0.3))
    fingers.move(one=(0.4, 0.4))
    held = phone.z()
    fingers.press(2, (0.8, 0.8))
    assert (phone.z() == held).all(), "the code went to the second finger"
    fingers.lift(2)
    assert (phone.z() == held).all()
    # The first finger drags on, to where it would have gone.
    fingers.move(one=(0.7, 0.35))
    assert (phone.z() != held).all()
    fingers.lift(1)
    assert np.abs(phone.z() - there).max() < 0.02


def test_what_is_left_of_two_fingers_does_not_drag(phone):
    fingers = Fingers(phone)
    fingers.press(1, (0.3, 0.3))
    fingers.move(one=(0.4, 0.4))
    fingers.press(2, (0.8, 0.8))
    fingers.lift(1)
    held = phone.z()
    fingers.move(two=(0.6, 0.6))
    assert (phone.z() == held).all()
    fingers.lift(2)


def test_two_fingers_zoom_the_map(phone):
    fingers = Fingers(phone)
    left, right = (code_at(phone, fingers, (share, 0.5)) for share in (0.4, 0.6))
    held = phone.z()
    fingers.press(1, (0.4, 0.5))
    fingers.press(2, (0.6, 0.5))
    fingers.move(one=(0.3, 0.5), two=(0.7, 0.5))
    fingers.move(one=(0.2, 0.5), two=(0.8, 0.5))
    fingers.lift(2)
    fingers.lift(1)
    assert (phone.z() == held).all(), "a pinch moved the code"
    # What was under each finger still is: the map shows three times as much detail.
    gap = 0.02 * np.abs(right - left).max()
    assert np.abs(code_at(phone, fingers, (0.2, 0.5)) - left).max() < gap
    assert np.abs(code_at(phone, fingers, (0.8, 0.5)) - right).max() < gap
    phone.page.get_by_role("button", name="reset zoom").click()
    assert np.abs(code_at(phone, fingers, (0.4, 0.5)) - left).max() < gap
