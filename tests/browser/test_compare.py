"""Compare: one digit lights up on three maps with its errors; a drag decodes under the pointer."""

import functools
import re

import numpy as np
import pytest
from playwright.sync_api import Locator, expect

from aemodels import data
from aemodels.analysis import latent_space
from aemodels.bundles import bundle, zoo
from aemodels.bundles.load import load
from browser.lens import Lens, near, pixels, query, rgba
from tests.browser.conftest import Codes, Decode

TITLES = {"pca": "PCA", "ae": "Autoencoder", "vae": "VAE"}


def original(lens: Lens) -> np.ndarray:
    return pixels(lens.page.get_by_role("img", name="original digit"))


def highlighted(lens: Lens) -> int:
    """The number of the test digit that is highlighted."""
    words = lens.page.locator(".which").inner_text()
    return int(words.split()[-1])


def ring(lens: Lens, title: str) -> np.ndarray:
    """The middle (2,) of what the overlay of a map shows, in pixels of its canvas."""
    inked = rgba(lens.map(title).locator("canvas").last)[..., 3] > 64
    rows, columns = np.flatnonzero(inked.any(1)), np.flatnonzero(inked.any(0))
    return np.array([columns[[0, -1]].mean(), rows[[0, -1]].mean()])


def shows(lens: Lens, title: str, expected: np.ndarray) -> bool:
    return near(lens.picture(title), expected)


def assert_agrees(
    lens: Lens, latents: int, codes: Codes, decode: Decode, mnist: data.Dataset
) -> int:
    """The original, three images and three errors are those of the highlighted digit, returned."""
    number = highlighted(lens)
    image = mnist.test_images[number]
    assert (original(lens) == image).all()
    assert f" {mnist.test_labels[number]}, test digit" in lens.page.locator(".which").inner_text()
    for family, title in TITLES.items():
        name = f"{family}-{latents}"
        expected = decode(name, codes(name)[number])
        lens.eventually(functools.partial(shows, lens, title, expected))
        # PCA's pixels may leave 0 to 1, so its error is that of the unclipped picture.
        shown = float(lens.page.locator(".cell", has_text=title).locator(".error").inner_text())
        unclipped = decode(name, codes(name)[number], clip=False)
        assert shown == pytest.approx((((unclipped - image) / 255) ** 2).sum(), abs=0.06)
    return number


@pytest.mark.parametrize("latents", [2, 16])
def test_hover_lights_one_digit_on_three_maps(lens, codes, decode, mnist, latents):
    lens.open(f"/compare?latents={latents}")
    numbers: list[int] = []
    rings: dict[str, list[np.ndarray]] = {family: [] for family in TITLES}
    for title, place in [
        ("PCA", (0.3, 0.6)),
        ("PCA", (0.6, 0.3)),
        ("Autoencoder", (0.5, 0.4)),
        ("Autoencoder", (0.4, 0.55)),
        ("VAE", (0.45, 0.5)),
        ("VAE", (0.6, 0.6)),
    ]:
        before = highlighted(lens)
        lens.move(lens.map(title), place)
        lens.eventually(lambda b=before: highlighted(lens) != b)
        numbers.append(assert_agrees(lens, latents, codes, decode, mnist))
        for family, each in TITLES.items():
            rings[family].append(ring(lens, each))
    # A map is a flat picture of its plane, so the rings lie as the codes do.
    for family in TITLES:
        name = f"{family}-{latents}"
        log_var = np.zeros_like(codes(name)) if family == "vae" else None
        plane = latent_space.describe(codes(name), log_var, family).plane
        flat = np.column_stack([codes(name)[numbers] @ plane.T, np.ones(len(numbers))])
        affine, *_ = np.linalg.lstsq(flat, np.array(rings[family]), rcond=None)
        assert np.abs(flat @ affine - rings[family]).max() < 1.5, name


@pytest.mark.parametrize("title", list(TITLES.values()))
def test_drag_on_empty_space_decodes(lens, title):
    lens.open("/compare")
    others = [other for other in TITLES.values() if other != title]
    # The corners of a map are nearly empty; a digit highlighted on the way is drawn in its frame.
    lens.drag(lens.map(title), (0.02, 0.02))
    lens.next_frame()
    before = {other: lens.picture(other).tobytes() for other in others}
    seen = {lens.picture(title).tobytes()}
    for place in [(0.03, 0.97), (0.97, 0.97), (0.97, 0.03), (0.5, 0.5)]:
        lens.move(lens.map(title), place)
        seen |= lens.eventually(lambda s=seen: {lens.picture(title).tobytes()} - s)
    assert len(seen) == 5
    assert {other: lens.picture(other).tobytes() for other in others} == before
    lens.release()


