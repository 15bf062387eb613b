"""Explore: a slider, the map and the keys move one code, and the digit follows before release."""

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Locator, expect
from sklearn.neighbors import KDTree

from aemodels import data
from aemodels.analysis import latent_space
from browser.lens import Lens, Place, cross, near, pixels, rgba
from tests.browser.conftest import Codes, Decode

STEPS = {"ArrowRight": [1, 0], "ArrowUp": [0, 1], "ArrowLeft": [-1, 0], "ArrowDown": [0, -1]}
MODELS = ["vae-2", "ae-2", "pca-2", "vae-16", "ae-16", "pca-16"]


@pytest.fixture
def explore(lens: Lens) -> Lens:
    return lens.open("/")


def open_model(lens: Lens, name: str) -> Lens:
    family, latents = name.split("-")
    return lens.open(f"/?model={family}&latents={latents}")


def drag_and_look(lens: Lens, target: Locator, places: list[Place]) -> set[bytes]:
    """Drag through the places, the button down; waits at each until the picture is a new one."""
    seen = {lens.picture().tobytes()}
    lens.drag(target, places[0])
    for place in places[1:]:
        lens.move(target, place)
        seen.add(lens.eventually(lambda: {lens.picture().tobytes()} - seen).pop())
    return seen


def chart_of(lens: Lens) -> np.ndarray:
    """The affine map (3, 2) from (x, y, 1), shares of the latent map's box, to the code there.

    Read off the page itself: three places are dragged to, and the sliders say which code each is.
    """
    places = [(0.3, 0.4), (0.7, 0.4), (0.5, 0.7)]
    codes = []
    lens.drag(lens.map(), (0.5, 0.5))
    for place in places:
        before = lens.z()
        lens.move(lens.map(), place)
        codes.append(changed(lens, before))
    lens.release()
    return np.linalg.solve(np.column_stack([places, np.ones(3)]), np.array(codes))


def changed(lens: Lens, before: np.ndarray) -> np.ndarray:
    """The code on show, once it is another one than `before`."""

    def look() -> np.ndarray | None:
        code = lens.z()
        return code if (code != before).any() else None

    return lens.eventually(look)


def place_of(chart: np.ndarray, code: np.ndarray) -> np.ndarray:
    """The share of the map's box where a code is."""
    return np.linalg.solve(chart[:2].T, (code - chart[2]).T).T


def test_lands_on_a_live_vae(explore, decode):
    assert explore.z().shape == (2,)
    agreed(explore, decode, "vae-2")
    assert explore.picture().max() > 127


def test_slider_draws_before_release(explore):
    places = [(share, 0.5) for share in np.linspace(0.15, 0.85, 9)]
    assert len(drag_and_look(explore, explore.slider("z1"), places)) == 9
    explore.release()


def test_map_draws_before_release_and_sliders_follow(explore):
    before = explore.z()
    places = [(share, 0.2 + 0.6 * share) for share in np.linspace(0.2, 0.8, 9)]
    assert len(drag_and_look(explore, explore.map(), places)) == 9
    assert (explore.z() != before).all()
    explore.release()


def test_a_second_drag_draws_too(explore):
    """After a release Python has answered and the page was drawn again: it must still be live."""
    for share in (0.3, 0.6):
        explore.drag(explore.map(), (0.5, 0.5), (share, share))
        explore.release()
        before = explore.page.url
        explore.eventually(lambda b=before: explore.page.url != b)
    places = [(share, 0.4) for share in np.linspace(0.2, 0.8, 5)]
    assert len(drag_and_look(explore, explore.map(), places)) == 5
    explore.release()


def test_arrow_keys_move_the_code(explore):
    explore.map().focus()
    for key, direction in STEPS.items():
        before = explore.z()
        for _ in range(3):
            picture = explore.picture()
            explore.page.keyboard.press(key)
            explore.eventually(lambda p=picture: (explore.picture() != p).any())
        assert np.sign(np.round(explore.z() - before, 5)).tolist() == direction


