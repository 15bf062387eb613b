"""The classes' colours, where the keyboard is, and a system's high contrast, on one opened page."""

import re
import tomllib
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Browser, Locator, expect

from browser import server
from browser.lens import Lens, rgba
from tests.browser.conftest import one_tab
from tests.lens import colours

CONFIG = Path(server.ROOT, ".streamlit/config.toml")


@pytest.fixture(scope="module")
def lens(app: str, browser: Browser) -> Iterator[Lens]:
    """Compare, opened once: it has links and buttons of Streamlit, and buttons and maps of ours."""
    with one_tab(browser, app) as tab:
        yield tab.open("/compare")


@pytest.fixture(params=["light", "dark"])
def theme(lens: Lens, request: pytest.FixtureRequest) -> dict[str, str | list[str]]:
    """The theme of `.streamlit/config.toml` that the page has now."""
    found: dict[str, str | list[str]] = tomllib.loads(CONFIG.read_text("utf-8"))["theme"][
        request.param
    ]
    text = numbers(str(found["textColor"]))
    lens.page.emulate_media(color_scheme=request.param)
    lens.eventually(lambda: numbers(style(lens.map("PCA"), "color")) == text)
    lens.next_frame()
    return found


def style(element: Locator, name: str) -> str:
    value: str = element.evaluate("(one, name) => getComputedStyle(one)[name]", name)
    return value


def numbers(colour: str) -> tuple[int, ...]:
    """Red, green and blue of `#rrggbb` or `rgb(r, g, b)`."""
    if colour.startswith("#"):
        return tuple(bytes.fromhex(colour[1:]))
    return tuple(int(part) for part in re.findall(r"\d+", colour)[:3])


def drawn(lens: Lens, colour: str) -> int:
    """How many pixels of PCA's map have exactly this colour and are opaque."""
    wanted = np.array([*numbers(colour), 255])
    return int((rgba(lens.map("PCA").locator("canvas").first) == wanted).all(axis=2).sum())


def test_each_class_is_drawn_in_the_colour_of_the_theme(
    lens: Lens, theme: dict[str, str | list[str]]
) -> None:
    ten = theme["chartCategoricalColors"]
    assert len(set(ten)) == 10
    counts = {colour: drawn(lens, colour) for colour in ten}
    assert min(counts.values()) > 200, counts


# The colours behind an element, from its own to the page's, as CSS says them.
BEHIND = """one => {
    const found = [];
    for (let at = one.parentNode; at; at = at.parentNode ?? at.host)
        if (at instanceof Element) found.push(getComputedStyle(at).backgroundColor);
    return found;
}"""


def ringed(part: Locator) -> bool:
    return style(part, "outlineStyle") == "solid"


def test_where_the_keyboard_is_has_a_ring(lens: Lens, theme: dict[str, str | list[str]]) -> None:
    page = lens.page
    parts = {
        "link of Streamlit": page.locator("[data-testid=stTopNavLink]").nth(1),
        "button of Streamlit": page.locator("[data-testid=stPopover] button"),
        "button": page.get_by_role("button", name="Next digit"),
        "map": lens.map("VAE"),
    }
    page.keyboard.press("Tab")  # From here on the browser shows where the focus is.
    for name, part in parts.items():
        assert style(part, "outlineStyle") in ("none", "auto"), name
        part.focus()
        lens.eventually(partial(ringed, part))
        assert float(style(part, "outlineWidth").removesuffix("px")) >= 2, name
        ground = next(each for each in part.evaluate(BEHIND) if not each.endswith(", 0)"))
        ring = style(part, "outlineColor")
        pair = ["#" + bytes(numbers(each)).hex() for each in (ring, ground)]
        assert pair[1] == theme["backgroundColor"], name
        assert colours.contrast(*pair) >= 3, (name, pair)
    part.blur()


def test_high_contrast_keeps_what_is_chosen_and_the_names(lens: Lens) -> None:
    page = lens.page
    page.emulate_media(color_scheme="light", forced_colors="active")
    system = {
        name: page.evaluate(
            """name => {
                const one = document.body.appendChild(document.createElement("i"));
                one.style.cssText = `forced-color-adjust: none; color: ${name}`;
                const found = getComputedStyle(one).color;
                one.remove();
                return found;
            }""",
            name,
        )
        for name in ("CanvasText", "Highlight", "ButtonText")
    }
    # The names of the classes, on a map that was drawn in other colours before.
    lens.eventually(lambda: drawn(lens, system["CanvasText"]) > 50)
    assert drawn(lens, "#1c2030") == 0
    # A map's ground is the page's, so it has an edge.
    assert style(lens.map("PCA"), "outlineStyle") == "solid"
    # What is chosen, by Streamlit's buttons and by ours.
    chosen, other = (page.get_by_role("radio", name=f"{n} latents", exact=True) for n in (2, 16))
    for focus in (False, True):
        chosen.focus() if focus else chosen.blur()
        lens.eventually(lambda: style(chosen, "backgroundColor") == system["Highlight"])
    assert style(other, "backgroundColor") != system["Highlight"]
    digits = page.locator(".filter button")
    digits.nth(3).click()
    page.mouse.move(1, 1)
    pressed, unpressed = digits.nth(3), digits.nth(4)
    lens.eventually(lambda: unpressed.get_attribute("aria-pressed") == "false")
    assert style(pressed, "outlineColor") == system["Highlight"]
    assert style(pressed, "outlineStyle") == "solid"
    assert style(unpressed, "outlineStyle") == "none"
    digits.nth(3).click()
    # The icon of "Copy link" is a mask on a ground, which high contrast takes away.
    ground = page.locator(".copy-link button").evaluate(
        "one => getComputedStyle(one, '::before').backgroundColor"
    )
    assert ground == system["ButtonText"]
    page.emulate_media(forced_colors="none")
    lens.eventually(lambda: drawn(lens, "#1c2030") > 50)


def test_high_contrast_keeps_what_is_switched_on(lens: Lens) -> None:
    page = lens.page
    page.goto(lens.url + "/train")
    page.emulate_media(forced_colors="active")
    page.locator("summary", has_text="More settings").click()
    switch = page.get_by_role("switch", name="Tied weights")
    track = page.locator("[data-testid=stCheckbox]", has=switch).locator("label > div:has(> div)")
    looks = []
    for checked in (False, True):
        expect(switch).to_be_checked(checked=checked)
        looks.append((style(track.first, "backgroundColor"), style(track.first, "borderTopColor")))
        assert style(track.first, "borderTopStyle") == "solid"
        knob = style(track.first.locator("> div"), "backgroundColor")
        assert knob != looks[-1][0]
        if not checked:
            page.locator("[data-testid=stCheckbox] label", has_text="Tied weights").click()
    assert looks[0] != looks[1]
    page.emulate_media(forced_colors="none")
