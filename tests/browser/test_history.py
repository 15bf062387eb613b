"""Back and Forward undo choices alone; links are copied; pages and tabs have names."""

import re
from collections.abc import Callable
from itertools import pairwise

import numpy as np
import pytest
from playwright.sync_api import expect

from browser.lens import Lens, query
from tests.browser.conftest import Complaints

PAGES = ("Explore", "Compare", "Interpolate", "Families", "Uses", "Train", "Results")


def entries(lens: Lens) -> int:
    """How many addresses the browser's history has for this tab."""
    return int(lens.page.evaluate("() => history.length"))


def settle(lens: Lens, **parameters: str | None) -> None:
    """Wait until the address has these parameters; None means that it hasn't."""

    def there() -> bool:
        found = query(lens.page.url)
        return all(found.get(name) == value for name, value in parameters.items())

    lens.eventually(there, 10)


def go(lens: Lens, page: str) -> None:
    """To a page by the navigation."""
    lens.page.get_by_role("link", name=page, exact=True).click()
    lens.page.wait_for_url(f"**/{'' if page == 'Explore' else page.lower()}*")
    expect(lens.page.locator("h1")).to_have_text(f"{page} · Latent Lab")


def at(lens: Lens, z: np.ndarray) -> bool:
    """Whether Explore is at this code, which the address has with three decimals."""
    found = lens.z()
    return found.shape == z.shape and bool(np.abs(found - z).max() <= 0.00051)


def back(lens: Lens, steps: int = 1) -> None:
    """Press Back, or Forward for a negative number of steps."""
    lens.page.evaluate("steps => history.go(-steps)", steps)


def test_an_untouched_explore_is_left_by_one_press_of_back(lens: Lens) -> None:
    lens.page.goto("about:blank")
    before = entries(lens)
    lens.open("/")
    # What the page makes of its address, it has made by now.
    expect(lens.page).to_have_title("Explore VAE, 2 latents · Latent Lab")
    lens.page.wait_for_timeout(500)
    assert lens.page.url == f"{lens.url}/"
    assert entries(lens) == before + 1
    back(lens)
    lens.page.wait_for_url("about:blank")


def test_back_and_forward_walk_through_choices_and_pages(
    lens: Lens, complaints: Complaints
) -> None:
    """A drag belongs to its entry; a choice and a page are entries, and each is shown again."""
    lens.open("/")
    first, points = entries(lens), lens.page.locator(".layer-points")
    start = lens.z()
    for place in ((0.7, 0.3), (0.2, 0.4)):
        was = lens.page.url
        lens.drag(lens.map(), (0.5, 0.5), place)
        lens.release()
        lens.page.wait_for_function("was => location.href !== was", arg=was)
    lens.page.get_by_role("button", name="zoom in").click()
    lens.eventually(lambda: "frame=" in lens.page.url)
    dragged, frame = lens.z(), query(lens.page.url)["frame"]
    assert entries(lens) == first
    lens.page.locator(".filter button").nth(3).click()
    settle(lens, classes="3")
    assert entries(lens) == first + 1
    lens.page.locator(".layer-manifold").click()
    settle(lens, layer="manifold", classes="3")
    assert entries(lens) == first + 2
    go(lens, "Families")
    lens.page.get_by_role("radio", name="Denoising", exact=True).click()
    settle(lens, family="denoising")
    kinds = lens.page.locator(".kinds [aria-pressed=true]")
    expect(kinds).to_have_text("Masking")
    lens.page.get_by_role("button", name="Gaussian", exact=True).click()
    settle(lens, kind="gaussian")
    assert entries(lens) == first + 5

    back(lens)
    settle(lens, family="denoising", kind=None)
    expect(kinds).to_have_text("Masking")
    back(lens)
    settle(lens, family=None)
    expect(lens.page.get_by_role("radio", name="Linear", exact=True)).to_be_checked()
    back(lens)
    settle(lens, layer="manifold", classes="3")
    expect(points).to_have_attribute("aria-pressed", "false")
    back(lens)
    settle(lens, layer=None, classes="3", frame=frame)
    expect(points).to_have_attribute("aria-pressed", "true")
    back(lens)
    settle(lens, classes=None, frame=frame)
    expect(lens.page.locator(".filter [aria-pressed=true]")).to_have_count(10)
    lens.eventually(lambda: at(lens, dragged))
    # All the way forward; nothing of this has made an entry.
    back(lens, -5)
    settle(lens, family="denoising", kind="gaussian")
    expect(kinds).to_have_text("Gaussian")
    assert entries(lens) == first + 5
    # The first entry is that of the drags, not of the beginning.
    back(lens, 5)
    settle(lens, classes=None, layer=None, frame=frame)
    lens.ready()
    lens.eventually(lambda: at(lens, dragged))
    assert np.abs(dragged - start).max() > 0.1
    # Streamlit forgets the images of a page that was left before they came.
    complaints[:] = [one for one in complaints if "/media/" not in one]


