"""The main path of each page in Firefox, which gives back noise where a page reads its canvas.

`privacy.resistFingerprinting` is on, as in Tor; Brave does the same. So pictures are judged by
screenshots and by the film that the page saves.
"""

import base64
import io
import os
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageSequence

from browser import firefox
from browser.firefox import Tab
from site_builder import build, selection
from tests.browser.conftest import Codes, Decode
from tests.browser.test_interpolate import holds

READY = "deep('.lens[data-ready=true]').length > 0"
# What Streamlit says when a page is left within a moment of the last change.
LEFT = "Cannot send rerun backMessage when disconnected from server."
# The next file that the page saves, as base64.
CATCH = """(() => {
  const make = URL.createObjectURL.bind(URL);
  window.saved = null;
  URL.createObjectURL = (blob) => {
    const reader = new FileReader();
    reader.onload = () => { window.saved = reader.result.split(",")[1]; };
    reader.readAsDataURL(blob);
    return make(blob);
  };
  return true;
})()"""


@pytest.fixture(scope="module")
def tab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tab]:
    """A Firefox with one tab."""
    executable = firefox.find()
    if executable is None:
        words = f"no Firefox found; this installs one: {firefox.INSTALL}"
        if os.environ.get("CI") == "true":
            pytest.fail(words)
        pytest.skip(words)
    profile = tmp_path_factory.mktemp("firefox")
    with firefox.start(executable, profile, {"privacy.resistFingerprinting": True}) as found:
        found.resize(1280, 800)
        yield found
        assert [one for one in found.errors if one != LEFT] == []


def visit(tab: Tab, url: str) -> None:
    tab.open(url)
    tab.wait(READY, 90)


def sliders(tab: Tab) -> list[float]:
    """The values of the sliders of the latents."""
    found: list[float] = tab.value("deep('.slider input').map((one) => one.valueAsNumber)")
    return found


def test_explore_follows_a_drag_and_the_keys(tab: Tab, app: str) -> None:
    visit(tab, app + "/")
    before, picture = sliders(tab), tab.screenshot(".digit")
    tab.drag(tab.place(".map", 0.3, 0.3), tab.place(".map", 0.6, 0.55))
    firefox.eventually(lambda: sliders(tab) != before, 10, "a drag moves z")
    firefox.eventually(lambda: tab.screenshot(".digit") != picture, 10, "a drag draws a digit")
    # One and the same small step as in every browser, and ten times as much by PageUp.
    start = sliders(tab)[0]
    tab.focus(".slider input")
    tab.press("ArrowLeft")
    firefox.eventually(lambda: sliders(tab)[0] != start, 10, "a key moves the slider")
    small = start - sliders(tab)[0]
    low, high = tab.value("(({min, max}) => [+min, +max])(deep('.slider input')[0])")
    assert small == pytest.approx((high - low) / 100, rel=0.05)
    middle = sliders(tab)[0]
    tab.press("PageDown")
    firefox.eventually(lambda: sliders(tab)[0] != middle, 10, "PageDown moves it")
    assert middle - sliders(tab)[0] == pytest.approx(10 * small, rel=0.05)


def test_compare_lights_up_and_decodes(tab: Tab, app: str) -> None:
    visit(tab, app + "/compare")
    which = "deep('.which')[0].textContent"
    before = tab.value(which)
    tab.click(".map", 0.4, 0.4)
    firefox.eventually(lambda: tab.value(which) != before, 10, "a click picks a digit")
    picture = tab.screenshot(".cell:not(.original) canvas")
    tab.drag(tab.place(".map", 0.3, 0.3), tab.place(".map", 0.6, 0.6))
    changed = "a drag decodes"
    firefox.eventually(
        lambda: tab.screenshot(".cell:not(.original) canvas") != picture, 10, changed
    )


