"""The Share panel's link and its QR code; what it asks for: projector mode, hidden, locked."""

import io
from collections.abc import Iterator

import pytest
import zxingcpp
from PIL import Image
from playwright.sync_api import Browser, Locator, Page, expect

from browser.lens import Lens, query
from tests.browser.conftest import one_tab
from tests.browser.test_layout import settle


@pytest.fixture(scope="module")
def tab(app: str, browser: Browser) -> Iterator[Lens]:
    with one_tab(browser, app) as tab:
        yield tab


def leave_by_link(page: Page, address: str) -> None:
    """Press a link in the page that leads to this address."""
    page.evaluate(
        """address => document.body.insertAdjacentHTML("beforeend", `<a href="${address}"
            style="position: fixed; bottom: 0; left: 50%; z-index: 9">leave</a>`)""",
        address,
    )
    page.get_by_role("link", name="leave", exact=True).click()


def point(page: Page, kind: str, event: str, x: int) -> None:
    """What a pen or a finger does, beside all controls."""
    page.evaluate(
        """([kind, event, x]) => document.body.dispatchEvent(new PointerEvent(event,
            {pointerType: kind, clientX: x, clientY: 20, bubbles: true, composed: true}))""",
        [kind, event, x],
    )


def decoded(code: Locator) -> str:
    """What a phone reads from the screen."""
    picture = Image.open(io.BytesIO(code.screenshot()))
    (found,) = zxingcpp.read_barcodes(picture)
    return str(found.text)


def test_a_link_for_a_class_is_built_by_keys_and_scanned(tab: Lens) -> None:
    page, keyboard = tab.page, tab.page.keyboard
    tab.open("/?z=0.5,-1&digit=7")
    before = page.url
    opener = page.get_by_role("button", name="Share", exact=True)
    opener.press("Enter")
    panel = page.get_by_role("dialog", name="Share")
    expect(panel).to_be_visible()
    link, code = panel.get_by_role("textbox", name="Link"), panel.get_by_role("button", name="QR")
    expect(panel).to_contain_text("Only this computer can open this address")
    expect(link).to_have_value(page.url)
    assert decoded(code) == page.url
    for name in ("Projector mode", "Locked", "choices at the top"):
        panel.get_by_role("checkbox", name=name).focus()
        keyboard.press("Space")
    panel.get_by_role("radio", name="what is on show").focus()
    keyboard.press("ArrowDown")
    wanted = f"{tab.url}/?hide=pickers&locked=1&present=1"
    expect(link).to_have_value(wanted)
    assert decoded(code) == wanted
    # Large, then small again, then closed: the focus is back where it came from.
    code.press("Enter")
    assert tab.box(code)["width"] > 500
    assert decoded(code) == wanted
    keyboard.press("Escape")
    expect(panel).to_be_visible()
    assert tab.box(code)["width"] < 300
    keyboard.press("Escape")
    expect(panel).to_have_count(0)
    expect(opener).to_be_focused()
    assert page.url == before


def test_the_link_hides_locks_and_projects(tab: Lens) -> None:
    page = tab.page
    tab.open("/?hide=pickers,nonsense,cost,draw&locked=1&present=1")
    expect(page.get_by_role("alert").filter(has_text="nonsense")).to_have_count(1)
    expect(page.get_by_role("combobox", name="Model")).to_have_count(0)
    expect(page.get_by_role("button", name="Share", exact=True)).to_have_count(0)
    for name in ("Compare", "Results"):
        expect(page.get_by_role("link", name=name)).to_have_count(0)
    for name in ("Compare with …", "Morph with it", "Drag β"):
        expect(page.get_by_role("button", name=name)).to_have_count(0)
    expect(page.locator(".cost")).to_be_hidden()
    expect(page.get_by_role("button", name="Draw", exact=True)).to_have_count(0)
    # A link that is there all the same leads nowhere, and says so.
    leave_by_link(page, "compare")
    expect(page.get_by_role("status").filter(has_text="another page")).to_be_visible()
    expect(page.get_by_role("heading", name="Explore")).to_be_attached()

    # The pointer leaves a trail, and brings the way out.
    laser = page.locator(".laser")
    drawn = """canvas => new Uint32Array(canvas.getContext("2d")
        .getImageData(0, 0, canvas.width, canvas.height).data.buffer).some(Boolean)"""
    tab.eventually(lambda: not laser.evaluate(drawn), 10)
    tab.drag(tab.map(), (0.3, 0.3), (0.5, 0.5), (0.7, 0.6))
    assert laser.evaluate(drawn)
    tab.release()
    # A pen and a finger leave one too, until they are lifted.
    for kind in ("pen", "touch"):
        tab.eventually(lambda: not laser.evaluate(drawn), 10)
        point(page, kind, "pointerdown", 200)
        point(page, kind, "pointermove", 300)
        tab.eventually(lambda: laser.evaluate(drawn), 2)
        point(page, kind, "pointerup", 300)
        tab.eventually(lambda: not laser.evaluate(drawn), 2)
    tab.eventually(lambda: "z=" in page.url)
    assert query(page.url).keys() == {"z", "hide", "locked", "present"}
    large = type_size(tab)
    leave = page.get_by_role("button", name="End projector mode")
    expect(leave).to_have_css("opacity", "1")
    leave.click()
    expect(laser).to_have_count(0)
    assert "present" not in query(page.url)
    assert type_size(tab) < large
    # By a key too, and back.
    page.keyboard.press("Alt+p")
    expect(leave).to_be_attached()
    assert query(page.url)["present"] == "1"
    page.keyboard.press("Alt+p")
    expect(leave).to_have_count(0)


def type_size(lens: Lens) -> float:
    """The size of the page's text in CSS pixels."""
    return float(
        lens.page.evaluate("parseFloat(getComputedStyle(document.documentElement).fontSize)")
    )


def test_what_is_asked_goes_along(tab: Lens) -> None:
    """By the navigation, by a choice, by Back and by a link in the page."""
    page = tab.page
    tab.open("/?hide=layers")
    page.get_by_role("link", name="Compare", exact=True).click()
    expect(page.locator("h1")).to_have_text("Compare · Latent Lab")
    page.locator(".lens.compare[data-ready=true]").wait_for()
    assert query(page.url) == {"hide": "layers"}
    page.get_by_role("radio", name="16 latents", exact=True).click()
    tab.eventually(lambda: query(page.url) == {"latents": "16", "hide": "layers"})
    page.keyboard.press("Alt+p")
    tab.eventually(lambda: query(page.url).get("present") == "1")
    page.evaluate("history.go(-2)")
    expect(page.locator("h1")).to_have_text("Explore · Latent Lab")
    assert query(page.url) == {"hide": "layers", "present": "1"}
    # A term opens in a tab of its own.
    with page.context.expect_page() as opened:
        page.locator('a[href="glossary#posterior"]:visible').first.click()
    assert opened.value.url == f"{tab.url}/glossary?hide=layers&present=1#posterior"
    opened.value.close()
    leave_by_link(page, "results")
    expect(page.locator("h1")).to_have_text("Results · Latent Lab")
    assert query(page.url) == {"hide": "layers", "present": "1"}
    # Type is larger, and still nothing overlaps.
    tab.open("/interpolate?present=1")
    settle(tab, 1280)
