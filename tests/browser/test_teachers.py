"""What a teacher prints, a pupil's receipt, and the first visit: one tab for all of it."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from browser import axe, states
from browser.lens import Lens
from pages.teachers import documents, gap
from pages.teachers.plans import SHORT
from tests.browser.conftest import one_tab

FORMATS = {"A4": 210 - 2 * 16, "Letter": 215.9 - 2 * 16}  # mm between the margins


def kept() -> dict[str, Any]:
    """As a browser keeps it: all lessons, with the longest answer to every question."""
    found = {}
    for k, lesson in enumerate(documents.lessons_found()):
        steps = []
        for step in lesson.steps:
            words = max((gap.plain(each.html) for each in step.answers), key=len, default=None)
            deed = step.deed and {"event": step.deed.event, "times": 10, "done": True}
            known = {"answer": 0 if words else None, "right": True if words else None}
            steps.append(
                {"title": step.title, **known, "words": words, "sketch": None, "deed": deed}
            )
        found[lesson.key] = {
            "title": lesson.title,
            "started": f"2026-11-26T09:{k + 10}:00.000Z",
            "seconds": 100,
            "finished": None,
            "steps": steps,
        }
    return {"version": 1, "lessons": found}


@pytest.fixture(scope="module")
def tab(app: str, browser: Browser) -> Iterator[Lens]:
    with one_tab(browser, app) as tab:
        yield tab


def pages(page: Page, size: str) -> int:
    """How many sheets of paper the page takes."""
    return len(re.findall(rb"/Type\s*/Page\b", page.pdf(format=size, prefer_css_page_size=True)))


def cut(page: Page, size: str) -> list[str]:
    """What is wider than the paper, and sections that no sheet holds whole."""
    page.emulate_media(media="print")
    page.set_viewport_size({"width": int(FORMATS[size] / 25.4 * 96), "height": 900})
    found: list[str] = page.evaluate(
        """() => [...document.querySelectorAll("main *:not(svg *)")].filter(one => {
            const box = one.getBoundingClientRect();
            return box.right > innerWidth + 1 || box.left < -1
                || one.matches("section") && box.height > (279.4 - 26) / 25.4 * 96;
        }).map(one => `${one.localName}.${one.className}: ${one.textContent.slice(0, 40)}`)"""
    )
    page.emulate_media(media="screen")
    return found


@pytest.mark.parametrize(("name", "sheets"), [("Handout", 3), ("Answers", 3)])
def test_what_is_printed_fits_the_paper(tab: Lens, name: str, sheets: int) -> None:
    """Two lessons a sheet, then the map; on either paper, with nothing cut."""
    if not tab.page.url.startswith(f"{tab.url}/teachers"):
        tab.page.goto(f"{tab.url}/teachers")
    with tab.page.expect_popup() as opened:
        tab.page.get_by_role("link", name=name, exact=True).click()
    page = opened.value
    button = page.get_by_role("button", name="Print")
    # Answers have their numbers.
    expect(page.locator("data.measure:empty")).to_have_count(0, timeout=60_000)
    expect(button).to_be_enabled(timeout=60_000)
    assert page.evaluate("document.fonts.ready.then(found => found.check('12px \"Source Sans\"'))")
    assert page.url == f"{tab.url}/{name.lower()}?lessons={','.join(SHORT.keys)}"
    numbers = page.locator("data.measure").all_text_contents()
    assert all(re.fullmatch(r"[\d.]+( \S+)?", number) for number in numbers), numbers
    assert bool(numbers) == (name == "Answers")
    for size in FORMATS:
        assert pages(page, size) == sheets, size
        assert not cut(page, size), size
    page.emulate_media(media="print")
    expect(button).to_be_hidden()
    for scheme in states.SCHEMES:
        page.emulate_media(media="screen", color_scheme=scheme)
        assert not axe.check(page)
    page.set_viewport_size({"width": 320, "height": 640})
    assert page.evaluate("document.documentElement.scrollWidth") == 320
    page.close()


def test_a_newcomer_gets_to_lesson_1_in_one_click_and_is_none_from_then_on(tab: Lens) -> None:
    page = tab.page
    tab.open("/")
    newcomer, returning = page.locator(".newcomer"), page.locator(".returning")
    expect(newcomer).to_be_visible()
    expect(returning).to_be_hidden()
    newcomer.get_by_role("link", name="Lesson 1").click()
    page.wait_for_url("**/learn?lesson=bottleneck")
    tab.ready()
    expect(page.get_by_role("heading", name="Guess")).to_be_visible()
    page.get_by_test_id("stTopNavLink").filter(has_text="Explore").click()
    expect(returning).to_be_visible()
    expect(newcomer).to_be_hidden()


def test_a_receipt_is_printed_and_saved(tab: Lens) -> None:
    page, progress = tab.page, kept()
    stored = json.dumps(progress)
    page.evaluate("stored => localStorage.setItem('latent-lab.lessons', stored)", stored)
    tab.open("/learn")
    opener = page.get_by_role("button", name="Receipt")
    opener.press("Enter")
    dialog = page.get_by_role("dialog", name="Receipt")
    expect(dialog).to_contain_text(f"0 of {len(progress['lessons'])} lessons finished")
    dialog.get_by_label("Your name").fill("Ada & Co?")
    with page.expect_download() as saved:
        dialog.get_by_role("button", name="Save as JSON").press("Enter")
    assert saved.value.suggested_filename == "receipt-ada-co.json"
    told = json.loads(saved.value.path().read_text("utf-8"))
    assert (told["format"], told["name"]) == ("latent-lab.receipt", "Ada & Co?")
    saved_steps = {one["key"]: one["steps"] for one in told["lessons"]}
    assert saved_steps == {key: one["steps"] for key, one in progress["lessons"].items()}
    with page.expect_popup() as opened:
        dialog.get_by_role("button", name="Open to print").press("Enter")
    receipt = opened.value
    expect(receipt.get_by_label("Name")).to_have_value("Ada & Co?")
    expect(receipt.locator("main")).to_contain_text("the autoencoder's · came true")
    # Its style sheet has come along.
    assert receipt.locator("main").evaluate("main => getComputedStyle(main).maxWidth") != "none"
    # Every lesson on one sheet.
    for size in FORMATS:
        assert pages(receipt, size) == 1
    assert not axe.check(receipt)
    receipt.close()
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    expect(opener).to_be_focused()
    # Where no tab may be opened, it's a file.
    page.evaluate("window.open = () => null")
    opener.press("Enter")
    with page.expect_download() as saved:
        dialog.get_by_role("button", name="Open to print").press("Enter")
    assert saved.value.suggested_filename == "receipt-ada-co.html"
    assert "the autoencoder's · came true" in saved.value.path().read_text("utf-8")
    page.keyboard.press("Escape")
    # The next pupil at this device begins anew; the first press only asks.
    clear = page.get_by_role("button", name="Delete it")
    clear.press("Enter")
    assert page.evaluate("localStorage.getItem('latent-lab.lessons')") == stored
    page.get_by_role("button", name="Delete all of it?").press("Enter")
    expect(clear).to_be_hidden()
    expect(opener).to_be_focused()
    assert json.loads(page.evaluate("localStorage.getItem('latent-lab.lessons')"))["lessons"] == {}
