"""Interpolate: ends are the codes of A and B, the same address gives the same film, files open."""

import io
import itertools
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageSequence
from playwright.sync_api import Locator

from aemodels.analysis import latent_space
from browser.lens import Lens, near, query, rgba

WAYS = {
    "VAE, straight line": ("vae", latent_space.lerp),
    "VAE, spherical": ("vae", latent_space.slerp),
    "Autoencoder, straight line": ("ae", latent_space.lerp),
    "PCA, straight line": ("pca", latent_space.lerp),
}
FADE = "Pixel cross-fade"


def strip(lens: Lens, way: str) -> np.ndarray:
    """The eleven frames of a row, (11, 28, 28)."""
    canvas = lens.page.get_by_role("img", name=f"strip of 11 frames, {way}", exact=True)
    return rgba(canvas)[..., 0].reshape(28, 11, 28).swapaxes(0, 1)


@pytest.mark.parametrize("latents", [2, 16])
def test_rows_are_pytorch_s(lens, codes, decode, mnist, latents):
    a, b = 5, 17
    lens.open(f"/interpolate?latents={latents}&a={a}&b={b}&t=0.3")
    for t, key in [(0.3, ""), (0.0, "Home"), (1.0, "End")]:
        if key:
            lens.slider("t").press(key)
        for way, (family, between) in WAYS.items():
            name = f"{family}-{latents}"
            expected = decode(name, between(codes(name)[a], codes(name)[b], t))
            lens.eventually(lambda w=way, e=expected: near(lens.picture(w), e))
        fade = (1 - t) * mnist.test_images[a] + t * mnist.test_images[b]
        lens.eventually(lambda e=fade: near(lens.picture(FADE), e))
    for way, (family, between) in WAYS.items():
        name = f"{family}-{latents}"
        path = between(codes(name)[a], codes(name)[b], np.linspace(0, 1, 11))
        expected = np.array([decode(name, code) for code in path])
        lens.eventually(lambda w=way, e=expected: near(strip(lens, w), e))


def test_scrubbing_draws_before_release(lens):
    lens.open("/interpolate")
    slider = lens.slider("t")
    lens.drag(slider, (0.5, 0.5))
    seen = {lens.picture("VAE, spherical").tobytes()}
    for share in np.linspace(0.05, 0.95, 8):
        lens.move(slider, (share, 0.5))
        seen |= lens.eventually(lambda s=seen: {lens.picture("VAE, spherical").tobytes()} - s)
    assert len(seen) == 9
    lens.release()


def test_the_same_address_gives_the_same_film(new_lens):
    address = "/interpolate?latents=16&a=3&b=8&t=0.37"
    films = []
    for _ in range(2):
        lens = new_lens().open(address)
        seen = [np.zeros(0)]

        def still(lens: Lens = lens, seen: list[np.ndarray] = seen) -> np.ndarray | None:
            rows = [*WAYS, FADE]
            now = np.array([[*strip(lens, way), lens.picture(way)] for way in rows])
            done = now.any((2, 3)).all() and np.array_equal(now, seen[-1])
            seen.append(now)
            return now if done else None

        films.append(lens.eventually(still))
    assert (films[0] == films[1]).all()


def test_play_and_pause(lens):
    lens.open("/interpolate?t=0")
    lens.page.get_by_role("button", name="Play").click()
    seen: set[bytes] = set()
    values: set[float] = set()

    def moving() -> bool:
        seen.add(lens.picture("VAE, straight line").tobytes())
        values.add(lens.value("t"))
        return len(seen) > 8 and len(values) > 8

    lens.eventually(moving)
    lens.page.get_by_role("button", name="Pause").click()
    lens.page.get_by_role("button", name="Play").wait_for()
    t = lens.value("t")
    # The address follows a pause, so it says when all has come to rest.
    lens.eventually(lambda: abs(float(query(lens.page.url).get("t", "0.5")) - t) < 0.001)
    assert lens.value("t") == pytest.approx(t, abs=0.001)


