"""The input of Explore: drawn by mouse or keys, pasted, dropped, opened; and what isn't one."""

import base64
import io
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw
from playwright.sync_api import Browser, Locator, expect

import aemodels
from aemodels.data import prepare
from browser.lens import Lens, Place, cross, pixels, rgba
from tests.browser.conftest import Codes, one_tab

ONE: tuple[Place, ...] = tuple((0.56 - 0.1 * t, 0.15 + 0.7 * t) for t in np.linspace(0, 1, 12))


@pytest.fixture(scope="module")
def opened(app: str, browser: Browser) -> Iterator[Lens]:
    permissions = ["clipboard-read", "clipboard-write"]
    with one_tab(browser, app, permissions=permissions) as tab:
        yield tab.open("/", 90)


@pytest.fixture
def lens(opened: Lens) -> Lens:
    """The tab with an empty drawing square, whatever was on it before."""
    opened.page.get_by_role("button", name="Draw", exact=True).click()
    opened.page.get_by_role("button", name="Clear").click()
    return opened


def square(lens: Lens) -> Locator:
    return lens.page.locator(".pen")


def ink(lens: Lens) -> float:
    """The share of the square that is ink."""
    return float(rgba(square(lens))[..., 0].mean() / 255)


def seen(lens: Lens) -> np.ndarray:
    """What the network sees, (28, 28) uint8."""
    return pixels(lens.page.locator(".seen canvas"))


def complaint(lens: Lens) -> str:
    place = lens.page.locator(".complaint")
    expect(place).to_be_visible()
    return place.inner_text()


def draw_stroke(lens: Lens) -> None:
    lens.drag(square(lens), *ONE)
    lens.release()


def draw_one(lens: Lens) -> list[Place]:
    """Draw a 1 by mouse; where the cross-hair was on the way, before the button is released."""
    lens.drag(square(lens), ONE[0])
    places: list[Place] = []
    for place in ONE[1:]:
        before = lens.z()
        lens.move(square(lens), place)
        moved(lens, before)
        places.append(cross(lens.map()))
    lens.release()
    return places


def moved(lens: Lens, before: np.ndarray) -> None:
    """Wait until z is another one than `before`."""
    lens.eventually(lambda: bool((lens.z() != before).any()))


def choose_model(lens: Lens, name: str) -> None:
    lens.page.get_by_role("combobox", name="Model").click()
    # The list is long, and only the options in view exist.
    lens.page.keyboard.type(name)
    lens.page.get_by_role("option", name=name, exact=True).click()


def nearest_labels(lens: Lens, codes: Codes, labels: np.ndarray) -> np.ndarray:
    """The classes of the five test digits whose codes are nearest to z."""
    gaps = np.square(codes("vae-2") - lens.z()).sum(1)
    return labels[np.argsort(gaps)[:5]]


def encoded(lens: Lens) -> bool:
    """Whether z is what PyTorch encodes of the pixels that the network sees."""
    expected = aemodels.load("vae-2").encode(seen(lens)[None])[0]
    return bool(np.abs(lens.z() - expected).max() < 0.02)


