"""Explore below its squares: traversals, pins and their arithmetic, files to take home."""

import zipfile
from collections.abc import Iterator
from functools import partial
from itertools import groupby
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageSequence
from playwright.sync_api import Browser, Locator, expect

from aemodels import data
from aemodels.analysis import latent_space
from aemodels.bundles import bundle, zoo
from aemodels.bundles.load import load
from aemodels.reader.network import load as load_reader
from aemodels.runs import archive
from browser.lens import Lens, near, pixels, query, rgba
from tests.browser.conftest import Decode, one_tab
from tests.browser.test_interpolate import holds, saved

NAME = "vae-16"
FRAMES = 11


@pytest.fixture(scope="module")
def explore(app: str, browser: Browser) -> Iterator[Lens]:
    """One tab with the VAE of 16 latents, for all of these tests."""
    with one_tab(browser, app, reduced_motion="reduce") as tab:
        yield tab.open("/?model=vae&latents=16")


def row(lens: Lens, latent: int) -> Locator:
    name = f"z{latent + 1}"
    return lens.page.locator(".traversal").filter(has=lens.page.get_by_text(name, exact=True))


def strip(lens: Lens, latent: int) -> list[np.ndarray]:
    """The frames (28, 28) of a row, as they are on the screen."""
    return np.split(rgba(row(lens, latent).locator("canvas"))[..., 0], FRAMES, axis=1)


def moved_to(lens: Lens, z: np.ndarray) -> None:
    """Wait until z is there, on the sliders."""
    lens.eventually(lambda: np.allclose(lens.z(), z, atol=1e-5))


def differs(lens: Lens, before: np.ndarray) -> bool:
    return bool((lens.picture() != before).any())


def space(name: str) -> latent_space.LatentSpace:
    found = bundle.read(zoo.folder() / name)
    return latent_space.describe(*found.codes(), found.family)


def most_informative() -> list[int]:
    """The first eight latents."""
    order: list[int] = space(NAME).order.tolist()
    return order[:8]


def test_a_frame_of_a_traversal_sets_one_latent(explore: Lens, decode: Decode) -> None:
    # A 2, from which several latents lead to other digits.
    explore.page.get_by_role("button", name="Next digit").click()
    explore.page.get_by_text("Traversals: what each latent changes").click()
    latents = most_informative()
    expect(explore.page.locator(".traversal .name b")).to_have_text([f"z{k + 1}" for k in latents])
    along = np.linspace(-3, 3, FRAMES)

    def shows(latent: int) -> bool:
        codes = np.tile(explore.z(), (FRAMES, 1))
        codes[:, latent] = along
        frames = zip(strip(explore, latent), codes, strict=True)
        return all(near(frame, decode(NAME, z)) for frame, z in frames)

    for latent in latents:
        explore.eventually(partial(shows, latent))
    tells_what_the_reader_sees(explore, decode, latents)
    before, latent = explore.z(), latents[1]
    frame = row(explore, latent).get_by_role("button").nth(9)
    frame.click()
    after = before.copy()
    after[latent] = along[9]
    moved_to(explore, after)
    assert (np.delete(explore.z(), latent) == np.delete(before, latent)).all()
    expect(row(explore, latent).locator("[aria-current]")).to_have_count(1)
    expect(frame).to_have_attribute("aria-current", "true")
    explore.eventually(lambda: near(explore.picture(), decode(NAME, after)))
    # The others follow z; and keys do the same.
    for other in latents:
        explore.eventually(partial(shows, other))
    row(explore, latents[0]).locator("[aria-current]").focus()
    explore.page.keyboard.press("Home")
    explore.page.keyboard.press("Enter")
    after[latents[0]] = -3
    moved_to(explore, after)


