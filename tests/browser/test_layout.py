"""On a laptop and on a phone, light and dark: nothing scrolls sideways, sticks out or overlaps."""

import itertools

import pytest
from playwright.sync_api import Page, ViewportSize

from tests.browser.lens import Lens

PAGES = {"/": 1, "/?latents=16": 1, "/compare": 3, "/interpolate": 5}
SIZES: tuple[ViewportSize, ...] = ({"width": 1280, "height": 800}, {"width": 390, "height": 844})


def boxes(lens: Lens) -> dict[str, tuple[float, float, float, float]]:
    """Left, top, right and bottom of all that is drawn or can be used, by label and number."""
    parts = lens.page.locator(".lens :is(canvas[role=img], .map, input, button, select)")
    found = parts.evaluate_all(
        """all => all.map((one, i) => {
            const box = one.getBoundingClientRect();
            const name = one.ariaLabel || one.textContent;
            return [`${name} ${i}`, [box.left, box.top, box.right, box.bottom]];
        }).filter(([_, box]) => box[2] > box[0])"""
    )
    return dict(found)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("address", PAGES)
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


def settle(lens: Lens, width: int) -> None:
    """Wait until nothing is wrong; a new size takes a moment."""
    try:
        lens.eventually(lambda: not faults(lens, width))
    except AssertionError:
        assert faults(lens, width) == []


def faults(lens: Lens, width: int) -> list[str]:
    """What scrolls sideways, sticks out of the window or lies on another part."""
    found = lens.page.evaluate(
        """() => [...document.querySelectorAll("html, body, [data-testid=stMain]")]
            .filter(one => one.scrollWidth > one.clientWidth + 1)
            .map(one => `${one.tagName} scrolls sideways`)"""
    )
    parts = boxes(lens)
    for name, (left, _, right, _) in parts.items():
        if left < -0.5 or right > width + 0.5:
            found.append(f"{name} sticks out")
    for (name, one), (other, two) in itertools.combinations(parts.items(), 2):
        across = min(one[2], two[2]) - max(one[0], two[0])
        down = min(one[3], two[3]) - max(one[1], two[1])
        if across > 1 and down > 1:
            found.append(f"{name} lies on {other}")
    return found


def brightness(page: Page, of: str) -> float:
    """Mean of red, green and blue of a colour of the map."""
    colour = page.locator(".map").first.evaluate(
        "(map, of) => getComputedStyle(map).getPropertyValue(of)", of
    )
    return sum(map(float, colour.strip("rgba()").split(",")[:3])) / 3
