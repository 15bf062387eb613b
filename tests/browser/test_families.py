"""Families: each section shows what its bundles allow, live; its links lead on."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import expect
from scipy.linalg import subspace_angles  # type: ignore[import-untyped]

from aemodels.bundles import bundle, zoo
from browser import server
from browser.lens import Lens, pixels, query
from tests.browser.test_layout import SIZES, settle
from tests.browser.test_traffic import Traffic

Open = Callable[..., Lens]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The zoo without one of its models."""
    made = tmp_path_factory.mktemp("zoo") / "zoo"
    shutil.copytree(zoo.folder(), made, ignore=shutil.ignore_patterns("beta-4"))
    return made


@pytest.fixture(scope="module")
def families(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    home = tmp_path_factory.mktemp("home")
    environment = {"LATENT_LAB_ZOO": str(folder), "LATENT_LAB_HOME": str(home)}
    with server.app(home / "app.log", environment) as url:
        yield url


@pytest.fixture
def visit(families: str, new_lens: Open) -> Open:
    """Opens a family's section."""

    def visit(family: str) -> Lens:
        return new_lens(families).open(f"/families?family={family}")

    return visit


def test_the_noise_slider_is_live_and_silent(visit):
    lens = visit("denoising")
    traffic = Traffic(lens.page)
    lens.page.wait_for_load_state("networkidle")
    slider = lens.page.get_by_role("slider").first
    canvas = lens.page.locator('canvas[aria-label^="decoded digit"]').last
    lens.drag(slider, (0.1, 0.5))
    lens.next_frame()
    traffic.forget()
    seen = {pixels(canvas).tobytes()}
    for share in np.linspace(0.2, 0.9, 8):
        lens.move(slider, (float(share), 0.5))
        seen |= lens.eventually(lambda s=seen: {pixels(canvas).tobytes()} - s)
    assert len(seen) == 9
    assert traffic.requests == []
    assert traffic.frames == []
    lens.release()


def test_angles_are_those_of_the_bundles(visit, folder):
    lens = visit("linear")
    lens.page.get_by_text("How close to PCA").click()
    lens.page.get_by_role("table").first.wait_for()
    text = lens.page.get_by_role("table").first.inner_text()
    for size in (2, 16):
        spans = [
            bundle.read(folder / f"{name}-{size}").weights()["decoder.weight"].astype(float)
            for name in ("linear", "pca")
        ]
        largest = np.degrees(subspace_angles(*spans)).max()
        assert f"\n{size}\t{largest:.2f}°" in text


def test_another_family_takes_over_the_lens(visit):
    lens = visit("linear")
    rows = lens.page.locator(".line.model .name")
    expect(rows.last).to_have_text("Linear · 16")
    lens.page.get_by_role("radio", name="Denoising", exact=True).click()
    expect(rows.first).to_have_text("Trained on masking")
    lens.slider("noise").wait_for()
    assert query(lens.page.url)["family"] == "denoising"
    lens.page.get_by_role("radio", name="Bottleneck", exact=True).click()
    expect(rows.first).to_have_text("2 latents")
    assert lens.slider("noise").count() == 0


def test_a_missing_model_is_named_and_the_rest_is_shown(visit):
    lens = visit("beta")
    lens.page.get_by_text("With 10 latents").click()
    lens.page.get_by_role("status").filter(has_text="Not in the zoo").filter(
        has_text="beta-4"
    ).wait_for()
    expect(lens.page.locator(".draws figcaption")).to_have_text(["β = 0.1", "β = 1"])
    lens.page.locator(".chart .bars").first.wait_for()


def test_links_lead_to_the_model_and_to_its_settings(visit, folder):
    lens = visit("linear")
    item = bundle.read(folder / "linear-16")
    lens.page.get_by_role("button", name="Open in Explore").click()
    lens.page.wait_for_url("**/?*")
    lens.page.locator(".lens .map").wait_for()
    assert query(lens.page.url)["model"] == item.name
    lens = visit("denoising")
    config = bundle.read(folder / "denoising-masking").config
    lens.page.get_by_role("button", name="Train one like it").click()
    lens.page.wait_for_url("**/train*")
    # Not the family's defaults, nor with a word from Streamlit about two values for one field.
    for name, value in (("Latents", config.network.latent_dim), ("Epochs", config.loop.epochs)):
        field = lens.page.get_by_role("spinbutton", name=name, exact=True)
        expect(field).to_have_value(str(value))
    expect(lens.page.get_by_role("alert")).to_have_count(0)


@pytest.mark.parametrize(
    ("family", "scheme"), [("linear", "light"), ("denoising", "dark"), ("beta", "light")]
)
def test_it_fits(visit, family, scheme):
    lens = visit(family)
    lens.page.emulate_media(color_scheme=scheme)
    for size in SIZES:
        lens.page.set_viewport_size(size)
        settle(lens, size["width"])
