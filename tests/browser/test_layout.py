"""On a laptop and on a phone, light and dark: nothing scrolls sideways, sticks out or overlaps."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, ViewportSize

from browser import server
from browser.lens import Lens

PAGES = {"/": 1, "/?latents=16": 1, "/compare": 3, "/interpolate": 5}
SIZES: tuple[ViewportSize, ...] = ({"width": 1280, "height": 800}, {"width": 390, "height": 844})


@pytest.mark.parametrize(
    ("address", "scheme"), [*zip(PAGES, ("light", "dark", "light", "dark"), strict=True)]
)
def test_nothing_is_cut_off_or_overlaps(lens, address, scheme):
    page = lens.page
    page.emulate_media(color_scheme=scheme)
    # Opened at one size and changed to the other: each size is a first one in one of the schemes.
    sizes = SIZES[:: 1 if scheme == "light" else -1]
    page.set_viewport_size(sizes[0])
    lens.open(address)
    assert page.get_by_role("img", name="decoded digit").count() == PAGES[address]
    assert (brightness(page, "background-color") < brightness(page, "color")) == (scheme == "dark")
    for size in sizes:
        page.set_viewport_size(size)
        settle(lens, size["width"])


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """An app with one run, which has ended."""
    home = tmp_path_factory.mktemp("home")
    settings = {"LATENT_LAB_HOME": str(home), "OMP_NUM_THREADS": "1"}
    words = ["train", "--hidden", "16", "--epochs", "3", "--train-images", "2000", "--run", "done"]
    command = [sys.executable, "-m", "aemodels", *words]
    subprocess.run(command, cwd=server.ROOT, env=os.environ | settings, check=True)
    with server.app(home / "app.log", settings) as url:
        yield url


def test_nothing_is_cut_off_or_overlaps_on_train(
    trained: str, new_lens: Callable[..., Lens]
) -> None:
    lens = new_lens(trained, viewport=SIZES[0], color_scheme="dark")
    lens.open("/train?run=done")
    assert lens.page.get_by_role("img", name="decoded digit").count() == 10
    assert lens.page.get_by_role("status").filter(has_text="The run is finished.").count() == 1
    page = lens.page
    assert brightness(page, "background-color") < brightness(page, "color")
    page.locator(".js-plotly-plot").first.wait_for()
    for size in SIZES:
        page.set_viewport_size(size)
        settle(lens, size["width"])


def settle(lens: Lens, width: int) -> None:
    """Wait until nothing is wrong; a new size takes a moment."""
    try:
        lens.eventually(lambda: not faults(lens, width))
    except AssertionError:
        assert faults(lens, width) == []


def faults(lens: Lens, width: int) -> list[str]:
    """What scrolls sideways, sticks out of the window or lies on another part."""
    found = lens.page.evaluate(
        """() => [...document.querySelectorAll(
                "html, body, [data-testid=stMain], [data-testid=stAppViewContainer]")]
            .filter(one => one.scrollWidth > one.clientWidth + 1)
            .map(one => `${one.tagName} scrolls sideways`)"""
    )
    parts = lens.page.locator(".lens :is(canvas[role=img], .map, input, button, select)")
    return found + parts.evaluate_all(
        """(all, width) => {
            const found = [];
            const parts = all.map((one, i) => {
                const name = `${one.ariaLabel || one.textContent} (${i})`;
                return {one, name, box: one.getBoundingClientRect()};
            }).filter(({one, box}) => box.width > 0 && one.checkVisibility());  // not folded
            parts.forEach(({one, name, box: a}, i) => {
                if (a.left < -0.5 || a.right > width + 0.5) found.push(`${name} sticks out`);
                for (const {one: two, name: other, box: b} of parts.slice(i + 1)) {
                    // What is made to lie on a map or a button is inside it.
                    if (one.contains(two)) continue;
                    // On a narrow screen, Explore's image is in a corner of its map.
                    if (width < 800 && [one, two].some(each => each.matches(".explore .digit"))
                        && [one, two].some(each => each.closest(".map"))) continue;
                    const across = Math.min(a.right, b.right) - Math.max(a.left, b.left);
                    const down = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
                    if (across > 1 && down > 1) found.push(`${name} lies on ${other}`);
                }
            });
            return found;
        }""",
        width,
    )


def brightness(page: Page, of: str) -> float:
    """Mean of red, green and blue of a colour of the map."""
    colour = page.locator(".map").first.evaluate(
        "(map, of) => getComputedStyle(map).getPropertyValue(of)", of
    )
    return sum(map(float, colour.strip("rgba()").split(",")[:3])) / 3
