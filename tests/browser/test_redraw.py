"""What the map on show does when the theme, the pixels, the zoom or the code change."""

import functools
from collections.abc import Callable, Iterator

import numpy as np
import pytest
from playwright.sync_api import Browser

from browser.lens import Lens, query, rgba
from tests.browser.conftest import SIZE, one_tab


@pytest.fixture(scope="module")
def lens(app: str, browser: Browser) -> Iterator[Lens]:
    """Explore, opened once."""
    with one_tab(browser, app) as tab:
        yield tab.open("/")


def drawn(lens: Lens) -> np.ndarray:
    """The pixels of the map's points and axes."""
    return rgba(lens.map().locator("canvas").first)


def test_another_theme_is_drawn_at_once(lens: Lens, new_lens: Callable[..., Lens]) -> None:
    dark = drawn(new_lens(color_scheme="dark").open("/"))
    assert (dark != drawn(lens)).any(axis=2).mean() > 0.01
    lens.page.emulate_media(color_scheme="dark")
    lens.eventually(lambda: (drawn(lens) == dark).all())
    lens.page.emulate_media(color_scheme="light")
    lens.eventually(lambda: (drawn(lens) != dark).any())


def test_other_pixels_are_drawn_at_once(lens: Lens) -> None:
    size = lens.box(lens.map())["width"]
    session = lens.page.context.new_cdp_session(lens.page)
    for narrower, scale in enumerate((2.0, 1.25, 1.0), 1):
        # A zoom changes the size of the window too; the map keeps its own.
        width = SIZE["width"] - narrower
        metrics = {**SIZE, "width": width, "deviceScaleFactor": scale, "mobile": False}
        session.send("Emulation.setDeviceMetricsOverride", metrics)
        lens.eventually(functools.partial(as_wide, lens, size, scale))
        assert drawn(lens)[..., 3].any()
    session.send("Emulation.clearDeviceMetricsOverride")
    session.detach()


def as_wide(lens: Lens, size: float, scale: float) -> bool:
    """Whether the map keeps its size and has a pixel for each of the screen's."""
    width = lens.map().locator("canvas").first.evaluate("one => one.width")
    return lens.box(lens.map())["width"] == size and abs(width - scale * size) <= 1


def test_where_no_digit_is_a_button_leads_back(lens: Lens) -> None:
    lens.drag(lens.map(), (0.5, 0.5), (0.03, 0.97))
    lens.release()
    before = drawn(lens)
    back = lens.page.get_by_role("button", name="Back to all points")
    assert not back.is_visible()
    for _ in range(6):
        lens.page.get_by_role("button", name="zoom in").click()
    back.click()
    back.wait_for(state="hidden")
    lens.eventually(lambda: (drawn(lens) == before).all())


def test_zooming_out_ends(lens: Lens) -> None:
    for _ in range(4):
        lens.page.get_by_role("button", name="zoom out").click()
    lens.next_frame()
    farthest = drawn(lens)
    for _ in range(10):
        lens.page.get_by_role("button", name="zoom out").click()
    lens.next_frame()
    assert (drawn(lens) == farthest).all()
    lens.page.get_by_role("button", name="reset zoom").click()


# The codes on show from one click to the next but many frames.
CODES = """name => new Promise(done => {
    const root = [...document.querySelectorAll("*")]
        .find(one => one.shadowRoot?.querySelector(".lens")).shadowRoot;
    const sliders = [...root.querySelectorAll("input[type=range]")];
    const codes = [sliders.map(one => one.valueAsNumber)];
    const begun = performance.now();
    const look = () => {
        codes.push(sliders.map(one => one.valueAsNumber));
        if (performance.now() - begun < 1500) requestAnimationFrame(look);
        else done(codes);
    };
    root.querySelector(name).click();
    requestAnimationFrame(look);
})"""


def test_random_glides_and_the_address_has_where_it_ends(lens: Lens) -> None:
    codes = np.array(lens.page.evaluate(CODES, ".random"))
    start, end = codes[0], codes[-1]
    way = (codes - start) @ (end - start) / np.square(end - start).sum()
    assert (np.diff(way) >= -1e-6).all()
    assert ((way > 0.01) & (way < 0.99)).sum() >= 2, "it was there at once"
    # On a straight line.
    assert np.abs(codes - start - way[:, None] * (end - start)).max() < 1e-3
    lens.eventually(lambda: address_has(lens, end))


def address_has(lens: Lens, code: np.ndarray) -> bool:
    """Whether the address names a code, in three decimals."""
    z = query(lens.page.url).get("z", "").split(",")
    return len(z) == len(code) and np.abs(np.array(z, float) - code).max() < 1e-3


def test_with_less_movement_it_is_there_at_once(lens: Lens) -> None:
    lens.page.emulate_media(reduced_motion="reduce")
    codes = np.array(lens.page.evaluate(CODES, ".random"))
    lens.page.emulate_media(reduced_motion="no-preference")
    assert len(np.unique(codes, axis=0)) == 2