@pytest.mark.parametrize("picture", ["", "&picture=difference"])
def test_a_z_of_ones_own_has_no_error_against_the_original(
    lens: Lens, decode: Decode, picture: str
) -> None:
    page = lens.open(f"/compare?latents=2{picture}").page
    cell = page.locator(".cell", has_text="VAE")
    expect(cell).to_contain_text("squared error")
    expect(page.locator(".plane")).to_be_hidden()
    lens.drag(lens.map("VAE"), (0.5, 0.5), (0.3, 0.3))
    expect(cell).to_contain_text("This z comes from you")
    expect(cell).not_to_contain_text("squared error")
    expect(cell.locator(".error")).to_be_empty()
    way = cell.locator(".way")
    assert way.evaluate("e => getComputedStyle(e, '::before').content") == "none"
    z = np.array(
        [float(each) for each in re.findall(r"[-\d.]+", way.inner_text().replace("−", "-"))]
    )
    assert len(z) == 2
    # Its own picture, also where the others show differences.
    wanted = decode("vae-2", z)
    lens.eventually(lambda: np.abs(lens.picture("VAE").astype(int) - wanted).mean() < 2)
    expect(page.locator(".cell", has_text="PCA")).to_contain_text("squared error")
    lens.release()
    page.keyboard.press("Escape")
    page.mouse.move(2, 2)
    expect(cell).to_contain_text("squared error")
    expect(cell).not_to_contain_text("comes from you")


def test_maps_of_more_than_two_latents_say_what_they_show(lens: Lens) -> None:
    plane = lens.open("/compare?models=pca-2,vae-16,bottleneck-32").page.locator(".plane")
    expect(plane).to_have_text(
        "Codes of 16 or 32 latents are seen along their two leading principal directions. "
        "Dragging moves z in these two of 16 or 32 directions only."
    )


def test_hints_stand_beneath_the_maps_of_four_models(lens: Lens) -> None:
    page = lens.page
    page.set_viewport_size({"width": 1280, "height": 800})
    lens.open("/compare?models=pca-2,ae-2,vae-2,beta-2d-4")

    def edges(locator: Locator) -> tuple[float, float]:
        top, bottom = locator.evaluate(
            "e => [e.getBoundingClientRect().top, e.getBoundingClientRect().bottom]"
        )
        return top, bottom

    bottom = edges(page.locator(".square .map").last)[1]
    assert bottom < edges(page.locator(".hint.use"))[0] < bottom + 30
    below = edges(page.get_by_role("heading", name="Worst reconstructions"))[0]
    assert below < bottom + 120


def test_a_click_keeps_the_digit(lens):
    lens.open("/compare")
    lens.move(lens.map("VAE"), (0.45, 0.5))
    number = lens.eventually(lambda: highlighted(lens) or None)
    lens.page.mouse.down()
    lens.release()
    lens.eventually(lambda: f"digit={number}" in lens.page.url)
    lens.page.mouse.move(2, 2)
    assert highlighted(lens) == number


@pytest.mark.parametrize("models", ["ae-2,vae-2", "pca-2,ae-2,vae-2"])
def test_whole_maps_are_in_sight(lens: Lens, models: str) -> None:
    page = lens.open(f"/compare?models={models}").page
    assert page.viewport_size is not None
    maps = page.locator(".square .map")
    expect(maps).to_have_count(len(models.split(",")))
    for one in maps.all():
        box = one.bounding_box()
        assert box is not None
        assert box["width"] >= 300
        assert box["y"] + box["height"] <= page.viewport_size["height"]


@pytest.mark.parametrize("models", ["ae-2,vae-2", "pca-2,ae-2,vae-2", "pca-2,ae-2,vae-2,beta-2d-4"])
def test_errors_stand_in_a_row_on_a_phone(lens: Lens, models: str) -> None:
    page = lens.open(f"/compare?models={models}").page
    page.set_viewport_size({"width": 390, "height": 664})
    lens.next_frame()
    errors = page.locator(".cell:not(.original) .error").all()
    boxes = [error.bounding_box() for error in errors]
    assert len(boxes) == len(models.split(","))
    places = [box["y"] for box in boxes if box]
    # Pictures of a broken width put them a fraction of a pixel apart; a line is 15.
    assert max(places) - min(places) < 0.5


def test_numbers_are_the_bundles_own(lens):
    lens.open("/compare?latents=16")
    text = lens.page.get_by_role("table").inner_text()
    for family in TITLES:
        metrics = bundle.read(zoo.folder() / f"{family}-16").metrics
        assert f"{metrics.sse:.2f}" in text
        assert f"{metrics.knn5:.1%}" in text
        assert f"{metrics.trustworthiness:.3f}" in text
    assert re.search(r"Explained variance\s+\d+\.\d%", text)


