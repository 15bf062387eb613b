"""The slider over β: dragged, stepped by keys, and left at a model whose pictures it shows."""

import re
from collections.abc import Iterator

import numpy as np
import pytest
from playwright.sync_api import Browser, expect
from scipy.linalg import orthogonal_procrustes  # type: ignore[import-untyped]

from aemodels import data
from aemodels.analysis import latent_space
from aemodels.bundles import bundle, zoo
from aemodels.data import SOURCES
from browser.lens import Lens, query, rgba
from tests.browser.conftest import Codes, Decode, one_tab

BETAS = ("0", "0.05", "0.25", "0.5", "1", "2", "4", "10", "30")
CLASS = 1  # whose points are looked at


@pytest.fixture(scope="module")
def lens(app: str, browser: Browser) -> Iterator[Lens]:
    with one_tab(browser, app) as lens:
        lens.open("/families?family=beta", 90)
        # All nine have come.
        expect(lens.page.locator(".beta .ticks .missing")).to_have_count(0, timeout=90_000)
        yield lens


def aligned(codes: Codes) -> list[np.ndarray]:
    """The codes (10000, 2) of all models, each turned to the one beside it, from β = 1 outwards."""
    found = {BETAS.index("1"): codes("beta-2d-1").astype(float)}
    for step, end in ((1, len(BETAS)), (-1, -1)):
        for k in range(BETAS.index("1") + step, end, step):
            mine = codes(f"beta-2d-{BETAS[k]}").astype(float)
            found[k] = mine @ orthogonal_procrustes(mine, found[k - step])[0]
    return [found[k] for k in range(len(BETAS))]


def figure(lens: Lens, name: str) -> str:
    """A number beside the map."""
    return lens.page.locator(f".beta [data-figure={name}] .value").inner_text()


def assert_numbers(lens: Lens, label: str) -> None:
    """The name and the numbers on show are those of this model's bundle."""
    expect(lens.page.locator(".beta .which")).to_have_text(f"β = {label}")
    item = bundle.read(zoo.folder() / f"beta-2d-{label}")
    metrics = item.metrics
    kl = metrics.number("kl")
    assert figure(lens, "kl") == f"{kl:.1f} nats"
    reconstruction = metrics.number("negative_elbo_sample") - kl
    assert figure(lens, "reconstruction") == f"{reconstruction:.1f} nats"
    active = latent_space.active_units(item.codes()[0])
    assert figure(lens, "active") == f"{active} of 2"


def coloured(lens: Lens, places: np.ndarray) -> float:
    """The share of places (N, 2) in the map's square that are drawn in the class's colour."""
    picture = rgba(lens.map().locator("canvas").first)[..., :3].astype(int)
    colour = lens.page.locator(".beta.lens").evaluate(
        "(root, label) => getComputedStyle(root).getPropertyValue(`--digit-${label}`)", CLASS
    )
    wanted = [int(colour.strip()[k : k + 2], 16) for k in (1, 3, 5)]
    rows, columns = (len(picture) * places[:, ::-1]).astype(int).T
    return float((np.abs(picture[rows, columns] - wanted).max(1) < 12).mean())


def test_between_two_models_points_lie_between_both(
    lens: Lens, codes: Codes, mnist: data.Dataset
) -> None:
    lens.page.locator(".beta .filter button").nth(CLASS).click()
    slider = lens.slider("β")
    lens.drag(slider, (0.5, 0.3), (0.56, 0.3))
    lens.next_frame()
    lens.next_frame()
    value = lens.value("β")
    low = int(value)
    share = value - low
    assert (BETAS[low], low < value < low + 1) == ("1", True)
    maps = [each[mnist.test_labels == CLASS] for each in aligned(codes)]
    reach = frame(codes, low, share)

    def at(points: np.ndarray) -> np.ndarray:
        unit = (points / reach + 1) / 2
        inside = (np.abs(points) < 0.98 * reach).all(1)
        return np.column_stack([unit[:, 0], 1 - unit[:, 1]])[inside]

    between = (1 - share) * maps[low] + share * maps[low + 1]
    # Some lie beneath a name or a zoom button.
    assert coloured(lens, at(between)) > 0.97
    assert coloured(lens, at(maps[low])) < 0.9
    assert coloured(lens, at(maps[low + 1])) < 0.9
    lens.release()
    # It goes on to the nearest model.
    place = round(value)
    lens.eventually(lambda: lens.value("β") == place)
    assert_numbers(lens, BETAS[place])
    lens.page.locator(".beta .filter button").nth(CLASS).click()


def frame(codes: Codes, low: int, share: float) -> float:
    """Half the side of the map's square: it holds 99.5 % of the codes of both models."""
    ends = []
    for k in (low, low + 1):
        lengths = np.sort(np.linalg.norm(codes(f"beta-2d-{BETAS[k]}"), axis=1))
        ends.append(max(3.2, 1.05 * lengths[int(0.995 * (len(lengths) - 1))]))
    return float(ends[0] ** (1 - share) * ends[1] ** share)


def test_keys_go_from_model_to_model_and_each_shows_its_own(
    lens: Lens, codes: Codes, decode: Decode
) -> None:
    slider = lens.slider("β")
    slider.focus()
    for key, label in (("End", "30"), ("ArrowLeft", "10"), ("Home", "0"), ("ArrowRight", "0.05")):
        lens.page.keyboard.press(key)
        expect(slider).to_have_attribute("aria-valuetext", f"β = {label}")
        assert_numbers(lens, label)
        lens.page.wait_for_url(re.compile(rf"[?&]beta={re.escape(label)}(&|$)"))
    name = "beta-2d-0.05"
    shown = rgba(lens.page.locator(".beta .examples canvas"))[..., 0]
    for k, i in enumerate(SOURCES["mnist"].example_digits):
        picture = shown[30:, 30 * k : 30 * k + 28]
        assert np.abs(picture - decode(name, codes(name)[i])).max() <= 1
    expect(lens.page.locator(".beta [role=status]")).to_contain_text("β = 0.05. Reconstruction")


def test_the_address_says_which(lens: Lens) -> None:
    lens.open("/families?family=beta&beta=10", 90)
    assert_numbers(lens, "10")
    lens.page.get_by_role("button", name="Open in Explore").click()
    lens.page.wait_for_url("**/?*")
    assert query(lens.page.url)["model"] == "beta-2d-10"
