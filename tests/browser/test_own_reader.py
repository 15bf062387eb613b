"""The reader of one's own classes, trained from the Train page by keys alone, on a phone."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Browser, Page, expect
from sklearn.datasets import load_digits

from aemodels import pictures, reader
from aemodels.data import own
from browser import server
from browser.keyboard import FOCUSED
from tests.browser.conftest import one_tab

TRAIN, STOP = "Train its classifier", "Stop"
TOUCH_PIXELS = 40


@pytest.fixture
def page(tmp_path: Path, browser: Browser) -> Iterator[Page]:
    """Train, where a data set of three classes was chosen."""
    digits = load_digits(n_class=3)
    np.savez(tmp_path / "a.npz", images=(digits.images * 15).astype(np.uint8), labels=digits.target)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LATENT_LAB_HOME", str(tmp_path))
        pictures.add("shapes", tmp_path / "a.npz", title="Shapes")
        settings = {"LATENT_LAB_HOME": str(tmp_path)}
        with server.app(tmp_path / "app.log", settings) as url:
            options = {"viewport": {"width": 390, "height": 664}, "has_touch": True}
            with one_tab(browser, url, **options) as lens:
                lens.page.goto(f"{url}/train")
                choose(lens.page)
                yield lens.page


def choose(page: Page) -> None:
    """Choose the data set, once the page is still: a list that is drawn again closes."""
    expect(page.get_by_text("in about")).to_be_visible(timeout=60_000)
    page.locator("summary", has_text="More settings").click()
    still = page.locator("[data-testid=stApp][data-test-script-state=notRunning]")
    expect(still).to_be_visible()
    page.get_by_role("combobox", name="Data set").click()
    page.keyboard.type("Shapes")
    page.get_by_role("option", name="Shapes", exact=True).click()


def test_by_keys_on_a_phone(page: Page) -> None:
    begin = page.get_by_role("button", name=TRAIN)
    stop = page.get_by_role("button", name=STOP)
    expect(begin).to_be_visible()
    for control in (begin, stop):
        if control is stop:
            begin.focus()
            page.keyboard.press("Enter")
        expect(control).to_be_visible()
        box = control.bounding_box()
        assert box is not None
        assert box["height"] >= TOUCH_PIXELS
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= 390
    # The focus goes to what has taken the button's place, and back.
    page.wait_for_function(f"() => ({FOCUSED})().includes('Stop')")
    assert page.get_by_role("progressbar").count() == 1
    expect(page.get_by_text("Training the classifier of Shapes")).to_be_visible()
    page.keyboard.press("Enter")
    expect(page.get_by_text("Stopped. Shapes has no classifier yet")).to_be_visible()
    assert reader.find("shapes", own.find("shapes")) is None
    page.wait_for_function(f"() => ({FOCUSED})() === 'classifier'")
    page.keyboard.press("Tab")
    page.wait_for_function(f"() => ({FOCUSED})().includes('{TRAIN}')")
    page.keyboard.press("Enter")
    result = page.get_by_text("The classifier of Shapes reads").first
    expect(result).to_be_visible(timeout=180_000)
    made = reader.find("shapes", own.find("shapes"))
    assert made is not None
    test = made[1].test
    assert f"reads {test.accuracy:.1%} of the {test.images} test pictures" in result.inner_text()
    expect(begin).to_have_count(0)
    expect(stop).to_have_count(0)