def test_the_picture_and_the_film_are_what_was_decoded(
    explore: Lens, decode: Decode, tmp_path: Path
) -> None:
    for _ in range(3):
        before = explore.picture()
        explore.page.get_by_role("button", name="Random").click()
        explore.eventually(partial(differs, explore, before))
        # Moves within one frame of the film are one.
        explore.page.wait_for_timeout(100)
    z = explore.z()
    picture = np.asarray(Image.open(saved(explore, "Picture (PNG)", tmp_path)))
    assert picture.shape == (448, 448)
    assert near(picture[8::16, 8::16], decode(NAME, z))
    film = Image.open(saved(explore, "Film (GIF)", tmp_path))
    frames = [np.asarray(frame.convert("L"), float) for frame in ImageSequence.Iterator(film)]
    # There and back: in the middle is where z is now.
    assert len(frames) >= 6
    assert near(frames[len(frames) // 2][4::8, 4::8], decode(NAME, z))
    rows = Image.open(saved(explore, "Film of these rows (GIF)", tmp_path))
    first = np.asarray(rows.convert("L"), float)
    for latent in most_informative():
        assert holds(first, decode(NAME, np.where(np.arange(16) == latent, -3, z)))


def test_the_codes_are_the_bundle_s(explore: Lens, mnist: data.Dataset, tmp_path: Path) -> None:
    mean, log_var = bundle.read(zoo.folder() / NAME).codes()
    assert log_var is not None
    file = saved(explore, "Codes (CSV)", tmp_path)
    table = np.genfromtxt(file, delimiter=",", names=True, dtype=None, encoding="utf-8")
    columns = [[f"{name}{k + 1}" for k in range(16)] for name in ("z", "sigma")]
    assert list(table.dtype.names or ()) == ["index", "label", "split", *columns[0], *columns[1]]
    read, sigma = (np.stack([table[name] for name in names], 1) for names in columns)
    assert (read.astype(np.float32) == mean).all()
    assert np.abs(sigma / np.exp(log_var.astype(float) / 2) - 1).max() < 1e-6
    assert (table["index"] == np.arange(10_000)).all()
    assert (table["label"] == mnist.test_labels).all()
    assert set(table["split"]) == {"test"}


def test_the_model_runs_as_its_readme_says(
    explore: Lens, mnist: data.Dataset, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with zipfile.ZipFile(saved(explore, "Model (ONNX)", tmp_path)) as packed:
        packed.extractall(tmp_path)
    monkeypatch.chdir(tmp_path / NAME)
    readme = Path("README.txt").read_text("utf-8")
    lines = [line.strip() for line in readme.splitlines() if line.startswith("    ")]
    assert lines[0] == "pip install numpy onnxruntime"
    program = "\n".join(lines[1:])
    model = load(zoo.folder() / NAME)
    images = mnist.test_images[:50].reshape(50, 784).astype(np.float32) / 255
    for given, words in ((np.zeros((1, 784), np.float32), ""), (images, "digits")):
        found: dict[str, np.ndarray] = {"digits": images}
        exec(program.replace("np.zeros((1, 784), np.float32)", words) if words else program, found)
        assert np.abs(found["codes"] - model.encode(given)).max() < 1e-4
        assert np.abs(found["images"] - model.decode(found["codes"])).max() < 1e-4
    # Train of another installation loads it.
    monkeypatch.setenv("LATENT_LAB_HOME", str(tmp_path / "home"))
    run = archive.unpack((tmp_path / f"latent-lab-{NAME}.zip").read_bytes(), "mine.zip")
    assert run.bundle_path is not None
    again = load(run.bundle_path)
    assert (again.encode(images) == model.encode(images)).all()


def tells_what_the_reader_sees(explore: Lens, decode: Decode, latents: list[int]) -> None:
    """The classes along each row, as PyTorch reads them in order."""
    reading, changing = load_reader(), 0
    for latent in latents:
        codes = np.tile(explore.z(), (FRAMES, 1))
        codes[:, latent] = np.linspace(-3, 3, FRAMES)
        images = np.array([decode(NAME, z) / 255 for z in codes], np.float32).reshape(FRAMES, 784)
        read = reading.read(images)
        legible = read.argmax(1)[read.max(1) >= 0.9]
        turns = [str(label) for label, _ in groupby(legible)]
        assert turns, "no frame of this row can be read"
        changing += len(turns) > 1
        count = f"{FRAMES - len(legible)} of 11 not legible" if len(legible) < FRAMES else ""
        if len(turns) > 1:
            words = " → ".join(turns) + " changes the class" + (f"; {count}" if count else "")
        else:
            rest = f"where it is legible; {count}" if count else "changes only the style"
            words = f"stays {'an' if turns == ['8'] else 'a'} {turns[0]} {rest}"
        expect(row(explore, latent).locator(".story")).to_have_text(words)
    assert changing > 1
    expect(explore.page.locator(".traversals .summary")).to_contain_text(
        f"{changing} of these 8 latents change the class"
    )


def test_pins_are_added_and_subtracted_as_vectors(explore: Lens, decode: Decode) -> None:
    page = explore.page
    kept = [explore.z()]
    page.keyboard.press("p")
    for way in ("Next digit", "Random"):
        page.get_by_role("button", name=way).click()
        explore.eventually(lambda: (explore.z() != kept[-1]).any())
        kept.append(explore.z())
        page.get_by_role("button", name="Pin z").click()
    slots = page.locator(".slot")

    def pinned(k: int) -> bool:
        return near(pixels(slots.nth(k).locator("canvas")), decode(NAME, kept[k]))

    for k in range(3):
        explore.eventually(partial(pinned, k))
    expect(page.locator(".sum figcaption")).to_have_text("A − B + C")
    page.get_by_role("button", name="Show", exact=True).click()
    total = kept[0] - kept[1] + kept[2]
    moved_to(explore, total)
    assert np.abs(explore.z() - total).max() < 5e-4
    explore.eventually(lambda: near(explore.picture(), decode(NAME, total)))
    assert near(pixels(page.locator(".sum canvas")), decode(NAME, total))
    # A click on a pin returns to it; the terms can be chosen.
    page.get_by_role("button", name="back to pin B").click()
    moved_to(explore, kept[1])
    page.get_by_label("pin to subtract").select_option("C")
    page.get_by_label("pin to add").select_option("B")
    explore.eventually(
        lambda: near(pixels(page.locator(".sum canvas")), decode(NAME, kept[0] - kept[2] + kept[1]))
    )
    page.get_by_role("button", name="remove pin B").click()
    expect(page.get_by_label("pin to start from").get_by_role("option")).to_have_text(["A", "C"])
    assert "pins" not in query(page.url), "16 numbers a pin are too many for an address"
    # A reload keeps them.
    page.reload()
    explore.ready()
    expect(page.locator(".slot:not(.empty) b")).to_have_text(["A", "C"])


def test_short_pins_are_in_the_address(explore: Lens) -> None:
    page = explore.page
    filled = page.locator(".slot:not(.empty) b")
    explore.open("/?pins=0,0;;1.5,-1")
    expect(filled).to_have_text(["A", "C"])
    # A click on its disc on the map returns to a pin.
    frame = space("vae-2")
    low, high = frame.mean + frame.plane_low, frame.mean + frame.plane_high
    across, up = (np.array([1.5, -1]) - low) / (high - low)
    explore.drag(explore.map(), (across + 0.01, 1 - up - 0.01))
    explore.release()
    moved_to(explore, np.array([1.5, -1]))
    page.get_by_role("button", name="Centre").click()
    moved_to(explore, np.zeros(2))
    explore.slider("z1").press("End")
    page.keyboard.press("p")
    z = ",".join(f"{round(float(value), 3) + 0.0:.9g}" for value in explore.z())
    explore.eventually(lambda: query(page.url).get("pins") == f"0,0;{z};1.5,-1")
