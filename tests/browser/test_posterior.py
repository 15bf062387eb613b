"""Explore: the posterior of the input, samples of it, all posteriors as clouds, an input's cost.

The figures are compared with what PyTorch makes of the same bundles.
"""

import re
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Browser, Locator, expect

from aemodels import data, views
from aemodels.analysis import latent_space
from aemodels.analysis.evaluation import per_image_sse
from aemodels.analysis.likelihood import per_image_error
from aemodels.bundles import bundle, zoo
from aemodels.bundles.load import load
from aemodels.data.binarisation import binarise
from browser.lens import Lens, near, pixels, query, rgba
from tests.browser.conftest import Decode, one_tab

DIGITS = [0, 7, 18, 4321, 9999]
# What images cost at several codes, and their posteriors, as the parts of Explore compute them.
COSTS = """async ({entry, dataset, digits, codes}) => {
    const { leaseModel } = await import("/lens/model/model.mjs");
    const { openDataset } = await import("/lens/model/dataset.mjs");
    const { Subject } = await import("/lens/explore/subject.mjs");
    const { costOf } = await import("/lens/explore/cost_bar.mjs");
    const lease = leaseModel("", entry);
    const model = await lease.model;
    const subject = new Subject(model, await openDataset("", dataset));
    const found = [];
    for (const [k, i] of digits.entries()) {
        subject.input = subject.testInput(i);
        const { mean, logVar } = await model.posterior(subject.input.image);
        const costs = [];
        for (const z of codes[k]) {
            const decoded = await model.decode(Float32Array.from(z));
            costs.push(costOf(subject, decoded, model.logits(decoded)));
        }
        const listed = (values) => values && [...values];
        const encoded = { mean: listed(mean), logVar: listed(logVar) };
        const stored = { mean: listed(subject.input.mean), logVar: listed(subject.input.logVar) };
        found.push({ costs, encoded, stored });
    }
    lease.end();
    return found;
}"""


@pytest.fixture(scope="module")
def tab(app: str, browser: Browser) -> Iterator[Lens]:
    with one_tab(browser, app) as lens:
        yield lens


@pytest.fixture(scope="module")
def explore(tab: Lens) -> Lens:
    """The VAE of the first page, at the first test digit; each test leaves it as it finds it."""
    return tab.open("/")


@pytest.mark.parametrize(
    "name", ["vae-2", "vae-16", "binary-vae-2", "vae-50", "loss-l1", "ae-2", "pca-2"]
)
def test_costs_and_posteriors_are_those_of_pytorch(
    explore: Lens, mnist: data.Dataset, name: str
) -> None:
    item = bundle.read(zoo.folder() / name)
    model = load(item)
    # All, since a stochastic draw is one of all test images.
    images = binarise(mnist.test_images, model.config.data.binarisation)[DIGITS]
    mean, log_var = (each if each is None else each[DIGITS] for each in item.codes())
    assert mean is not None
    rng = np.random.default_rng(0)
    spread = 0.1 if log_var is None else np.exp(log_var / 2)
    samples = mean + spread * rng.standard_normal(mean.shape)
    # Where a sigmoid rounds to 0 or 1, and cross-entropy is large.
    far = 3 * rng.standard_normal(mean.shape)
    codes = np.stack([mean, samples, far], axis=1).astype(np.float32)
    question = {
        "entry": views.model(item),
        "dataset": views.dataset("mnist"),
        "digits": DIGITS,
        "codes": codes.tolist(),
    }
    answers: list[dict[str, Any]] = explore.page.evaluate(COSTS, question)
    for k, answer in enumerate(answers):
        repeated = np.repeat(images[[k]], 3, axis=0)
        errors = per_image_error(model, repeated, codes[k])
        squares = per_image_sse(model, repeated, codes[k])
        for found, error, square in zip(answer["costs"], errors, squares, strict=True):
            assert found["reconstruction"] == pytest.approx(error, rel=1e-3)
            assert found["squares"] == pytest.approx(square, rel=1e-3)
        stored, encoded = answer["stored"], answer["encoded"]
        # Stored as float16, which has eleven binary digits.
        assert encoded["mean"] == pytest.approx(stored["mean"], rel=2**-11, abs=2e-3)
        if log_var is None:
            assert encoded["logVar"] is None
            assert {cost["kl"] for cost in answer["costs"]} == {None}
            continue
        kl = float(latent_space.kl(mean[[k]], log_var[[k]]).sum())
        assert [cost["kl"] for cost in answer["costs"]] == pytest.approx([kl] * 3, rel=1e-3)
        # σ from codes.npy and from the encoder.
        sigmas = [np.exp(np.array(each["logVar"]) / 2) for each in (stored, encoded)]
        assert sigmas[0] == pytest.approx(sigmas[1], rel=3e-3)
        assert sigmas[0] == pytest.approx(np.exp(log_var[k] / 2), rel=1e-6)


def number(lens: Lens, term: str) -> float:
    """A number of the cost bar, by the class of its term."""
    return float(lens.page.locator(f".cost-sum {term} b").inner_text().split()[0])


