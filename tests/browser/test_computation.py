"""The computation on Explore: live numbers, ε to drag, and parts that light up together."""

import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Browser, expect

from aemodels.bundles import bundle, zoo
from browser.lens import Lens, cross, query
from tests.browser.conftest import one_tab
from tests.lens.test_notebook import run as run_notebook
from tests.lens.test_pytorch import run

CLIPBOARD = ["clipboard-read", "clipboard-write"]


@pytest.fixture(scope="module")
def tab(app: str, browser: Browser) -> Iterator[Lens]:
    with one_tab(browser, app, permissions=CLIPBOARD) as found:
        yield found.open("/")


@pytest.fixture
def posterior() -> tuple[np.ndarray, np.ndarray]:
    """μ and σ of the first test digit, (2,) each."""
    mean, log_var = bundle.read(zoo.folder() / "vae-2").codes()
    assert log_var is not None
    return mean[0], np.exp(0.5 * log_var[0])


def column(lens: Lens, part: str) -> np.ndarray:
    """The numbers of the latents in one column."""
    cells = lens.page.locator(f".numbers .number.{part}").all_inner_texts()
    return np.array([float(cell.split()[-1].replace("−", "-")) for cell in cells])


def noise(lens: Lens) -> np.ndarray:
    """ε of both latents."""
    return np.array([lens.value("ε1"), lens.value("ε2")])


def wait_for_another(lens: Lens, before: np.ndarray) -> None:
    """Wait until z is another one and drawn."""
    lens.eventually(lambda: bool((lens.z() != before).any()))
    lens.next_frame()


def lit(lens: Lens) -> list[str]:
    """The boxes, terms and lines that are lit, each by its first line."""
    texts = lens.page.locator(".mark.lit").evaluate_all(
        "all => all.map(one => (one.querySelector('.unseen') ?? one).innerText)"
    )
    return [text.splitlines()[0] for text in texts]


def costs(lens: Lens) -> list[float]:
    """Reconstruction and KL, as the bar under the squares has them."""
    texts = lens.page.locator(".cost-sum .term b").all_inner_texts()
    return [float(text.split()[0]) for text in texts[:2]]


def test_it_unfolds_and_shows_the_numbers_of_this_input(
    tab: Lens, posterior: tuple[np.ndarray, np.ndarray]
) -> None:
    expect(tab.slider("ε1")).to_be_hidden()
    tab.page.get_by_text("Show the computation").click()
    tab.slider("ε1").wait_for()
    mean, sigma = posterior
    assert np.abs(column(tab, "mu") - mean).max() < 6e-4
    assert np.abs(column(tab, "sigma") - sigma).max() < 6e-4
    assert np.abs(column(tab, "log_var") - 2 * np.log(sigma)).max() < 6e-4
    assert np.abs(noise(tab)).max() < 1e-3
    tab.eventually(lambda: query(tab.page.url).get("computation") == "open")


def test_epsilon_moves_z(tab: Lens, posterior: tuple[np.ndarray, np.ndarray]) -> None:
    mean, sigma = posterior
    places = []
    tab.drag(tab.slider("ε1"), (0.5, 0.5))
    for share in (0.3, 0.6, 0.7):
        before = tab.z()
        tab.move(tab.slider("ε1"), (share, 0.5))
        wait_for_another(tab, before)
        assert np.abs(tab.z() - (mean + sigma * noise(tab))).max() < 1e-3
        assert np.abs(column(tab, "z") - tab.z()).max() < 6e-4
        places.append((tab.value("ε1"), *cross(tab.map())))
    tab.release()
    eps, across, up = np.array(places).T
    # The cross-hair goes with it: to the side, in proportion.
    assert np.abs(np.polyval(np.polyfit(eps, across, 1), eps) - across).max() < 2e-3
    assert np.ptp(across) > 0.01
    assert np.ptp(up) < 2e-3


def test_keys_move_epsilon(tab: Lens, posterior: tuple[np.ndarray, np.ndarray]) -> None:
    mean, sigma = posterior
    before = noise(tab)
    tab.slider("ε2").focus()
    for _ in range(3):
        tab.page.keyboard.press("ArrowRight")
    tab.eventually(lambda: np.abs(noise(tab) - before - [0, 0.3]).max() < 1e-3)
    tab.next_frame()
    assert np.abs(tab.z() - (mean + sigma * noise(tab))).max() < 1e-3


def test_a_draw_is_a_z_of_this_input(tab: Lens, posterior: tuple[np.ndarray, np.ndarray]) -> None:
    mean, sigma = posterior
    before = noise(tab)
    tab.page.get_by_role("button", name="Draw ε").click()
    tab.eventually(lambda: (noise(tab) != before).all())
    tab.page.wait_for_timeout(400)  # it glides there
    assert np.abs(tab.z() - (mean + sigma * noise(tab))).max() < 1e-3
    tab.page.get_by_role("button", name="ε = 0").click()
    tab.eventually(lambda: np.abs(noise(tab)).max() < 1e-3)