def test_back_from_a_button_s_page_is_where_it_was_pressed(lens: Lens) -> None:
    lens.open("/?model=beta-4")
    first = entries(lens)
    lens.page.get_by_role("button", name="Compare with …").click()
    settle(lens, models="pca-16,ae-16,vae-16,beta-4")
    assert entries(lens) == first + 1
    back(lens)
    settle(lens, model="beta-4")
    expect(lens.page).to_have_title("Explore VAE · β = 4, 10 latents · Latent Lab")


def test_a_page_is_found_as_it_was_left(lens: Lens) -> None:
    lens.open("/")
    lens.page.locator(".filter button").nth(8).click()
    settle(lens, classes="8")
    go(lens, "Results")
    assert query(lens.page.url) == {}
    go(lens, "Explore")
    settle(lens, classes="8")
    expect(lens.page.locator(".filter [aria-pressed=true]")).to_have_text(["8"])


def test_families_opens_as_it_was_left(lens: Lens) -> None:
    lens.open("/families?family=contractive")
    lens.page.get_by_role("button", name="Shift", exact=True).click()
    for name, place in (("shift", 0.9), ("direction", 0.25)):
        lens.drag(lens.slider(name), (0.5, 0.5), (place, 0.5))
        lens.release()
    lens.page.get_by_role("button", name="Next digits").click()
    settle(lens, kind="shift")
    lens.eventually(lambda: {"level", "angle", "images"} <= set(query(lens.page.url)))

    def look() -> list[float]:
        return [lens.value("shift"), lens.value("direction")]

    values, there = look(), lens.page.url
    words = lens.page.locator(".line").first.locator("canvas")
    shown = words.evaluate_all("all => all.map(one => one.toDataURL())")
    lens.page.reload()
    lens.ready()
    assert lens.page.url == there
    lens.eventually(lambda: np.allclose(look(), values, atol=0.05))
    lens.eventually(lambda: words.evaluate_all("all => all.map(one => one.toDataURL())") == shown)
    # Another section has its own; the digits stay.
    lens.page.get_by_role("radio", name="Denoising", exact=True).click()
    settle(lens, family="denoising", kind=None, level=None, angle=None)
    assert "images=" in lens.page.url


def test_uses_opens_as_it_was_left(lens: Lens) -> None:
    lens.open("/uses")
    first = entries(lens)
    assert query(lens.page.url) == {}
    lens.drag(lens.page.locator(".histogram"), (0.5, 0.5), (0.3, 0.5))
    lens.release()
    lens.page.locator(".least-anomalous button").nth(2).click()
    lens.eventually(lambda: {"threshold", "look"} <= set(query(lens.page.url)))
    assert entries(lens) == first
    threshold = lens.page.locator(".threshold-value").inner_text()
    chosen = lens.page.locator(".samples [aria-pressed=true]")
    label, there = chosen.get_attribute("aria-label"), lens.page.url
    lens.page.reload()
    lens.ready()
    assert lens.page.url == there
    expect(lens.page.locator(".threshold-value")).to_have_text(threshold)
    expect(chosen).to_have_attribute("aria-label", label or "")
    # Another detector has its own threshold.
    lens.page.get_by_role("combobox", name="Model").click()
    lens.page.get_by_role("option").nth(1).click()
    lens.eventually(lambda: "detector=" in lens.page.url)
    settle(lens, threshold=None, look=None)
    assert entries(lens) == first + 1


def test_every_page_has_one_heading_and_names_its_tab(lens: Lens) -> None:
    """Headings in order, from the one of the page; no error in the console on the way."""
    lens.open("/")
    for page in PAGES:
        go(lens, page)
        expect(lens.page.get_by_role("button", name="Copy link")).to_have_count(1)
        expect(lens.page).to_have_title(re.compile(f"^{page}.* · Latent Lab$"))
        lens.page.wait_for_load_state("networkidle")
        levels = lens.page.locator("h1, h2, h3, h4, h5, h6").evaluate_all(
            "all => all.map(one => Number(one.tagName[1]))"
        )
        assert levels.count(1) == 1, page
        assert levels[0] == 1, page
        assert all(after <= before + 1 for before, after in pairwise(levels))