def words(lens: Lens) -> str:
    return lens.page.locator(".cost-words").inner_text()


def test_the_bar_shows_the_cost_of_z_while_it_moves(explore: Lens, mnist: data.Dataset) -> None:
    model = load(zoo.folder() / "vae-2")
    image = binarise(mnist.test_images[[0]], "grey")
    mean, log_var = model.posterior(image)
    kl = float(latent_space.kl(mean, log_var).sum())

    def agrees() -> bool:
        z = explore.z()[None]
        error = float(per_image_error(model, image, z)[0])
        return (
            abs(number(explore, ".reconstruction") - error) < 0.06
            and abs(number(explore, ".kl") - kl) < 0.06
            and abs(float(total(explore)) - error - kl) < 0.06
        )

    explore.eventually(agrees)
    assert "mean μ" in words(explore)
    seen = set()
    explore.drag(explore.map(), (0.5, 0.5))
    for place in [(0.3, 0.3), (0.7, 0.4), (0.5, 0.8)]:
        explore.move(explore.map(), place)
        explore.eventually(agrees)
        seen.add(total(explore))
    assert len(seen) == 3
    explore.release()
    assert "z is yours" in words(explore)
    explore.page.keyboard.press("Escape")
    explore.eventually(lambda: "mean μ" in words(explore))
    # What a term means stands below once it is pressed.
    kl_term = explore.page.get_by_role("button", name=re.compile("^KL"))
    kl_term.click()
    assert "how much the code tells about this digit" in words(explore)
    kl_term.click()
    assert "mean μ" in words(explore)
    explore.page.locator(".kl-latents summary").click()
    rows = explore.page.locator(".kl-row .value")
    explore.eventually(lambda: abs(sum(map(float, rows.all_inner_texts())) - kl) < 0.11)
    explore.page.locator(".kl-latents summary").click()


def total(lens: Lens) -> str:
    """The sum that the bar stands for, without its unit."""
    return lens.page.locator(".cost-sum > b").inner_text().split()[0]


def first_posterior() -> tuple[np.ndarray, np.ndarray]:
    """μ and σ of the first test digit, (2,) each."""
    mean, log_var = bundle.read(zoo.folder() / "vae-2").codes()
    assert log_var is not None
    return mean[0], np.exp(log_var[0] / 2)


def test_resample_stays_within_the_posterior(explore: Lens) -> None:
    mean, sigma = first_posterior()
    text = explore.page.locator(".posterior-words").inner_text().replace("−", "-")
    shown = [float(each) for each in re.findall(r"-?\d+\.\d\d", text)]
    assert shown == pytest.approx([*mean, *sigma], abs=0.0051)
    resample = explore.page.get_by_role("button", name="Resample")
    seen: set[bytes] = {explore.z().tobytes()}
    for press in (resample.click, lambda: resample.press("Enter"), lambda: resample.press(" ")):
        press()
        explore.eventually(lambda: "sample of the posterior" in words(explore))
        explore.page.wait_for_timeout(400)  # it glides there
        z = explore.z()
        assert z.tobytes() not in seen
        seen.add(z.tobytes())
        # One draw of a million is further away.
        assert (np.abs(z - mean) < 5 * sigma).all()
    assert not explore.page.locator(".input.own").count()
    explore.page.get_by_role("button", name="Next digit").focus()
    explore.page.keyboard.press("Escape")


def test_twenty_samples(explore: Lens, decode: Decode) -> None:
    page = explore.page
    for _ in range(12):
        explore.map().press("+")
    page.get_by_role("button", name="20 samples").click()
    pictures = page.locator(".sample-pictures button")
    pictures.first.wait_for()
    assert pictures.count() == 20
    explore.eventually(lambda: "nats" in page.locator(".sample-words").inner_text())
    mean, sigma = first_posterior()
    found = []
    # By mouse, then by keys.
    for k in range(20):
        picture = pictures.nth(k)
        if k < 3:
            picture.click()
        else:
            page.keyboard.press("ArrowRight")
            page.keyboard.press("Enter")
        expect(picture).to_have_attribute("aria-pressed", "true")
        z = explore.z()
        assert near(pixels(picture.locator("canvas")), decode("vae-2", z))
        found.append(z)
    codes = np.array(found)
    assert len(np.unique(codes, axis=0)) == 20
    assert (np.abs(codes - mean) < 5 * sigma).all()
    low_u, high_u, low_v, high_v = map(float, query(page.url)["frame"].split(","))
    # A dot of the accent's colour at each, unless it is out of view.
    page.mouse.move(1, 1)
    overlay = rgba(explore.map().locator("canvas").last)
    size = len(overlay)
    accent = page.locator(".lens.explore").evaluate(
        "one => getComputedStyle(one).getPropertyValue('--st-primary-color')"
    )
    colour = [int(accent[k : k + 2], 16) for k in (1, 3, 5)]
    across = (codes[:, 0] - low_u) / (high_u - low_u) * size
    down = (1 - (codes[:, 1] - low_v) / (high_v - low_v)) * size
    seen = 0
    for x, y in zip(across, down, strict=True):
        if min(x, y) > 8 and max(x, y) < size - 8:
            seen += 1
            around = overlay[int(y) - 2 : int(y) + 3, int(x) - 2 : int(x) + 3, :3].reshape(-1, 3)
            assert np.abs(around.astype(int) - colour).sum(1).min() < 40
    assert seen >= 15
    # The same samples after a reload of the page, from its address.
    assert query(page.url)["samples"].isdigit()
    page.get_by_role("button", name="Hide").click()
    explore.eventually(lambda: "samples" not in query(page.url))
    assert not pictures.first.is_visible()
    explore.map().press("0")
    page.keyboard.press("Escape")