def test_epsilon_follows_the_map(tab: Lens, posterior: tuple[np.ndarray, np.ndarray]) -> None:
    mean, sigma = posterior
    before = tab.z()
    tab.drag(tab.map(), (0.5, 0.5), (0.1, 0.1))
    tab.release()
    wait_for_another(tab, before)
    eps = (tab.z() - mean) / sigma
    assert np.abs(column(tab, "eps") - eps).max() < 6e-3
    assert np.abs(eps).max() > 3
    assert np.abs(noise(tab) - eps.clip(-4, 4)).max() < 1e-3
    expect(tab.page.get_by_text("this z is unlikely for this input")).to_be_visible()


def test_pointing_lights_up_box_term_and_line(tab: Lens) -> None:
    tab.page.locator(".numbers .mark.sigma").hover()
    found = lit(tab)
    assert "sigma = torch.exp(0.5 * log_var)" in found
    assert "z = mu + sigma * eps" in found
    assert found.count("σ") == 3  # the box, and a term in each of two formulas
    assert not {"μ", "log σ²"} & {*found}
    expect(tab.page.locator(".sentence")).to_contain_text("σ is the cloud's width")
    tab.page.get_by_text("eps = torch.randn_like(sigma)").hover()
    assert "σ" not in lit(tab)
    assert lit(tab).count("ε") == 3
    tab.page.locator(".sentence").hover()
    assert lit(tab) == []
    # A click, or a finger's tap, lasts until the next.
    box = tab.page.locator(".numbers .mark.mu")
    box.click()
    tab.page.locator(".sentence").hover()
    assert "mu, log_var = model.encoder[-1](hidden).chunk(2, dim=1)  # 256 → 2 + 2" in lit(tab)
    box.click()
    tab.page.locator(".sentence").hover()
    assert lit(tab) == []


def test_keys_light_up_and_escape_ends_it(tab: Lens) -> None:
    tab.page.locator(".code .line").first.focus()
    tab.page.keyboard.press("ArrowDown")
    assert any(text.startswith("hidden") for text in lit(tab))
    tab.page.keyboard.press("Enter")
    pressed = tab.page.locator("[aria-pressed=true].line")
    expect(pressed).to_have_count(1)
    z = tab.z()
    tab.page.keyboard.press("Escape")
    assert lit(tab) == []
    expect(pressed).to_have_count(0)
    # This Escape wasn't the one that goes back to the input.
    assert (tab.z() == z).all()


def test_the_copied_lines_run(tab: Lens, posterior: tuple[np.ndarray, np.ndarray]) -> None:
    tab.page.get_by_role("button", name="Copy", exact=True).click()
    expect(tab.page.get_by_role("button", name="Copied", exact=True)).to_be_visible()
    found = run(tab.page.evaluate("navigator.clipboard.readText()"))
    mean, sigma = posterior
    assert np.abs(found["mu"].numpy()[0] - mean).max() < 1e-3
    assert np.abs(found["sigma"].numpy()[0] - sigma).max() < 1e-3


def test_the_notebook_gives_what_is_shown(tab: Lens, tmp_path: Path) -> None:
    tab.page.get_by_role("button", name="Draw ε").click()
    tab.page.wait_for_timeout(500)  # it glides there
    tab.next_frame()
    with tab.page.expect_download() as download:
        tab.page.get_by_role("button", name="Notebook", exact=True).click()
    assert download.value.suggested_filename == "latent-lab-vae-2.ipynb"
    found = run_notebook(json.loads(Path(download.value.path()).read_text("utf-8")), tmp_path)
    assert np.abs(found["z"] - tab.z()).max() < 1e-3
    x_hat = 255 * np.reshape(found["x_hat"], (28, 28))
    assert np.abs(x_hat - tab.picture()).max() <= 1
    shown = dict(zip(("reconstruction", "kl"), costs(tab), strict=True))
    # Shown to a tenth, and from μ and σ as the zoo stores them, in float16.
    assert shown == {name: pytest.approx(found["cost"][name], abs=0.07) for name in shown}


def test_an_autoencoder_has_no_epsilon(tab: Lens) -> None:
    tab.open("/?model=ae-2&computation=open")
    table = tab.page.get_by_role("table", name="numbers of each latent")
    table.wait_for()
    assert np.abs(column(tab, "z") - tab.z()).max() < 6e-4
    expect(tab.slider("ε1")).to_have_count(0)
    expect(tab.page.get_by_role("button", name="Draw ε")).to_be_hidden()
    expect(tab.page.get_by_text("there is no σ and no ε")).to_be_visible()
