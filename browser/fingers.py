"""Real touches of a page, as a touch screen reports them."""

from collections.abc import Iterable

from playwright.sync_api import CDPSession, Locator

from browser.lens import Lens, Place, at

MOVES = 5  # of a swipe


class Fingers:
    """Up to two fingers on one part of a page; a place is shares of its box, (0, 0) top left."""

    def __init__(self, lens: Lens, target: Locator) -> None:
        self.lens = lens
        self.session: CDPSession = lens.page.context.new_cdp_session(lens.page)
        self.box = lens.box(target)
        self.down: dict[int, Place] = {}

    def _send(self, kind: str, fingers: Iterable[int]) -> None:
        points = [
            dict(zip(("x", "y"), at(self.box, self.down[finger]), strict=True)) | {"id": finger}
            for finger in fingers
        ]
        self.session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})
        self.lens.next_frame()

    def press(self, finger: int, place: Place) -> None:
        """Put a finger, 1 or 2, down."""
        self.down[finger] = place
        self._send("touchStart", self.down)

    def move(self, **places: Place) -> None:
        """Move fingers, as `one=(0.5, 0.5)`."""
        self.down |= {("one", "two").index(name) + 1: place for name, place in places.items()}
        self._send("touchMove", self.down)

    def lift(self, finger: int) -> None:
        """Take a finger away."""
        # The end of the last touch names no finger; any other names the one that goes.
        self._send("touchEnd", [finger] if len(self.down) > 1 else [])
        del self.down[finger]

    def hold(self, finger: int, place: Place, milliseconds: float = 350) -> None:
        """Put a finger down and let it rest."""
        self.press(finger, place)
        self.lens.page.wait_for_timeout(milliseconds)


def swipe(lens: Lens, start: Place, down: float) -> None:
    """One finger from `start` so many CSS pixels down the window (up: less than 0), not resting."""
    session = lens.page.context.new_cdp_session(lens.page)
    for step in range(MOVES + 1):
        point = {"x": start[0], "y": start[1] + down * step / MOVES}
        kind = "touchMove" if step else "touchStart"
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [point]})
        # At once from the first place, where a slow machine would make it a rest.
        if step > 1:
            lens.next_frame()
    session.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    session.detach()
    lens.next_frame()