def picture_of_seven(paper: int = 255, ink: int = 0, size: int = 600) -> Image.Image:
    """A 7 somewhere on a large sheet."""
    sheet = Image.new("L", (size, size * 2 // 3), paper)
    line = [(0.5 * size, 0.2 * size), (0.7 * size, 0.2 * size), (0.58 * size, 0.5 * size)]
    ImageDraw.Draw(sheet).line(line, ink, size // 25, joint="curve")
    return sheet


def saved(sheet: Image.Image, kind: str) -> bytes:
    stream = io.BytesIO()
    sheet.save(stream, kind)
    return stream.getvalue()


def open_file(lens: Lens, name: str, content: bytes) -> None:
    """Choose a file by the button."""
    with lens.page.expect_file_chooser() as chooser:
        lens.page.get_by_role("button", name="Open a picture").click()
    mime = "text/plain" if name.endswith(".txt") else "image/png"
    chooser.value.set_files({"name": name, "mimeType": mime, "buffer": content})


def paste(lens: Lens, content: bytes) -> None:
    """Copy a PNG elsewhere, and paste it."""
    lens.page.evaluate(
        """async (base64) => {
            const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
            const blob = new Blob([bytes], { type: "image/png" });
            await navigator.clipboard.write([new ClipboardItem({ "image/png": blob })]);
        }""",
        base64.b64encode(content).decode(),
    )
    lens.page.keyboard.press("Control+V")


def drop(lens: Lens, path: Path) -> None:
    """Drag a file from the desktop to the map, and let go."""
    box = lens.box(lens.map())
    session = lens.page.context.new_cdp_session(lens.page)
    place = {"x": box["x"] + box["width"] / 2, "y": box["y"] + box["height"] / 2}
    data = {"items": [], "files": [str(path)], "dragOperationsMask": 1}
    for kind in ("dragEnter", "dragOver", "drop"):
        session.send("Input.dispatchDragEvent", {"type": kind, **place, "data": data})
        if kind == "dragOver":
            expect(lens.page.locator(".dropping")).to_be_visible()
    session.detach()
    expect(lens.page.locator(".dropping")).to_have_count(0)


def test_the_code_moves_while_a_one_is_drawn_and_lands_among_ones(lens, codes, mnist):
    places = draw_one(lens)
    assert len(set(places)) == len(places)
    lens.eventually(lambda: encoded(lens))
    assert (nearest_labels(lens, codes, mnist.test_labels) == 1).sum() >= 4
    assert "z=" in lens.eventually(lambda: lens.page.url if "z=" in lens.page.url else "")


def test_a_drawing_stays_for_the_next_model(lens):
    draw_one(lens)
    lens.eventually(lambda: encoded(lens))
    image = seen(lens)
    expected = aemodels.load("ae-2").encode(image[None])[0]
    choose_model(lens, "Autoencoder · 2 latents")
    lens.eventually(lambda: np.abs(lens.z() - expected).max() < 0.05 * np.abs(expected).max(), 20)
    assert (seen(lens) == image).all()
    choose_model(lens, "VAE · 2 latents")
    lens.eventually(lambda: encoded(lens), 20)


def test_undo_and_clear(lens):
    lens.drag(square(lens), *ONE)
    lens.release()
    first, shown = lens.eventually(lambda: encoded(lens)) and lens.z(), ink(lens)
    lens.drag(square(lens), (0.2, 0.8), (0.8, 0.8))
    lens.release()
    lens.eventually(lambda: (lens.z() != first).any() and encoded(lens))
    both = lens.z()
    lens.page.get_by_role("button", name="Undo").click()
    lens.eventually(lambda: np.abs(lens.z() - first).max() < 1e-6)
    assert ink(lens) == shown
    lens.drag(square(lens), (0.2, 0.8), (0.8, 0.8))
    lens.release()
    lens.eventually(lambda: np.abs(lens.z() - both).max() < 1e-6)
    lens.page.keyboard.press("Control+Z")
    lens.eventually(lambda: np.abs(lens.z() - first).max() < 1e-6)
    # An empty square is no input: the last drawing stays one.
    lens.page.keyboard.press("Delete")
    lens.eventually(lambda: ink(lens) == 0)
    expect(lens.page.locator(".seen p")).to_have_text(
        "Nothing is drawn. The last drawing is still the input."
    )
    assert (lens.z() == first).all()
    lens.page.keyboard.press("Control+Z")
    lens.eventually(lambda: ink(lens) == shown)


def test_keys_draw(lens, codes, mnist):
    square(lens).focus()
    keys = lens.page.keyboard
    for key in ("Space", *["ArrowDown"] * 14, "Shift+ArrowLeft", "Space", "ArrowRight"):
        keys.press(key)
    lens.eventually(lambda: encoded(lens))
    assert (nearest_labels(lens, codes, mnist.test_labels) == 1).sum() >= 4
    z = lens.z()
    keys.press("ArrowRight")
    lens.next_frame()
    assert (lens.z() == z).all(), "a pen that is lifted draws"


def test_dark_on_light_and_light_on_dark_are_one_input(lens):
    """A pasted PNG, whatever its colours and size, is prepared as `aemodels` does."""
    found = []
    for sheet in (
        picture_of_seven(),
        picture_of_seven(0, 255),
        picture_of_seven(90, 220),
        picture_of_seven().convert("1"),
    ):
        square(lens).focus()
        paste(lens, saved(sheet, "PNG"))
        expected = prepare(np.asarray(sheet.convert("L"))) * 255
        lens.eventually(lambda e=expected: np.abs(seen(lens) - e).max() <= 1)
        found.append(seen(lens))
        lens.page.get_by_role("button", name="Clear").click()
    assert (np.stack(found[1:]) == found[0]).all()


def test_a_dropped_jpeg_is_an_input_that_can_be_drawn_on(lens, codes, mnist, tmp_path):
    path = tmp_path / "seven.jpg"
    path.write_bytes(saved(picture_of_seven(245, 30, 1800).convert("RGB"), "JPEG"))
    drop(lens, path)
    expected = prepare(np.asarray(picture_of_seven(size=1120))) * 255
    lens.eventually(lambda: np.abs(seen(lens) - expected).mean() < 3)
    lens.eventually(lambda: encoded(lens))
    assert (nearest_labels(lens, codes, mnist.test_labels) == 7).sum() >= 3
    before = ink(lens)
    lens.drag(square(lens), (0.3, 0.5), (0.7, 0.5))
    lens.release()
    lens.eventually(lambda: ink(lens) > before)


def test_what_is_no_picture_is_a_sentence_and_changes_nothing(lens, tmp_path):
    draw_one(lens)
    before, drawn = lens.z(), ink(lens)
    files = {
        "notes.txt": (b"not a picture", "isn't a picture"),
        "cut.png": (saved(picture_of_seven(), "PNG")[:20], "isn't a picture"),
        "huge.png": (saved(Image.new("1", (8000, 6250), 1), "PNG"), "50 megapixels"),
        "blank.png": (saved(Image.new("RGB", (40, 60), "#fed"), "PNG"), "is blank"),
    }
    for name, (content, words) in files.items():
        open_file(lens, name, content)
        lens.eventually(lambda w=words: w in complaint(lens), 20)
        lens.next_frame()
        assert (lens.z() == before).all(), name
        assert ink(lens) == drawn, name
    lens.page.evaluate("navigator.clipboard.writeText('some words')")
    lens.page.keyboard.press("Control+V")
    lens.eventually(lambda: "no picture" in complaint(lens))
    # A file that is all right after all.
    open_file(lens, "seven.png", saved(picture_of_seven(), "PNG"))
    expect(lens.page.locator(".complaint")).to_be_hidden()
    moved(lens, before)


def test_z_of_ones_own_fades_the_input_and_escape_brings_it_back(lens):
    draw_one(lens)
    lens.eventually(lambda: encoded(lens))
    before = lens.z()
    note = lens.page.get_by_text("This z comes from you, not from an input.")
    for back in ("Escape", "button"):
        lens.drag(lens.map(), (0.5, 0.5), (0.3, 0.3))
        lens.release()
        expect(note).to_be_visible()
        assert (lens.z() != before).any()
        if back == "Escape":
            lens.page.keyboard.press("Escape")
        else:
            lens.page.get_by_role("button", name="Back to the input").click()
        lens.eventually(lambda: np.abs(lens.z() - before).max() < 1e-6)
        expect(note).to_be_hidden()


def test_test_digits_are_an_input_again(lens, codes):
    draw_one(lens)
    lens.page.get_by_role("button", name="Test digit", exact=True).click()
    lens.eventually(lambda: np.abs(codes("vae-2") - lens.z()).max(1).min() < 1e-6)
    seen_digits = set()
    for name in ("Next digit", "Any digit", "Any digit"):
        before = lens.z()
        lens.page.get_by_role("button", name=name).click()
        moved(lens, before)
        gaps = lens.eventually(
            lambda: g if (g := np.abs(codes("vae-2") - lens.z()).max(1)).min() < 1e-6 else None
        )
        digit = int(gaps.argmin())
        seen_digits.add(digit)
        expect(lens.page.locator(".input-name")).to_contain_text(f"test digit {digit}")
        lens.eventually(lambda d=digit: f"digit={d}" in lens.page.url)
    assert len(seen_digits) == 3


def test_a_drawing_is_an_end_of_an_interpolation(opened):
    lens = opened.open("/interpolate", 90)
    page, picture = lens.page, lens.page.locator("[data-end=a] canvas")
    page.get_by_role("button", name="Draw A").click()
    page.get_by_role("button", name="Use it").click()
    assert complaint(lens) == "Nothing is drawn."
    draw_stroke(lens)
    page.get_by_role("button", name="Use it").click()
    expect(picture).to_have_attribute("aria-label", "A: a drawing")
    image = pixels(picture)
    lens.slider("t").focus()
    page.keyboard.press("Home")
    for latents in (16, 2):
        # For other models the drawing stays.
        page.get_by_role("radio", name=f"{latents} latents").or_(
            page.get_by_role("button", name=f"{latents} latents")
        ).first.click()
        for family, title in (("vae", "VAE, straight line"), ("pca", "PCA, straight line")):
            expected = aemodels.load(f"{family}-{latents}").reconstruct(image[None])[0]
            expected = 255 * expected.reshape(28, 28).clip(0, 1)
            canvas = page.get_by_role("img", name=f"decoded digit, {title}", exact=True)
            lens.eventually(lambda e=expected, c=canvas: np.abs(pixels(c) - e).max() < 5, 20)
        assert (pixels(picture) == image).all()
    expect(page).to_have_title("Interpolate a drawing to 8 · Latent Lab")
    page.get_by_role("button", name="Swap").click()
    expect(page.locator("[data-end=b] canvas")).to_have_attribute("aria-label", "B: a drawing")
    # What is pasted becomes A or B, whichever a click on a map would set.
    page.get_by_role("button", name="A", exact=True).click()
    paste(lens, saved(picture_of_seven(), "PNG"))
    expect(page.get_by_role("dialog", name="Draw A")).to_be_visible()
    page.get_by_role("button", name="Use it").click()
    expect(page).to_have_title("Interpolate a drawing to a drawing · Latent Lab")