def test_slider_keys_draw(explore):
    before = explore.picture().tobytes()
    explore.slider("z2").focus()
    explore.page.keyboard.press("Home")
    explore.eventually(lambda: explore.picture().tobytes() != before)


def test_slider_map_and_picture_agree(explore, decode):
    chart = chart_of(explore)
    size = explore.box(explore.map())["width"]
    for share in (0.25, 0.5, 0.7):
        before = explore.z()
        explore.drag(explore.slider("z1"), (0.9, 0.5), (share, 0.5))
        explore.release()
        code = agreed(explore, decode, "vae-2", before)
        gap = np.array(cross(explore.map())) - place_of(chart, code)
        assert np.abs(gap * size).max() < 1.5, "the cross-hair is not where the sliders say"


@pytest.mark.parametrize("name", MODELS)
def test_picture_is_pytorch_s(lens, decode, name):
    open_model(lens, name)
    agreed(lens, decode, name)
    for place in [(0.2, 0.3), (0.8, 0.6)]:
        before = lens.z()
        lens.drag(lens.map(), (0.5, 0.5), place)
        lens.release()
        agreed(lens, decode, name, before)
    for _ in range(3):
        before = lens.z()
        lens.page.get_by_role("button", name="Random").click()
        agreed(lens, decode, name, before)


def agreed(lens: Lens, decode: Decode, name: str, before: np.ndarray | None = None) -> np.ndarray:
    """The code on show, once it is not `before` and the picture is within 1/255 of PyTorch's."""

    def look() -> np.ndarray | None:
        code = lens.z()
        if before is not None and (code == before).all():
            return None
        return code if near(lens.picture(), decode(name, code)) else None

    return lens.eventually(look)


def test_hovering_shows_the_digit_under_the_pointer(explore, codes, mnist):
    places = places_of_digits(explore, codes)
    for i in np.random.default_rng(0).choice(10_000, 12, replace=False):
        assert_tip(explore, places, places[i], np.arange(10_000), mnist)


def test_hovering_after_a_filter_shows_the_digit_under_the_pointer(explore, codes, mnist):
    places = places_of_digits(explore, codes)
    shown = explore.page.get_by_role("group", name="classes shown")
    shown.get_by_role("button", name="7", exact=True).click()
    sevens = np.flatnonzero(mnist.test_labels == 7)
    for i in np.random.default_rng(1).choice(sevens, 8, replace=False):
        assert_tip(explore, places, places[i], sevens, mnist)
    # A hidden point, far from any seven.
    gaps = KDTree(places[sevens]).query(places)[0][:, 0]
    explore.move_by(explore.map(), places[np.where(inside(explore, places), gaps, 0).argmax()])
    explore.eventually(lambda: not tip(explore).is_visible())


def test_hovering_on_a_zoomed_map_shows_the_digit_under_the_pointer(explore, codes, mnist):
    wide = places_of_digits(explore, codes)
    explore.page.get_by_role("button", name="zoom in").click()
    places = places_of_digits(explore, codes)
    assert np.ptp(places[:, 0]) > 1.3 * np.ptp(wide[:, 0])
    seen = np.flatnonzero(inside(explore, places))
    for i in np.random.default_rng(2).choice(seen, 6, replace=False):
        assert_tip(explore, places, places[i], np.arange(10_000), mnist)


def places_of_digits(lens: Lens, codes: Codes) -> np.ndarray:
    """Where the 10,000 test digits are on the map, (10000, 2) CSS pixels from its top left."""
    return place_of(chart_of(lens), codes("vae-2")) * lens.box(lens.map())["width"]


def inside(lens: Lens, places: np.ndarray) -> np.ndarray:
    """Which places are well within the map."""
    size = lens.box(lens.map())["width"]
    return np.all((places > 20) & (places < size - 20), axis=1)


def tip(lens: Lens) -> Locator:
    return lens.page.locator(".tip")


