"""Uses: the threshold moves its numbers before it is released and tells the server nothing."""

import re
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Locator, expect

from aemodels import data
from aemodels.analysis import anomaly
from aemodels.bundles import zoo
from aemodels.bundles.load import load
from browser import server
from browser.lens import Lens, pixels
from reproduction.result import Figure
from tests.browser.test_layout import settle
from tests.browser.test_traffic import Traffic
from tests.reproduction import reproduced

FAMILY = "pca-16"
ERROR = re.compile(r"Squared error: (\d+\.\d)")


@pytest.fixture(scope="module")
def scores() -> dict[str, np.ndarray]:
    """Of the test digits and clothes, as PyTorch computes them."""
    pca = load(zoo.folder() / FAMILY)
    names = {"normal": "mnist", "anomalous": "fashion-mnist"}
    return {side: anomaly.scores(pca, data.load_test(name).images) for side, name in names.items()}


@pytest.fixture(scope="module")
def detector(scores: dict[str, np.ndarray]) -> dict[str, Any]:
    return reproduced.detector(FAMILY, "squared error", scores["normal"], scores["anomalous"])


@pytest.fixture(scope="module")
def uses(tmp_path_factory: pytest.TempPathFactory, detector: dict[str, Any]) -> Iterator[str]:
    """An app with one row of anomalies."""
    folder: Path = tmp_path_factory.mktemp("reproduction")
    details = {"normal": "mnist", "anomalous": "fashion-mnist", "detectors": [detector]}
    figure = Figure(FAMILY, "AUROC", (detector["auroc"],))
    reproduced.save(folder, "anomaly-digits", [figure], details=details)
    log = tmp_path_factory.mktemp("uses") / "app.log"
    with server.app(log, {"LATENT_LAB_REPRODUCTION": str(folder)}) as url:
        yield url


def share(lens: Lens, part: str) -> float:
    text = lens.page.locator(f".rates .{part}").inner_text()
    return float(text.removesuffix(" %")) / 100


def place_of(threshold: Locator) -> int:
    """The edge of the bins that the threshold stands on."""
    return int(threshold.get_attribute("aria-valuenow") or -1)


def stands_near(threshold: Locator, wanted: int) -> bool:
    return abs(place_of(threshold) - wanted) <= 1


def test_a_drag_changes_the_rates_before_release_and_is_silent(uses, new_lens, scores, detector):
    lens: Lens = new_lens(uses)
    traffic = Traffic(lens.page)
    lens.open("/uses")
    lens.page.wait_for_load_state("networkidle")
    threshold = lens.slider("threshold")
    # It starts where at most one digit in twenty is flagged.
    assert 0 < share(lens, "false-positives") <= 0.05
    traffic.forget()
    lens.drag(threshold, (0.5, 0.5))
    seen = set()
    for place in (0.45, 0.6, 0.75):
        lens.move(threshold, (place, 0.4))
        wanted = round(place * len(detector["normal"]))
        lens.eventually(partial(stands_near, threshold, wanted))
        edge = detector["edges"][place_of(threshold)]
        for side, part in (("normal", "false-positives"), ("anomalous", "true-positives")):
            expected = (scores[side] >= edge).mean()
            assert share(lens, part) == pytest.approx(expected, abs=0.00051)
        seen.add(share(lens, "true-positives"))
    assert len(seen) == 3
    # However long a hand rests, nothing is told before it lets go.
    lens.page.wait_for_timeout(500)
    assert traffic.requests == []
    assert traffic.frames == []
    was = lens.page.url
    lens.release()
    lens.page.wait_for_function("was => location.href !== was", arg=was)
    assert len(traffic.frames) == 1


def test_keys_move_the_threshold(uses, new_lens):
    lens: Lens = new_lens(uses).open("/uses")
    threshold = lens.slider("threshold")
    before = place_of(threshold)
    threshold.press("ArrowRight")
    assert place_of(threshold) == before + 1
    threshold.press("Home")
    assert share(lens, "true-positives") == share(lens, "false-positives") == 1
    threshold.press("End")
    assert share(lens, "true-positives") == share(lens, "false-positives") == 0
    assert lens.page.locator(".samples .flagged").count() == 0
    # Its line is a ground, which a system's high contrast takes away.
    line, ground = lens.page.locator(".mark"), "one => getComputedStyle(one).backgroundColor"
    for scheme in ("light", "dark"):
        lens.page.emulate_media(color_scheme=scheme, forced_colors="active")
        page_ground = lens.page.locator("body").evaluate(ground)
        assert (
            line.evaluate(ground) == {"light": "rgb(0, 0, 0)", "dark": "rgb(255, 255, 255)"}[scheme]
        )
        assert page_ground == {"light": "rgb(255, 255, 255)", "dark": "rgb(0, 0, 0)"}[scheme]


def test_a_click_shows_the_picture_its_reconstruction_and_the_difference(
    uses, new_lens, scores, decode, codes
):
    lens: Lens = new_lens(uses).open("/uses")
    third = int(np.argsort(-scores["normal"], kind="stable")[2])
    lens.page.locator(".most-anomalous button").nth(2).click()
    words = lens.page.locator(".description").inner_text()
    assert f"test digit {third}." in words
    (error,) = ERROR.findall(words)
    assert float(error) == pytest.approx(scores["normal"][third], abs=0.06)
    original, redrawn, difference = (
        pixels(lens.page.get_by_role("img", name=f"{name},")).astype(float)
        for name in ("original", "decoded digit", "squared difference")
    )
    image = data.load_test().images[third].astype(float)
    expected = decode(FAMILY, codes(FAMILY)[third], clip=False)
    assert (original == image).all()
    assert np.abs(redrawn - expected.clip(0, 255)).max() <= 1
    squares = np.square((expected - image) / 255).clip(0, 1)
    assert np.abs(difference - 255 * squares).max() <= 1


@pytest.mark.parametrize("address", ["/uses", "/uses?use=features", "/results"])
def test_nothing_is_cut_off(uses, new_lens, address):
    for width in (1280, 390):
        lens: Lens = new_lens(uses, viewport={"width": width, "height": 844})
        lens.page.goto(uses + address)
        if address == "/uses":
            lens.ready()
            lens.page.get_by_text("One shoe among 10,000 digits").click()
        lens.page.get_by_text("hasn't been measured yet").or_(
            lens.page.get_by_text("Not measured yet")
        ).first.wait_for()
        settle(lens, width)


def test_a_level_lets_the_pointer_through_to_the_bars(lens: Lens) -> None:
    page = lens.open("/uses").page
    page.locator("summary", has_text="One digit left out").click()
    group = page.locator(".chart .group").nth(4)
    # Once the fold is open.
    group.hover(position={"x": 5, "y": 5})
    expect(group.locator(".values")).to_be_visible()
    level = page.locator(".chart .level")

    def there() -> str | None:
        """The class of what lies where the level crosses the group; none out of sight."""
        level.scroll_into_view_if_needed()
        line, box = level.bounding_box(), group.bounding_box()
        assert line
        assert box
        place = [box["x"] + box["width"] / 2, line["y"] + line["height"] / 2]
        found: str | None = page.evaluate(
            "place => document.elementFromPoint(...place)?.className", place
        )
        return found

    lens.eventually(lambda: there() == "group after")
