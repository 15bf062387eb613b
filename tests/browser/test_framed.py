"""A view in a frame of a page of the same site, which shows a part of it only, as VS Code does."""

from collections.abc import Iterator

import numpy as np
import pytest
from playwright.sync_api import Browser, Frame, Page

from browser import files
from browser.lens import at
from site_builder import build, selection
from tests.browser.conftest import SIZE

LEFT, TOP, SEEN = 150, 60, 700  # CSS pixels: where the frame is, and how much of it is seen
COURSE = f"""<!doctype html><title>Week 7</title>
<div style="position: absolute; left: {LEFT}px; top: {TOP}px; height: {SEEN}px; overflow: hidden">
<iframe src="index.html?model=vae-2" width="1000" height="6000"></iframe></div>"""
MAP = "[aria-label^='latent map']"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("site")
    build.site(folder, selection.choose(("vae-2",)))
    (folder / "course.html").write_text(COURSE, "utf-8")
    with files.served(folder) as root:
        yield root


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport=SIZE, service_workers="block")
    yield context.new_page()
    context.close()


@pytest.fixture
def frame(site: str, page: Page) -> Frame:
    """The frame, once its view is ready."""
    page.goto(f"{site}course.html")
    frame = page.frames[1]
    frame.locator(".lens[data-ready=true]").wait_for()
    return frame


def z(frame: Frame) -> np.ndarray:
    """The code (2,) that the sliders hold."""
    sliders = [frame.get_by_role("slider", name=name, exact=True) for name in ("z1", "z2")]
    return np.array([float(slider.input_value()) for slider in sliders])


def dragged(page: Page, frame: Frame) -> np.ndarray:
    """The code (2,) after a drag on the map."""
    box = frame.locator(MAP).bounding_box()
    assert box
    page.mouse.move(*at(box, (0.5, 0.5)))
    page.mouse.down()
    page.mouse.move(*at(box, (0.55, 0.5)))
    page.mouse.move(*at(box, (0.6, 0.4)))
    frame.evaluate("() => new Promise(done => requestAnimationFrame(() => setTimeout(done)))")
    page.mouse.up()
    return z(frame)


def test_a_drag_is_where_the_pointer_is(site: str, page: Page, frame: Frame) -> None:
    framed = dragged(page, frame)
    page.set_viewport_size({"width": 1000, "height": 6000})
    page.goto(f"{site}index.html?model=vae-2")
    page.locator(".lens[data-ready=true]").wait_for()
    np.testing.assert_allclose(framed, dragged(page, page.main_frame), atol=0.02)


def test_a_line_is_drawn_where_the_pointer_is(page: Page, frame: Frame) -> None:
    frame.get_by_role("button", name="Draw", exact=True).click()
    square = frame.locator("canvas[aria-roledescription='drawing square']")
    box = square.bounding_box()
    assert box
    page.mouse.move(*at(box, (0.3, 0.5)))
    page.mouse.down()
    page.mouse.move(*at(box, (0.5, 0.5)))
    page.mouse.move(*at(box, (0.7, 0.5)))
    page.mouse.up()
    drawn = square.evaluate(
        """canvas => {
          const { width, height } = canvas;
          const { data } = canvas.getContext("2d").getImageData(0, 0, width, height);
          const rows = [...Array(height).keys()];
          const drawn = (row) => data.slice(4 * width * row, 4 * width * (row + 1));
          return rows
            .filter(row => drawn(row).some((level, k) => k % 4 === 0 && level > 200))
            .map(row => row / height);
        }"""
    )
    assert drawn
    assert min(drawn) > 0.4
    assert max(drawn) < 0.6


def test_a_dialog_opens_where_it_is_seen(page: Page, frame: Frame) -> None:
    # In VS Code the outputs of a notebook lie above a page that is empty.
    frame.add_style_tag(content="html { height: 0 } body { position: absolute; width: 100% }")
    frame.locator(MAP).focus()
    page.keyboard.press("?")
    dialog = frame.get_by_role("dialog", name="Keys")
    dialog.wait_for()
    box = dialog.bounding_box()
    assert box
    assert box["y"] > TOP
    assert box["y"] + box["height"] < TOP + SEEN


def test_the_list_of_keys_opens_on_a_tablet_with_a_keyboard(site: str, browser: Browser) -> None:
    context = browser.new_context(
        viewport={"width": 820, "height": 1180}, is_mobile=True, has_touch=True
    )
    page = context.new_page()
    page.goto(f"{site}index.html?model=vae-2")
    page.locator(".lens[data-ready=true]").wait_for()
    assert page.evaluate("matchMedia('(hover: none)').matches")
    page.locator(MAP).focus()
    page.keyboard.press("?")
    page.get_by_role("dialog", name="Keys").wait_for()
    context.close()
