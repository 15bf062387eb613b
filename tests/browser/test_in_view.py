"""On small screens: Explore's map and digit are in view together; Compare leaves room to read."""

import functools
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import FloatRect, Locator

from browser.fingers import Fingers
from browser.lens import Lens, at

PHONE: dict[str, Any] = {"viewport": {"width": 390, "height": 664}, "has_touch": True}
TABLET: dict[str, Any] = {"viewport": {"width": 768, "height": 1024}, "has_touch": True}
# 1280 x 800 at 200 %.
ZOOMED: dict[str, Any] = {"viewport": {"width": 640, "height": 400}, "device_scale_factor": 2}
PLACES = [(0.5, 0.5), (0.1, 0.1), (0.9, 0.1), (0.5, 0.9), (0.1, 0.2)]


@pytest.mark.parametrize("screen", [PHONE, TABLET, ZOOMED], ids=["phone", "tablet", "200 %"])
def test_the_digit_is_seen_while_the_map_is_dragged(
    new_lens: Callable[..., Lens], screen: dict[str, Any]
) -> None:
    lens = new_lens(**screen)
    for address in ("/", "/?latents=16"):
        lens.open(address)
        latent_map = lens.map()
        latent_map.evaluate("map => map.scrollIntoView({block: 'start'})")
        fingers = Fingers(lens, latent_map) if "has_touch" in screen else None
        if fingers:
            fingers.hold(1, PLACES[0])
        else:
            lens.drag(latent_map, *PLACES[:1])
        for place in PLACES[1:]:
            before = lens.picture().tobytes()
            if fingers:
                fingers.move(one=place)
            else:
                lens.move(latent_map, place)
            lens.eventually(functools.partial(changed, lens, before))
            map_box, digit = in_view(lens, latent_map), in_view(lens, lens.canvas())
            x, y = at(map_box, place)
            beside = not (
                digit["x"] <= x <= digit["x"] + digit["width"]
                and digit["y"] <= y <= digit["y"] + digit["height"]
            )
            assert beside, f"the finger at {place} lies on the digit"
            assert digit["width"] > 100
        if fingers:
            fingers.lift(1)
        else:
            lens.release()


def changed(lens: Lens, before: bytes) -> bool:
    return lens.picture().tobytes() != before


def in_view(lens: Lens, part: Locator) -> FloatRect:
    """Where a part is, which must be wholly in the window and below Streamlit's header."""
    size = lens.page.viewport_size
    header = lens.page.get_by_test_id("stHeader").bounding_box()
    box = part.bounding_box()
    assert size
    assert header
    assert box
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= size["width"]
    assert box["y"] >= header["y"] + header["height"] - 1
    assert box["y"] + box["height"] <= size["height"]
    return box


# The share of the window's height that moves when the page is scrolled a little further.
MOVES = """top => {
    const main = document.querySelector("[data-testid=stMain]");
    main.scrollTo({top, behavior: "instant"});
    const at = (y) => {
        let found = document.elementFromPoint(innerWidth / 2, y);
        while (found?.shadowRoot) found = found.shadowRoot.elementFromPoint(innerWidth / 2, y);
        return found;
    };
    const seen = [];
    for (let y = 1; y < innerHeight; y += 4) seen.push(at(y));
    const before = seen.map((one) => one.getBoundingClientRect().top);
    main.scrollBy({top: 8, behavior: "instant"});
    return seen.filter((one, k) => one.getBoundingClientRect().top === before[k] - 8).length
        / seen.length;
}"""


def test_compare_can_be_read_at_four_times_the_size(new_lens: Callable[..., Lens]) -> None:
    # 1280 x 800 at 400 %.
    lens = new_lens(viewport={"width": 320, "height": 200}).open("/compare")
    page = lens.page
    end = page.locator(".compare .square").last.evaluate(
        "one => one.getBoundingClientRect().bottom"
    )
    assert end > 800
    for top in range(0, int(end), 100):
        assert page.evaluate(MOVES, top) >= 2 / 3, f"scrolled by {top}"
    for wide in ("html", "[data-testid=stMain]"):
        room = page.locator(wide).evaluate("one => one.scrollWidth - one.clientWidth")
        assert room <= 0, wide