def ground(lens: Lens) -> Locator:
    return lens.map().locator("canvas").first


def test_clouds_cover_what_the_posteriors_cover(explore: Lens, mnist: data.Dataset) -> None:
    page = explore.page
    item = bundle.read(zoo.folder() / "vae-2")
    mean, log_var = item.codes()
    assert log_var is not None
    space = views.model(item)["space"]
    page.get_by_role("button", name="Clouds").click()
    explore.eventually(lambda: "posteriors" in page.locator(".middle .place").inner_text())
    low = np.array(space["plane_low"]) + space["mean"]
    high = np.array(space["plane_high"]) + space["mean"]
    places = np.random.default_rng(0).uniform(0.05, 0.95, (800, 2))
    codes = low + places * (high - low)
    gaps = ((codes[:, None] - mean[None]) ** 2 / np.exp(log_var)[None]).sum(2)
    labels = mnist.test_labels

    def coverage() -> np.ndarray:
        alpha = rgba(ground(explore))[..., 3]
        rows = ((1 - places[:, 1]) * len(alpha)).astype(int)
        return alpha[rows, (places[:, 0] * len(alpha)).astype(int)]

    def covers(visible: np.ndarray) -> bool:
        counts = (gaps[:, visible] < 1).sum(1)
        # Not the edge of an ellipse: none there within 1.3 standard deviations.
        clear = (gaps[:, visible] < 1.3**2).sum(1) == 0
        alpha = coverage()
        assert min(clear.sum(), (counts >= 2).sum()) > 10
        # Axes and names of classes lie there too.
        return bool((alpha[counts >= 2] > 60).mean() > 0.98 and (alpha[clear] == 0).mean() > 0.8)

    explore.eventually(lambda: covers(np.arange(10_000)))
    shown = page.get_by_role("group", name="classes shown")
    shown.get_by_role("button", name="1", exact=True).click()
    explore.eventually(lambda: covers(np.flatnonzero(labels == 1)))
    shown.get_by_role("button", name="1", exact=True).click()
    explore.eventually(lambda: query(page.url).get("layer") == "clouds")
    page.get_by_role("button", name="Points").click()


def test_the_prior_s_circles(explore: Lens) -> None:
    page = explore.page
    space = views.model(bundle.read(zoo.folder() / "vae-2"))["space"]
    before = rgba(ground(explore)).astype(int)
    prior = page.get_by_role("button", name="Prior's circles")
    prior.press("Enter")
    explore.eventually(lambda: query(page.url).get("prior") == "circles")
    changed = (rgba(ground(explore)).astype(int) != before).any(2)
    size = len(changed)
    low = np.array(space["plane_low"]) + space["mean"]
    high = np.array(space["plane_high"]) + space["mean"]
    rows, columns = np.nonzero(changed)
    codes = low + np.stack([(columns + 0.5) / size, 1 - (rows + 0.5) / size], 1) * (high - low)
    radii, pixel = np.hypot(*codes.T), (high - low)[0] / size
    assert (np.abs(radii[:, None] - [1, 2]).min(1) < 2 * pixel).all()
    for radius in (1, 2):
        angles = np.arctan2(*codes[np.abs(radii - radius) < 2 * pixel].T)
        assert len(np.unique((angles * 30).astype(int))) > 150
    prior.press("Enter")
    explore.eventually(lambda: "prior" not in query(page.url))


def test_an_address_brings_samples_and_circles_back(tab: Lens) -> None:
    tab.open("/?samples=7&prior=circles&layer=clouds")
    page = tab.page
    assert page.locator(".sample-pictures button").first.is_visible()
    assert page.get_by_role("button", name="Prior's circles").get_attribute("aria-pressed") == (
        "true"
    )
    assert page.get_by_role("button", name="Clouds").get_attribute("aria-pressed") == "true"


def test_a_model_without_a_posterior_says_why(tab: Lens) -> None:
    tab.open("/?model=pca&latents=2")
    page = tab.page
    assert "PCA gives each digit one code" in page.locator(".posterior-words").inner_text()
    assert not page.get_by_role("button", name="Resample").is_visible()
    page.get_by_role("button", name="Clouds").click()
    assert "PCA has no clouds" in page.locator(".middle .place").inner_text()
    assert page.get_by_role("button", name=re.compile("^squared error")).is_visible()
    assert not page.get_by_role("button", name=re.compile("^KL")).is_visible()