def test_ends_by_class_and_by_chance(lens, mnist):
    lens.open("/interpolate?a=1&b=2")
    lens.page.get_by_label("class of A").select_option("7")
    a = lens.eventually(lambda: int(query(lens.page.url)["a"]) != 1 and query(lens.page.url)["a"])
    assert mnist.test_labels[int(a)] == 7
    assert (end(lens, "A") == mnist.test_images[int(a)]).all()
    lens.page.get_by_role("button", name="Another").last.click()
    b = lens.eventually(lambda: int(query(lens.page.url)["b"]) != 2 and query(lens.page.url)["b"])
    assert (end(lens, "B") == mnist.test_images[int(b)]).all()


def end(lens: Lens, name: str) -> np.ndarray:
    return rgba(lens.page.locator(f'[aria-label^="{name}: a"]'))[..., 0]


def test_ends_by_a_click_on_the_map(lens, mnist):
    lens.open("/interpolate?a=1&b=2")
    click(lens, lens.map("VAE"), (0.45, 0.5))
    lens.eventually(lambda: query(lens.page.url)["a"] != "1")
    click(lens, lens.map("VAE"), (0.55, 0.45))
    lens.eventually(lambda: query(lens.page.url)["b"] != "2")
    for name in "ab":
        number = int(query(lens.page.url)[name])
        assert (end(lens, name.upper()) == mnist.test_images[number]).all()


def click(lens: Lens, target: Locator, place: tuple[float, float]) -> None:
    lens.move(target, place)
    lens.page.mouse.down()
    lens.release()


def test_gif_is_the_film(lens, codes, decode, tmp_path):
    lens.open("/interpolate?latents=2&a=5&b=17&t=0.5")
    film = Image.open(saved(lens, "Download GIF", tmp_path))
    assert film.format == "GIF"
    frames = [np.asarray(frame.convert("L"), float) for frame in ImageSequence.Iterator(film)]
    assert len(frames) >= 11
    assert all((one != other).any() for one, other in itertools.pairwise(frames))
    assert holds(frames[0], decode("vae-2", codes("vae-2")[5]))
    assert any(holds(frame, decode("vae-2", codes("vae-2")[17])) for frame in frames)


def test_png_holds_the_strips(lens, tmp_path):
    lens.open("/interpolate?latents=2&a=5&b=17&t=0.5")
    lens.eventually(lambda: strip(lens, FADE).any((1, 2)).all())
    sheet = np.asarray(Image.open(saved(lens, "Download PNG", tmp_path)).convert("L"), float)
    for way in [*WAYS, FADE]:
        for frame in strip(lens, way)[[0, 10]]:
            assert holds(sheet, frame.astype(float)), way


def saved(lens: Lens, button: str, folder: Path) -> io.BytesIO:
    """Press a download button and read the file that the browser saves."""
    with lens.page.expect_download() as download:
        lens.page.get_by_role("button", name=button).click()
    path = folder / download.value.suggested_filename
    download.value.save_as(path)
    return io.BytesIO(path.read_bytes())


def holds(sheet: np.ndarray, digit: np.ndarray) -> bool:
    """Whether a 28x28 picture, enlarged by 1 to 6, is somewhere in the sheet, within 2 levels."""
    for zoom in range(1, 7):
        large = digit.repeat(zoom, 0).repeat(zoom, 1)
        height, width = sheet.shape[0] - len(large) + 1, sheet.shape[1] - len(large) + 1
        if min(height, width) < 1:
            return False
        found = np.ones((height, width), bool)
        # A few pixels decide for nearly all places; only what is left is compared whole.
        for y, x in itertools.product(range(zoom, len(large), 5 * zoom), repeat=2):
            found &= np.abs(sheet[y : y + height, x : x + width] - large[y, x]) <= 2
        for y, x in np.argwhere(found):
            if np.abs(sheet[y : y + len(large), x : x + len(large)] - large).max() <= 2:
                return True
    return False