def test_interpolate_moves_by_keys_and_saves_the_decoded_film(
    tab: Tab, app: str, codes: Codes, decode: Decode
) -> None:
    visit(tab, app + "/interpolate?models=pca-2,ae-2,vae-2&a=5&b=17&t=0.5")
    tab.focus("input.t")
    tab.press("ArrowRight")
    t = "deep('input.t')[0].valueAsNumber"
    firefox.eventually(lambda: tab.value(t) == pytest.approx(0.51, abs=1e-3), 10, "t by a key")
    tab.press("PageDown")
    firefox.eventually(lambda: tab.value(t) == pytest.approx(0.41, abs=1e-3), 10, "t by PageDown")
    tab.value(CATCH)
    tab.click(".gif")
    saved = tab.wait("window.saved", 60)
    film = Image.open(io.BytesIO(base64.b64decode(saved)))
    frames = [np.asarray(frame.convert("L"), float) for frame in ImageSequence.Iterator(film)]
    assert holds(frames[0], decode("vae-2", codes("vae-2")[5]))
    assert any(holds(frame, decode("vae-2", codes("vae-2")[17])) for frame in frames)


def test_families_reconstruct_what_the_noise_slider_corrupts(tab: Tab, app: str) -> None:
    visit(tab, app + "/families?family=denoising")
    picture = tab.screenshot(".line.model canvas")
    tab.drag(tab.place(".level input", 0.3), tab.place(".level input", 0.8))
    changed = "the noise slider draws anew"
    firefox.eventually(lambda: tab.screenshot(".line.model canvas") != picture, 10, changed)


def test_uses_move_the_threshold_by_pointer_and_keys(tab: Tab, app: str) -> None:
    visit(tab, app + "/uses")
    threshold = "deep('.threshold-value')[0].textContent"
    before = tab.value(threshold)
    tab.drag(tab.place(".histogram", 0.4), tab.place(".histogram", 0.6))
    firefox.eventually(lambda: tab.value(threshold) != before, 10, "a drag moves the threshold")
    middle = tab.value(threshold)
    tab.focus(".histogram")
    tab.press("ArrowRight")
    firefox.eventually(lambda: tab.value(threshold) != middle, 10, "a key moves the threshold")


def test_one_file_opens_from_a_disk(tab: Tab, tmp_path: Path) -> None:
    file = tmp_path / "lab.html"
    build.one_file(file, selection.choose(["pca-2", "vae-2"]))
    visit(tab, f"{file.as_uri()}#explore?model=vae-2")
    before, picture = sliders(tab), tab.screenshot(".digit")
    tab.drag(tab.place(".map", 0.3, 0.3), tab.place(".map", 0.6, 0.55))
    firefox.eventually(lambda: sliders(tab) != before, 30, "a drag moves z")
    firefox.eventually(lambda: tab.screenshot(".digit") != picture, 30, "a drag draws a digit")
    tab.click('nav [data-to="compare"]')
    tab.wait("document.title.startsWith('Compare PCA, VAE')")
    tab.wait(READY)
    which = "deep('.which')[0].textContent"
    first = tab.value(which)
    tab.click(".map", 0.4, 0.4)
    firefox.eventually(lambda: tab.value(which) != first, 30, "a click picks a digit")
    tab.click('nav [data-to="results"]')
    tab.click("[value=missed] + span")
    tab.wait("location.hash === '#results?show=missed'")
    hidden = tab.wait("document.querySelectorAll('.result[hidden]').length")
    assert 0 < hidden < tab.value("document.querySelectorAll('.result').length")


def test_train_and_results_open(tab: Tab, app: str) -> None:
    tab.open(app + "/train")
    tab.wait(
        "[...document.querySelectorAll('button')].some((one) => one.textContent.includes('Train'))"
    )
    # Firefox reports as errors what it was still loading when it is sent elsewhere.
    tab.wait("document.querySelector('.js-plotly-plot .main-svg') !== null")
    tab.wait(READY, 90)
    tab.open(app + "/results")
    tab.wait("document.querySelectorAll('table tbody tr').length > 5")
