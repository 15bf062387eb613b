"""Nothing jumps while a page loads: its cumulative layout shift is at most .05."""

import pytest
from playwright.sync_api import Browser, ViewportSize

from browser.layout import PAGES, cumulative_shift, measured, shifts
from pages.families import SECTIONS

# Every page once; `python -m benchmarks.layout` measures each section too.
ONE_EACH = (
    "/",
    "/compare",
    "/interpolate",
    "/families?family=denoising",
    "/uses",
    "/train",
    "/results",
)

WIDE: ViewportSize = {"width": 1280, "height": 800}
PHONE: ViewportSize = {"width": 390, "height": 664}
MOST = 0.05


@pytest.mark.slow
@pytest.mark.parametrize("size", [WIDE, PHONE], ids=["wide", "phone"])
@pytest.mark.parametrize("address", ONE_EACH)
def test_nothing_jumps(app: str, browser: Browser, address: str, size: ViewportSize) -> None:
    page = browser.new_page(viewport=size)
    measured(page, app, address)
    found = shifts(page)
    total = cumulative_shift(page)
    page.close()
    assert total <= MOST, found


def test_every_section_is_measured() -> None:
    assert {f"/families?family={name}" for name in SECTIONS} | set(ONE_EACH) < PAGES.keys()
