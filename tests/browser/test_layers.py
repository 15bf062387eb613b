"""Holes, pictures instead of points, and the trail, on Explore's map; holes on Compare's."""

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Browser, Locator, expect

from aemodels import data, reader
from aemodels.analysis import latent_space, legibility
from aemodels.bundles import bundle, zoo
from aemodels.bundles.load import load
from browser.lens import Lens, query, rgba
from tests.browser.conftest import Codes, one_tab

SIDE = 40  # cells along each edge
DRAWS = 1000
THEMES = tomllib.loads((Path(__file__).parents[2] / ".streamlit" / "config.toml").read_text())
FAMILIES = {"pca": "PCA", "ae": "Autoencoder", "vae": "VAE"}


@pytest.fixture(scope="module")
def tab(app: str, browser: Browser) -> Iterator[Lens]:
    with one_tab(browser, app) as tab:
        yield tab


def colours(scheme: str) -> np.ndarray:
    """The colours of the ten classes, (10, 3)."""
    found = THEMES["theme"][scheme]["chartCategoricalColors"]
    return np.array([[int(one[k : k + 2], 16) for k in (1, 3, 5)] for one in found])


def frame_of(name: str) -> np.ndarray:
    """The part of the plane that a map shows at first: low and high across, then up."""
    codes, log_var = bundle.read(zoo.folder() / name).codes()
    space = latent_space.describe(codes, log_var, name.split("-")[0])
    centre = space.plane @ space.mean
    return np.column_stack([centre + space.plane_low, centre + space.plane_high]).ravel()


