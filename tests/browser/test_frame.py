"""A run is paused, renamed, downloaded and deleted by keys alone, and the focus is never lost."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from browser import runs, server, states
from browser.lens import Lens


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("home")
    runs.make(made)
    return made


@pytest.fixture(scope="module")
def tab(home: Path, browser: Browser) -> Iterator[Lens]:
    with server.app(home / "app.log", runs.settings(home)) as url:
        page = browser.new_page(viewport=states.WIDE)
        yield Lens(page, url)
        page.close()


def tab_to(page: Page, name: str, most: int = 80) -> None:
    """Press Tab until the control with exactly this name has the focus."""
    for _ in range(most):
        page.keyboard.press("Tab")
        if focused(page) == name:
            return
    raise AssertionError(f"{name} is not within {most} tab stops")


def focused(page: Page) -> str:
    """The name or the words of what has the focus; empty if nothing has."""
    found: str = page.evaluate(
        """() => {
            const {activeElement: one} = document;
            if (!one || one === document.body) return "";
            const icons = [...one.querySelectorAll("[data-testid=stIconMaterial]")];
            const words = icons.reduce((text, icon) => text.replace(icon.innerText, ""),
                one.innerText || "");
            return one.ariaLabel || words.trim() || one.tagName;
        }"""
    )
    return found


def test_a_run_is_renamed_downloaded_and_deleted_by_keys(tab: Lens, home: Path) -> None:
    page = tab.page
    page.goto(f"{tab.url}/train?run=done")
    tab.ready(90)
    states.settle(page)

    tab_to(page, "Rename")
    page.keyboard.press("Enter")
    expect(page.get_by_role("textbox", name="New name")).to_be_focused()
    page.keyboard.press("Escape")
    tab.eventually(lambda: focused(page) == "Rename")
    page.keyboard.press("Enter")
    expect(page.get_by_role("textbox", name="New name")).to_be_focused()
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.type("By keys")
    page.keyboard.press("Enter")
    expect(page.get_by_role("combobox", name="Run", exact=True)).to_have_value("By keys")
    states.settle(page)
    tab.eventually(lambda: focused(page))

    tab_to(page, "Download")
    with page.expect_download() as download:
        page.keyboard.press("Enter")
    assert download.value.suggested_filename == "By keys.zip"
    tab.eventually(lambda: focused(page) == "Download")

    tab_to(page, "Delete")
    page.keyboard.press("Enter")
    tab.eventually(lambda: focused(page) == "Delete for good")
    page.keyboard.press("Shift+Tab")
    tab.eventually(lambda: focused(page) == "Delete")
    expect(page.get_by_test_id("stPopoverBody")).to_have_count(0)
    page.keyboard.press("Enter")
    tab.eventually(lambda: focused(page) == "Delete for good")
    page.keyboard.press("Enter")
    tab.eventually(lambda: not (home / "runs" / "done").exists())
    states.settle(page)
    tab.eventually(lambda: focused(page))


def test_the_focus_stays_where_a_run_is_paused_and_goes_on(tab: Lens, home: Path) -> None:
    page = tab.page
    with runs.training(home):
        page.goto(f"{tab.url}/train?run=live")
        tab.ready(90)
        tab_to(page, "Pause")
        page.keyboard.press("Enter")
        tab.eventually(lambda: focused(page) == "Resume", 30)
        page.keyboard.press("Enter")
        tab.eventually(lambda: focused(page) == "Pause", 30)
        tab_to(page, "Stop")
        page.keyboard.press("Enter")
        expect(page.get_by_text("Stopped", exact=True).first).to_be_visible(timeout=90_000)
        tab.eventually(lambda: focused(page))
        # It runs here and is ended below.
        page.goto("about:blank")
