"""A page of the app as a user has it: the screen, and a pointer and keys that move."""

import base64
import io
import re
from collections.abc import Callable
from typing import TypeVar
from urllib.parse import unquote

import numpy as np
from PIL import Image
from playwright.sync_api import FloatRect, Locator, Page

T = TypeVar("T")
Place = tuple[float, float]


class Lens:
    """One browser tab. Pictures are (28, 28) uint8; a place is shares of a box, (0, 0) top left."""

    def __init__(self, page: Page, url: str) -> None:
        self.page = page
        self.url = url

    def open(self, address: str, seconds: float = 30) -> "Lens":
        """Go to an address of the app, such as /compare?latents=16, and wait for the lens."""
        self.page.goto(self.url + address)
        self.ready(seconds)
        return self

    def ready(self, seconds: float = 30) -> None:
        """Wait until the lens has drawn its first picture."""
        self.page.locator("[data-ready=true]").first.wait_for(timeout=1000 * seconds)

    def slider(self, name: str) -> Locator:
        """The range input with exactly this label."""
        return self.page.get_by_role("slider", name=name, exact=True)

    def first_slider(self) -> Locator:
        """That of the latent that tells most."""
        return self.page.locator("input[type=range][aria-label^=z]").first

    def value(self, name: str) -> float:
        """The value of the slider of this name."""
        return float(self.slider(name).input_value())

    def z(self) -> np.ndarray:
        """The code (latent_dim,) float32 that the sliders hold, folded ones too."""
        values = self.page.locator("input[type=range][aria-label^=z]").evaluate_all(
            "all => Object.fromEntries(all.map(one => [one.ariaLabel, one.valueAsNumber]))"
        )
        return np.array([values[f"z{k + 1}"] for k in range(len(values))], np.float32)

    def map(self, title: str = "") -> Locator:
        """The latent map, or the one of a model, by the start of its label."""
        return labelled(self.page.locator("[aria-label]"), "latent map", title)

    def canvas(self, title: str = "") -> Locator:
        """The canvas of the decoded digit, or the one of a model, by the start of its label."""
        return labelled(self.page.get_by_role("img"), "decoded digit", title)

    def picture(self, title: str = "") -> np.ndarray:
        """The decoded digit that is on the screen now."""
        return pixels(self.canvas(title))

    def drag(self, target: Locator, *places: Place) -> None:
        """Press at the first place and move through the others; the button stays down."""
        box = self.box(target)
        self.page.mouse.move(*at(box, places[0]))
        self.page.mouse.down()
        for place in places[1:]:
            self.page.mouse.move(*at(box, place))

    def move(self, target: Locator, place: Place) -> None:
        """Move the pointer to a place in the target."""
        self.page.mouse.move(*at(self.box(target), place))

    def move_by(self, target: Locator, pixels: np.ndarray) -> None:
        """Move the pointer to a place in the target, (2,) CSS pixels from its top left."""
        box = self.box(target)
        self.page.mouse.move(box["x"] + float(pixels[0]), box["y"] + float(pixels[1]))

    def release(self) -> None:
        """Let go of the button."""
        self.page.mouse.up()

    def box(self, target: Locator) -> FloatRect:
        """Where the target is in the window, scrolled into view."""
        target.scroll_into_view_if_needed()
        box = target.bounding_box()
        assert box is not None, f"{target} is not on the page"
        return box

    def next_frame(self) -> None:
        """Wait until the page has drawn a frame from now on."""
        self.page.evaluate(
            "() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"
        )

    def eventually(self, look: Callable[[], T | None], seconds: float = 5) -> T:
        """Look again and again until there is something (an array counts); that is returned.

        Raises AssertionError if there is still nothing after `seconds`.
        """
        for _ in range(int(seconds / 0.02)):
            found = look()
            if isinstance(found, np.ndarray) or found:
                return found
            self.page.wait_for_timeout(20)
        raise AssertionError(f"not true after {seconds:g} s: {look!r}")


def labelled(candidates: Locator, start: str, title: str) -> Locator:
    """The candidate whose label is `start`, or `start, title` with anything behind it."""
    wanted = f"{start}, {title}" if title else start
    return candidates.and_(candidates.page.locator(f'[aria-label^="{wanted}"]'))


def at(box: FloatRect, place: Place) -> Place:
    """A share of a box in pixels of the window."""
    return box["x"] + place[0] * box["width"], box["y"] + place[1] * box["height"]


def rgba(canvas: Locator) -> np.ndarray:
    """All pixels of a canvas, (height, width, 4) uint8."""
    url = canvas.evaluate("canvas => canvas.toDataURL()")
    image = Image.open(io.BytesIO(base64.b64decode(url.partition(",")[2])))
    return np.asarray(image.convert("RGBA"))


def pixels(canvas: Locator) -> np.ndarray:
    """The grey levels of a 28x28 canvas, (28, 28) uint8."""
    found = rgba(canvas)
    assert (found[..., 3] == 255).all(), "the picture is not opaque"
    assert (found[..., :3] == found[..., :1]).all(), "the picture is not grey"
    return found[..., 0]


def near(shown: np.ndarray, expected: np.ndarray) -> bool:
    """Whether two pictures, 0 to 255, differ by at most one grey level of 255."""
    return bool(np.abs(shown - expected).max() <= 1)


def cross(chart: Locator) -> Place:
    """Where the cross-hair of a map is: the fullest column and row of its overlay."""
    column, row = chart.locator("canvas").last.evaluate(
        """canvas => {
            const {width, height} = canvas;
            const {data} = canvas.getContext("2d").getImageData(0, 0, width, height);
            const columns = new Float64Array(width), rows = new Float64Array(height);
            for (let i = 3, k = 0; i < data.length; i += 4, k += 1) {
                columns[k % width] += data[i];
                rows[Math.floor(k / width)] += data[i];
            }
            // A line between two pixels fills both: the middle of their weight.
            const middle = sums => {
                const k = sums.indexOf(Math.max(...sums));
                const before = sums[k - 1] || 0, after = sums[k + 1] || 0;
                return (k + 0.5 + (after - before) / (before + sums[k] + after)) / sums.length;
            };
            return [middle(columns), middle(rows)];
        }"""
    )
    return column, row


def query(address: str) -> dict[str, str]:
    """The parameters of an address."""
    found = re.findall(r"[?&]([^=&]+)=([^&]*)", address)
    return {name: unquote(value) for name, value in found}