def read_cells(name: str, frame: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """What the map shows, once the address has it and it is at most this share of all."""
    middles = (np.arange(SIDE) + 0.5) / SIDE
    u = frame[0] + middles * (frame[1] - frame[0])
    v = frame[3] - middles * (frame[3] - frame[2])
    codes, log_var = bundle.read(zoo.folder() / name).codes()
    plane = latent_space.describe(codes, log_var, name.split("-")[0]).plane
    places = np.stack(np.meshgrid(u, v), -1).reshape(-1, 2)
    read = reader.load().read(load(zoo.folder() / name).decode((places @ plane).astype(np.float32)))
    return read.argmax(1).reshape(SIDE, SIDE), read.max(1).reshape(SIDE, SIDE)


def whole(lens: Lens, title: str = "") -> np.ndarray:
    """The cells (40, 40, 4) of a map, once all are read."""
    cells = lens.map(title).locator(".holes[data-whole]")
    cells.wait_for(state="attached", timeout=60_000)
    return rgba(cells)


def assert_cells(cells: np.ndarray, name: str, frame: np.ndarray, scheme: str = "light") -> None:
    """Each cell has the colour of the class that is read there, the stronger the surer."""
    labels, confidence = read_cells(name, frame)
    opacity = 255 * ((confidence - 0.1) / 0.9).clip(0) ** 2
    # The frame in the address is rounded, and so are decoded pictures.
    alike = np.abs(cells[..., 3] - opacity) < 12
    assert alike.mean() > 0.97
    strong = alike & (opacity > 100)
    gaps = np.abs(cells[strong][:, :3].astype(int) - colours(scheme)[labels[strong]]).max(1)
    assert (gaps < 6).mean() > 0.98
    assert strong.mean() > 0.2


def frame_in_view(tab: Lens, share: float) -> np.ndarray | None:
    """The part that the map shows, once the address has it and it is so small a share of all."""
    found = query(tab.page.url).get("frame")
    if found is None:
        return None
    frame = np.array([float(one) for one in found.split(",")])
    return frame if np.ptp(frame[:2]) <= share * np.ptp(frame_of("vae-2")[:2]) else None


def test_explore(tab: Lens, codes: Codes, mnist: data.Dataset) -> None:
    tab.open("/", 90)
    holes_are_what_the_reader_sees(tab)
    the_figure_is_that_of_the_same_draws(tab)
    points_become_pictures(tab, codes("vae-2"), mnist)
    the_trail_shows_where_z_has_been(tab)


def holes_are_what_the_reader_sees(tab: Lens) -> None:
    tab.page.get_by_role("button", name="Holes").click()
    frame = frame_of("vae-2")
    assert_cells(whole(tab), "vae-2", frame)
    box, cells = tab.box(tab.map()), tab.box(tab.map().locator(".holes"))
    assert cells == box
    expect(tab.page.locator(".place")).to_contain_text("the class that a classifier reads")
    tab.eventually(lambda: query(tab.page.url).get("layer") == "holes")
    # A theme recolours what was read.
    tab.page.emulate_media(color_scheme="dark")
    tab.eventually(lambda: _ink(tab, frame, "dark"))
    tab.page.emulate_media(color_scheme="light")
    tab.eventually(lambda: _ink(tab, frame, "light"))
    # Zooming reads that part anew.
    for _ in range(2):
        tab.page.get_by_role("button", name="zoom in").click()
    zoomed = tab.eventually(lambda: frame_in_view(tab, 0.37), 20)
    assert_cells(whole(tab), "vae-2", zoomed)
    tab.page.get_by_role("button", name="reset zoom").click()


def _ink(tab: Lens, frame: np.ndarray, scheme: str) -> bool:
    """Whether the cells that the reader is surest of have the colours of a theme."""
    labels, confidence = read_cells("vae-2", frame)
    sure = confidence > 0.97
    shown = rgba(tab.map().locator(".holes"))[sure][:, :3].astype(int)
    return bool((np.abs(shown - colours(scheme)[labels[sure]]).max(1) < 6).mean() > 0.95)


def the_figure_is_that_of_the_same_draws(tab: Lens) -> None:
    shown = figure(tab, tab.page.locator(".legible"))
    model, reads = load(zoo.folder() / "vae-2"), reader.load()
    read = reads.read(model.decode(normals(2)))
    assert abs(shown - int((read.max(1) >= reader.LEGIBLE).sum())) <= 2
    # Other draws are about as legible.
    share = legibility.legible_share(model, bundle.read(zoo.folder() / "vae-2").codes()[0], reads)
    error = np.sqrt(2 * share * (1 - share) / DRAWS)
    assert abs(shown / DRAWS - share) < 3 * error


def figure(tab: Lens, sentence: Locator) -> int:
    """How many of 1,000 draws can be read, as the page says once it has counted them."""
    tab.eventually(lambda: "…" not in sentence.inner_text() and sentence.inner_text(), 60)
    share, _, words = sentence.inner_text().partition(" %")
    assert words.startswith(" of 1,000 codes drawn from ")
    return round(10 * float(share))


def normals(latents: int) -> np.ndarray:
    """The page's own draws (1000, latents): Mulberry32 from seed 1, then Box and Muller 1958."""
    state = 1
    uniform = []
    for _ in range(2 * DRAWS * latents):
        state = (state + 0x6D2B79F5) & 0xFFFFFFFF
        mixed = ((state ^ (state >> 15)) * (state | 1)) & 0xFFFFFFFF
        mixed ^= (mixed + (((mixed ^ (mixed >> 7)) * (mixed | 61)) & 0xFFFFFFFF)) & 0xFFFFFFFF
        uniform.append((mixed ^ (mixed >> 14)) / 2**32)
    radius, angle = np.reshape(uniform, (-1, 2)).T
    found = np.sqrt(-2 * np.log(1 - radius)) * np.cos(2 * np.pi * angle)
    return found.reshape(DRAWS, latents).astype(np.float32)


def points_become_pictures(tab: Lens, codes: np.ndarray, mnist: data.Dataset) -> None:
    tab.open(f"/?frame={','.join(f'{edge:.4f}' for edge in roomy_frame(codes, mnist))}", 90)
    frame = tab.eventually(lambda: frame_in_view(tab, 0.051))
    size = tab.box(tab.map())["width"]
    places = places_in(frame, codes, size)
    seen = np.flatnonzero(((places > 0) & (places < size)).all(1))
    assert 10 < len(seen) <= 150
    # They come when their file has.
    first, side = places[roomy(places, seen, size)[0]], side_of(len(seen), size)
    tab.eventually(lambda: pixels_of(ground(tab), first, side, size)[..., 3].max() > 200)
    assert_pictures(tab, places, seen, mnist)
    # With one class alone, only its images are left, and they are larger.
    labels = mnist.test_labels[seen]
    # Those of a class in a crowd hide each other.
    free = [len(roomy(places, seen[labels == label], size)) for label in range(10)]
    most = int(np.argmax(free))
    shown = tab.page.get_by_role("group", name="classes shown")
    shown.get_by_role("button", name=str(most), exact=True).click()
    tab.eventually(lambda: f"classes={most}" in tab.page.url)
    mine, hidden = seen[labels == most], seen[labels != most]
    tab.eventually(lambda: hidden_ink(tab, places, mine, hidden) < 0.01)
    assert_pictures(tab, places, mine, mnist)
    # Hovering anywhere on an image shows which one it is.
    alone = roomy(places, mine, size)
    assert len(alone) > 1
    for i in alone[:3]:
        tab.move_by(tab.map(), places[i] + 12)
        expect(tab.page.locator(".tip")).to_have_text(re.compile(f" {i}$"))
    tab.page.mouse.move(2, 2)
    # Without pictures, they are points again.
    tab.page.get_by_role("checkbox", name="Pictures").uncheck()
    tab.eventually(lambda: query(tab.page.url).get("pictures") == "off")
    tab.next_frame()
    ink = ground(tab)
    assert all(
        pixels_of(ink, places[i], 28, size)[..., 3].astype(bool).mean() < 0.25 for i in alone
    )
    tab.page.get_by_role("checkbox", name="Pictures").check()
    shown.get_by_role("button", name=str(most), exact=True).click()
    tab.page.get_by_role("button", name="reset zoom").click()


def places_in(frame: np.ndarray, codes: np.ndarray, size: float) -> np.ndarray:
    """Where codes of two latents are on a map that shows this part, in CSS pixels."""
    log_var = bundle.read(zoo.folder() / "vae-2").codes()[1]
    u, v = latent_space.describe(codes, log_var, "vae").plane @ codes.T
    across = (u - frame[0]) / (frame[1] - frame[0])
    down = 1 - (v - frame[2]) / (frame[3] - frame[2])
    return size * np.column_stack([across, down])


def well_within(place: np.ndarray) -> bool:
    """Whether no number of an axis is there."""
    return bool(place.min() > 40 and place.max() < 400)


def lonely(places: np.ndarray, which: np.ndarray, gap: float) -> np.ndarray:
    """Those of some points that have no other one of them near, and lie well within the map."""
    found = [
        i
        for i in which
        if well_within(places[i])
        and np.sort(np.hypot(*(places[which] - places[i]).T))[1:2].min(initial=1e9) > gap
    ]
    return np.array(found, int)


def side_of(count: int, size: float) -> float:
    """How large images are when so many are in view, in CSS pixels."""
    return min(84, max(22, 0.7 * size / count**0.5))


def roomy(places: np.ndarray, which: np.ndarray, size: float) -> np.ndarray:
    """Those of the images in view that no other one hides."""
    return lonely(places, which, 1.1 * side_of(max(1, len(which)), size))


def roomy_frame(codes: np.ndarray, mnist: data.Dataset) -> np.ndarray:
    """A twentieth of the map, each way, about the code of a 0, whose strokes are thick: where most
    images have room.
    """
    low, high = frame_of("vae-2").reshape(2, 2).T
    size = 500.0

    def free(frame: np.ndarray) -> int:
        places = places_in(frame, codes, size)
        seen = np.flatnonzero(((places > 0) & (places < size)).all(1))
        return len(roomy(places, seen, size)) if 40 < len(seen) < 120 else 0

    plane = latent_space.describe(
        codes, bundle.read(zoo.folder() / "vae-2").codes()[1], "vae"
    ).plane
    middles = codes[mnist.test_labels == 0][:100] @ plane.T
    frames = [
        np.column_stack([middle - (high - low) / 40, middle + (high - low) / 40]).ravel()
        for middle in middles
    ]
    return max(frames, key=free)


def ground(tab: Lens) -> np.ndarray:
    """What the map shows beneath the cross-hair."""
    return rgba(tab.map().locator("canvas").first)


def pixels_of(ink: np.ndarray, place: np.ndarray, side: float, size: float) -> np.ndarray:
    """The square of a canvas around a place."""
    scale = len(ink) / size
    left, top = np.round((place - side / 2) * scale).astype(int)
    across = round(side * scale)
    return ink[top : top + across, left : left + across]


def hidden_ink(tab: Lens, places: np.ndarray, seen: np.ndarray, hidden: np.ndarray) -> float:
    """The share of opaque pixels, at most, where an image is hidden and none is shown."""
    size = tab.box(tab.map())["width"]
    side, ink = side_of(len(seen), size), ground(tab)
    found: list[float] = []
    for i in hidden:
        near = np.hypot(*(places[seen] - places[i]).T).min()
        if near > 1.2 * side and well_within(places[i]):
            # Lines of the grid are opaque where they cross.
            found.append(float((pixels_of(ink, places[i], side, size)[..., 3] > 250).mean()))
    return max(found)


def assert_pictures(tab: Lens, places: np.ndarray, seen: np.ndarray, mnist: data.Dataset) -> None:
    """Every image that has room is at its point in the colour of its class."""
    size = tab.box(tab.map())["width"]
    side = side_of(len(seen), size)
    ink = ground(tab)
    alone = roomy(places, seen, size)
    assert len(alone) > 1
    alike = []
    for i in alone:
        square = pixels_of(ink, places[i], side, size)
        rows = (np.arange(len(square)) * 28 // len(square)).clip(0, 27)
        image = mnist.test_images[i][np.ix_(rows, rows)]
        alike.append(np.corrcoef(square[..., 3].ravel(), image.ravel())[0, 1])
        # Thin strokes are nowhere quite opaque.
        opaque = square[..., 3] > 0.95 * square[..., 3].max()
        full = square[opaque][:, :3].astype(int)
        assert np.abs(np.median(full, 0) - colours("light")[mnist.test_labels[i]]).max() < 12, i
    # Strokes are thin, a place is rounded to a pixel, and axes run through some.
    assert min(alike) > 0.6
    assert np.median(alike) > 0.7


def the_trail_shows_where_z_has_been(tab: Lens) -> None:
    tab.page.get_by_role("checkbox", name="Trail").check()
    way = [(0.2, 0.3), (0.2, 0.5), (0.2, 0.7), (0.4, 0.8), (0.6, 0.8), (0.8, 0.8), (0.9, 0.4)]
    tab.drag(tab.map(), *way[:1])
    for place in way[1:]:
        tab.move(tab.map(), place)
        tab.next_frame()
    tab.release()
    tab.eventually(lambda: query(tab.page.url).get("trail") == "on")
    assert 0 < trail(tab, (0.2, 0.5)) < trail(tab, (0.6, 0.8))
    assert trail(tab, (0.5, 0.15)) == 0
    tab.page.get_by_role("button", name="Clear trail").click()
    tab.eventually(lambda: not trail(tab, (0.6, 0.8)))


def trail(tab: Lens, place: tuple[float, float]) -> int:
    """How opaque the overlay is around a place, away from the cross-hair."""
    ink = rgba(tab.map().locator("canvas").last)[..., 3]
    column, row = (round(share * len(ink)) for share in place)
    return int(ink[row - 4 : row + 5, column - 4 : column + 5].max())


def test_compare(tab: Lens) -> None:
    tab.open("/compare")
    tab.page.get_by_role("button", name="Holes").click()
    found = {}
    for family, title in FAMILIES.items():
        name = f"{family}-2"
        assert_cells(whole(tab, title), name, frame_of(name))
        square = tab.page.locator(".square", has=tab.map(title))
        found[family] = figure(tab, square.locator(".legible"))
        model = load(zoo.folder() / name)
        share = legibility.legible_share(
            model, bundle.read(zoo.folder() / name).codes()[0], reader.load()
        )
        error = np.sqrt(2 * share * (1 - share) / DRAWS)
        assert abs(found[family] / DRAWS - share) < 3 * error
    assert found["vae"] > found["pca"]
    tab.eventually(lambda: query(tab.page.url).get("layer") == "holes")
    tab.page.get_by_role("button", name="Points", exact=True).click()
    expect(tab.page.locator(".legible").first).to_be_hidden()
    expect(tab.map("VAE").locator(".holes")).to_be_hidden()