@pytest.mark.parametrize("secure", [True, False])
def test_the_link_is_copied_with_and_without_a_clipboard(
    new_lens: Callable[..., Lens], secure: bool
) -> None:
    lens = new_lens(permissions=["clipboard-read", "clipboard-write"])
    if not secure:
        # As over plain http from another machine.
        lens.page.add_init_script(
            "window.read = navigator.clipboard.readText.bind(navigator.clipboard);"
            "Object.defineProperty(navigator, 'clipboard', {value: undefined});"
        )
    lens.open("/?z=0.5,-1")
    button = lens.page.get_by_role("button", name="Copy link")
    button.click()
    copied = lens.page.get_by_role("button", name="Copied")
    expect(copied).to_have_count(1)
    read = "() => window.read ? read() : navigator.clipboard.readText()"
    assert lens.page.evaluate(read) == f"{lens.url}/?z=0.5,-1"
    expect(button).to_have_count(1)
    if not secure:
        # Where nothing may be copied, the link can be selected.
        lens.page.evaluate("() => { document.execCommand = () => false; }")
        button.click()
        field = lens.page.get_by_role("textbox", name="Link to this page")
        expect(field).to_have_value(f"{lens.url}/?z=0.5,-1")
        expect(copied).to_have_count(0)


def test_compare_opens_as_it_was_left(lens: Lens) -> None:
    lens.open("/compare")
    first = entries(lens)
    lens.page.get_by_role("button", name="Next digit").click()
    lens.page.get_by_role("button", name="zoom in").nth(1).click()
    lens.eventually(lambda: {"digit", "frames"} <= set(query(lens.page.url)), 10)
    assert entries(lens) == first
    lens.page.locator(".filter button").nth(7).click()
    settle(lens, digit="1", classes="7")
    assert entries(lens) == first + 1
    there, shown = lens.page.url, lens.page.locator(".which").inner_text()
    lens.page.reload()
    lens.ready()
    assert lens.page.url == there
    expect(lens.page.locator(".which")).to_have_text(shown)
    expect(lens.page.locator(".filter [aria-pressed=true]")).to_have_text(["7"])
    # The second map alone has another part in view; what it reports is what the address had.
    frames = query(there)["frames"]
    lens.page.get_by_role("button", name="Next digit").click()
    lens.eventually(lambda: query(lens.page.url)["digit"] != "1")
    assert query(lens.page.url)["frames"] == frames
    back(lens)
    settle(lens, classes=None, digit="1", frames=frames)
    expect(lens.page.locator(".filter [aria-pressed=true]")).to_have_count(10)


def test_interpolate_opens_as_it_was_left(lens: Lens) -> None:
    lens.open("/interpolate")
    first = entries(lens)
    expect(lens.page).to_have_title("Interpolate 3 to 8 · Latent Lab")
    assert query(lens.page.url) == {}
    lens.page.get_by_role("button", name="Swap").click()
    lens.drag(lens.slider("t"), (0.5, 0.5), (0.75, 0.5))
    lens.release()
    settle(lens, a="110", b="51")
    lens.eventually(lambda: "t=" in lens.page.url)
    expect(lens.page).to_have_title("Interpolate 8 to 3 · Latent Lab")
    assert entries(lens) == first
    lens.page.locator(".filter button").nth(3).click()
    settle(lens, classes="3")
    t, there = lens.value("t"), lens.page.url
    lens.page.reload()
    lens.ready()
    assert lens.page.url == there
    lens.eventually(lambda: abs(lens.value("t") - t) <= 0.00051)
    # Other models keep the ends; Back brings the models of before.
    lens.page.get_by_role("radio", name="2 latents", exact=True).click()
    settle(lens, latents="2", a="110", classes="3")
    back(lens)
    settle(lens, latents=None, a="110", classes="3")
    back(lens)
    settle(lens, classes=None, a="110", b="51")
    expect(lens.page.locator(".filter [aria-pressed=true]")).to_have_count(10)


def test_all_classes_switched_on_one_by_one_are_all_classes(lens: Lens) -> None:
    lens.open("/")
    buttons = lens.page.locator(".filter button")
    for label in (3, 0, 1, 2, 4, 5, 6, 7, 8):
        buttons.nth(label).click()
    settle(lens, classes="0,1,2,3,4,5,6,7,8")
    buttons.nth(9).click()
    settle(lens, classes=None)
    expect(buttons.first).to_have_attribute("title", "show only 0")
    buttons.nth(5).click()
    settle(lens, classes="5")
