"""Take the pictures of README.md and docs/zoo.md: python -m docs.take_pictures

The app runs on an empty folder of its own, and a headless Chromium looks at it.
"""

import tempfile
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page, expect, sync_playwright

from browser import chromium, server
from browser.student import DEEDS, Student

DOCS = Path(__file__).parent
WIDTH, HEIGHT = 1280, 800
# The one of the Train page shows the curves too.
TALL = 1040


def explore(student: Student) -> None:
    student.open("/")
    expect(student.page.locator(".reading")).to_contain_text("reads as")


def lesson(student: Student) -> None:
    """Lesson "Roll the dice" after ten rolls."""
    student.start("holes")
    student.predict(1)
    student.go_on()
    student.act(DEEDS["holes"][2])
    student.told()


def train(student: Student) -> None:
    """The recorded run, since there is no other, at its last epoch."""
    student.page.set_viewport_size({"width": WIDTH, "height": TALL})
    student.open("/train")
    expect(student.page.locator(".stPlotlyChart .main-svg").first).to_be_visible(timeout=60_000)
    # How long the settings on show take is measured first.
    expect(student.page.get_by_text("epochs in about")).to_be_visible(timeout=120_000)


def families(student: Student) -> None:
    student.open("/families?family=denoising")


PICTURES: dict[str, Callable[[Student], None]] = {
    "explore": explore,
    "lesson": lesson,
    "train": train,
    "families": families,
}


def main() -> None:
    found = chromium.find()
    if found is None:
        raise SystemExit(f"no Chromium here: {chromium.INSTALL}")
    with (
        tempfile.TemporaryDirectory() as home,
        server.app(Path(home) / "app.log", {"LATENT_LAB_HOME": home}) as url,
        sync_playwright() as playwright,
    ):
        browser = chromium.launch(playwright, found)
        for name, show in PICTURES.items():
            page = browser.new_page(viewport={"width": WIDTH, "height": HEIGHT})
            show(Student(page, url))
            _settle(page)
            page.screenshot(path=DOCS / f"{name}.png")
            page.close()
        browser.close()


def _settle(page: Page) -> None:
    """Until nothing on the page changes any more."""
    before, now = b"", page.screenshot()
    while now != before:
        page.wait_for_timeout(1000)
        before, now = now, page.screenshot()


if __name__ == "__main__":
    main()