def errors_by_class() -> list[tuple[float, ...]]:
    """Of the three models that Compare opens with, from their bundles."""
    bundles = [bundle.read(zoo.folder() / f"{family}-2") for family in TITLES]
    return [each.metrics.sse_by_class or () for each in bundles]


def test_errors_by_class_are_drawn_without_plotly(lens: Lens) -> None:
    page = lens.page
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    lens.open("/compare")
    chart = page.locator(".chart").get_by_role("img")
    chart.scroll_into_view_if_needed()
    page.wait_for_load_state("networkidle")
    assert [url for url in asked if "plotly" in url.lower()] == []
    assert any(url.endswith(".js") for url in asked)
    errors = errors_by_class()
    heights = [
        series.locator("i").evaluate_all(
            "all => all.map(each => each.getBoundingClientRect().height)"
        )
        for series in chart.locator(".bars").all()
    ]
    assert np.array(heights) / np.max(heights) == pytest.approx(
        np.array(errors) / np.max(errors), abs=0.002
    )
    colours = chart.locator(".bars").evaluate_all(
        "all => all.map(each => getComputedStyle(each.firstElementChild).backgroundColor)"
    )
    keys = chart.locator(".legend .key")
    assert chart.locator(".legend li").all_inner_texts() == list(TITLES.values())
    assert colours == keys.evaluate_all(
        "all => all.map(each => getComputedStyle(each).backgroundColor)"
    )
    assert len(set(colours)) == 3
    words = chart.get_attribute("aria-label") or ""
    assert words.startswith("Bar chart: squared error per digit against digit. PCA: highest ")
    for each in errors:
        assert f"highest {max(each):.4g} at {np.argmax(each)}" in words
        assert f"lowest {min(each):.4g} at {np.argmin(each)}" in words


def test_under_the_pointer_are_the_errors_of_a_class(lens: Lens) -> None:
    page = lens.open("/compare").page
    group = page.locator(".chart .group").nth(7)
    shown = group.locator(".values")
    expect(shown).to_be_hidden()
    group.hover()
    expect(shown).to_be_visible()
    expect(shown.locator("span")).to_have_text("7")
    errors = errors_by_class()
    rows = [f"{title} {each[7]:.1f}" for title, each in zip(TITLES.values(), errors, strict=True)]
    expect(shown.locator("li")).to_have_text(rows)
    page.mouse.move(2, 2)
    expect(shown).to_be_hidden()


def test_differences_are_decoded_minus_original_and_the_worst_are_numpys(
    lens: Lens, codes: Codes, decode: Decode, mnist: data.Dataset
) -> None:
    page = lens.open("/compare").page
    page.get_by_role("button", name="Difference").click()
    lens.eventually(lambda: "picture=difference" in page.url)
    expect(page.get_by_text("ink missing")).to_be_visible()
    label = 8
    page.get_by_role("group", name="class whose worst").get_by_text(str(label), exact=True).click()
    galleries = page.locator(".worst figure")
    numbers = np.flatnonzero(mnist.test_labels == label)
    clicked = 0
    for gallery, family in zip(galleries.all(), TITLES, strict=True):
        name = f"{family}-2"
        decoded = load(zoo.folder() / name).decode(codes(name)[numbers]).astype(float)
        errors = np.square(decoded - mnist.test_images[numbers].reshape(-1, 784) / 255).sum(1)
        worst = np.argsort(-errors, kind="stable")[:12]
        buttons = gallery.get_by_role("button")
        expect(buttons).to_have_count(12)
        said = [button.get_attribute("aria-label") or "" for button in buttons.all()]
        assert said == [
            f"an 8, test digit {numbers[k]}: squared error {errors[k]:.1f} by {TITLES[family]}"
            for k in worst
        ]
        clicked = int(numbers[worst[3]])
        buttons.nth(3).click()
    lens.eventually(lambda: highlighted(lens) == clicked)
    lens.eventually(
        lambda: query(page.url) == {"digit": str(clicked), "picture": "difference", "worst": "8"}
    )
    original = mnist.test_images[clicked] / 255
    for family, title in TITLES.items():
        signed = decode(f"{family}-2", codes(f"{family}-2")[clicked], clip=False) / 255 - original
        colour = np.where(signed[..., None] < 0, (255, 150, 40), (70, 160, 255))
        expected = np.minimum(np.abs(signed), 1)[..., None] * colour
        shown = rgba(lens.canvas(title))[..., :3]
        assert np.abs(shown - expected).max() <= 1.5, title
        words = lens.canvas(title).get_attribute("aria-label") or ""
        assert f"ink missing {-signed[signed < 0].sum():.1f}" in words
        assert f"ink invented {signed[signed > 0].sum():.1f}" in words
