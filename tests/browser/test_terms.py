"""What a term means: at a pointer, at the keyboard's focus, at a tap; and where its link leads."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, expect

from aemodels import reader
from aemodels.analysis.legibility import legible_share
from aemodels.bundles import bundle, zoo
from aemodels.bundles.load import load
from browser.lens import Lens
from tests.browser.conftest import one_tab
from ui import terms

MEANINGS = {term.key: term for term in terms.all_terms()}
PHONE = {"viewport": {"width": 390, "height": 664}, "has_touch": True}


@pytest.fixture(scope="module")
def explore(app: str, browser: Browser) -> Iterator[Lens]:
    with one_tab(browser, app) as tab:
        yield tab.open("/?model=vae-16")


@pytest.fixture(scope="module")
def phone(app: str, browser: Browser) -> Iterator[Lens]:
    with one_tab(browser, app, **PHONE) as tab:
        # What a link of a class asks for goes along with every click.
        yield tab.open("/?hide=pins")


def tip(lens: Lens) -> Locator:
    return lens.page.get_by_role("tooltip")


def link(lens: Lens, key: str) -> Locator:
    return lens.page.locator(f'a[href="glossary#{key}"]:visible').first


def test_a_pointer_that_rests_on_a_term_sees_its_meaning_and_can_go_there(explore: Lens) -> None:
    expect(tip(explore)).to_have_count(0)
    link(explore, "posterior").hover()
    expect(tip(explore)).to_contain_text(MEANINGS["posterior"].sentence)
    # Nothing hides it while the pointer is on it; and no part of it is out of the window.
    tip(explore).hover()
    explore.page.wait_for_timeout(600)
    expect(tip(explore)).to_be_visible()
    # From one part of the lens to another, of which the page outside of it hears nothing.
    link(explore, "mu").hover()
    expect(tip(explore)).to_contain_text(MEANINGS["mu"].sentence)
    link(explore, "information").hover()
    expect(tip(explore)).to_contain_text(MEANINGS["information"].sentence)
    box = tip(explore).bounding_box()
    assert box
    assert 0 <= box["x"] <= box["x"] + box["width"] <= 1280
    explore.page.mouse.move(640, 5)
    expect(tip(explore)).to_be_hidden()


def test_the_keyboard_sees_it_at_the_focus_and_escape_ends_no_more_than_that(explore: Lens) -> None:
    explore.page.get_by_role("button", name="Random").click()
    own = explore.page.locator(".own-note")
    expect(own).to_be_visible()
    words = link(explore, "sigma")
    explore.page.keyboard.press("Tab")
    words.focus()
    expect(tip(explore)).to_contain_text(MEANINGS["sigma"].sentence)
    described = "one => (one.ariaDescribedByElements ?? []).map(each => each.textContent).join()"
    assert MEANINGS["sigma"].sentence in words.evaluate(described)
    explore.page.keyboard.press("Escape")
    expect(tip(explore)).to_be_hidden()
    # z is still the person's own: that Escape was the tip's.
    expect(own).to_be_visible()
    explore.page.keyboard.press("Escape")
    expect(own).to_be_hidden()


def test_a_link_opens_its_term_in_a_tab_of_its_own(explore: Lens) -> None:
    with explore.page.context.expect_page() as opened:
        link(explore, "elbo").click()
    page = opened.value
    term = page.locator("article#elbo")
    expect(term).to_be_focused()
    expect(term).to_be_in_viewport()
    expect(term).to_contain_text(MEANINGS["elbo"].sentence)
    assert page.locator("article").count() == len(MEANINGS)
    # Its pictures are drawn and its numbers measured where they come into view.
    page.get_by_role("searchbox").fill("legible")
    number = page.locator("article#legible data").first
    expect(number).to_have_text(re.compile(r"^\d+ %$"))
    # Of other draws than Python's: the standard error of both is 1.5 points.
    model = load(zoo.folder() / "vae-16")
    share = legible_share(model, bundle.read(zoo.folder() / "vae-16").codes()[0], reader.load())
    measured = float(number.inner_text().removesuffix(" %"))
    assert measured == pytest.approx(100 * share, abs=7)
    page.close()


def test_the_first_tap_explains_and_more_leads_on(phone: Lens) -> None:
    # By its name, since More leads there too.
    words, address = phone.page.get_by_role("link", name="μ", exact=True), phone.page.url
    words.tap()
    expect(tip(phone)).to_contain_text(MEANINGS["mu"].sentence)
    more = tip(phone).get_by_role("link", name="More")
    expect(more).to_have_attribute("href", "glossary#mu")
    words.tap()
    expect(tip(phone)).to_be_hidden()
    words.tap()
    expect(tip(phone)).to_be_visible()
    phone.page.locator(".input-name").tap()
    expect(tip(phone)).to_be_hidden()
    assert phone.page.url == address
    assert "hide=pins" in address
    assert len(phone.page.context.pages) == 1
    words.tap()
    with phone.page.context.expect_page() as opened:
        more.tap()
    assert opened.value.url == f"{phone.url}/glossary?hide=pins#mu"
    opened.value.close()