def assert_tip(
    lens: Lens, places: np.ndarray, pointer: np.ndarray, visible: np.ndarray, mnist: data.Dataset
) -> None:
    """The tip at `pointer` shows the nearest visible digit, within a pixel, as the data have it."""
    lens.move_by(lens.map(), pointer)
    distances = np.hypot(*(places - pointer).T)

    def words() -> str | None:
        if not tip(lens).is_visible():
            return None
        found = tip(lens).inner_text()
        number = int(found.split()[-1])
        return found if distances[number] <= distances[visible].min() + 1.5 else None

    found = lens.eventually(words)
    number = int(found.split()[-1])
    assert number in visible
    assert found.startswith(str(mnist.test_labels[number]))
    assert (pixels(tip(lens).locator("canvas")) == mnist.test_images[number]).all()


def test_click_jumps_to_the_code(explore, codes):
    places = places_of_digits(explore, codes)
    # Lonely points, so that a pixel more or less does not matter.
    gaps = KDTree(places).query(places, k=2)[0][:, 1]
    for i in np.argsort(np.where(inside(explore, places), gaps, 0))[-3:]:
        explore.move_by(explore.map(), places[i])
        explore.page.mouse.down()
        explore.release()
        explore.eventually(lambda i=i: np.abs(explore.z() - codes("vae-2")[i]).max() < 1e-6)


def test_buttons(explore, codes, decode):
    page = explore.page
    page.get_by_role("button", name="Centre").click()
    explore.eventually(lambda: np.abs(explore.z()).max() == 0)
    page.get_by_role("button", name="Random").click()
    explore.eventually(lambda: np.abs(explore.z()).min() > 0)
    seen: set[int] = set()
    for _ in range(3):
        # It glides there.
        page.get_by_role("button", name="Next digit").click()
        seen.add(explore.eventually(lambda: new_digit(explore, codes, seen)))
        agreed(explore, decode, "vae-2")
    assert len(seen) == 3


def new_digit(lens: Lens, codes: Codes, seen: set[int]) -> int | None:
    """The test digit whose code is on show, once it is a new one."""
    gaps = np.abs(codes("vae-2") - lens.z()).max(1)
    found = int(gaps.argmin())
    return found if gaps.min() < 1e-6 and found not in seen else None


@pytest.mark.parametrize("name", ["vae-2", "ae-2"])
def test_manifold_is_a_grid_of_decoded_digits(lens, codes, decode, name):
    open_model(lens, name)
    lens.page.get_by_role("button", name="Manifold").click()
    family = name.split("-")[0]
    # Only a VAE's ranges need log σ², and for 2 latents the grid does not depend on it.
    log_var = np.zeros_like(codes(name)) if family == "vae" else None
    grid = latent_space.grid(latent_space.describe(codes(name), log_var, family), 20, family)
    digits = [[decode(name, code) for code in row] for row in grid]
    expected = np.block(digits)

    def alike() -> bool:
        ground = Image.fromarray(rgba(lens.map().locator("canvas").first)[..., 0])
        shown = ground.resize(expected.shape, Image.Resampling.BOX)
        return np.corrcoef(np.asarray(shown).ravel(), expected.ravel())[0, 1] > 0.9

    lens.eventually(alike)
    # The digit in the middle of a cell is the one that a drag there decodes.
    lens.drag(lens.map(), (0.5, 0.5), (0.225, 0.725))
    lens.release()
    assert np.abs(agreed(lens, decode, name) - grid[14, 4]).max() < 0.05 * np.abs(grid).max()
    lens.page.get_by_role("button", name="Points").click()
    lens.eventually(lambda: not alike())


def test_a_collapsed_vae_says_so_and_no_other_does(lens: Lens) -> None:
    hint = lens.open("/?model=beta-2d-30").page.locator(".hint.place")
    expect(hint).to_contain_text("Both latents are inactive")
    # Its codes are on both sides of 0, and none of them is written as −0.00.
    assert set(lens.page.locator(".sliders .value").all_inner_texts()) == {"0.00"}
    hint = lens.open("/?model=vae-2").page.locator(".hint.place")
    expect(hint).to_contain_text("Means μ")
    expect(hint).not_to_contain_text("inactive")
