"""The numbers of lessons, computed in the browser, are those of PyTorch and of the bundles."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest
import torch
from playwright.sync_api import Browser

from aemodels import views
from aemodels.analysis import decoder, latent_space
from aemodels.analysis.legibility import legible_share
from aemodels.objectives.corruption import corrupt
from pages.uses import anomalies
from tests.browser.conftest import one_tab
from tests.lessons import shipped
from tests.lessons.shipped import FIRST, Digits, bundle, error, kl, model, posterior

Measure = Callable[[str], float]
MODULE = "/lens/lesson/measures/measure.mjs"
MODELS = (
    *("ae-2", "ae-16", "vae-2", "vae-16", "vae-50", "pca-2", "linear-2", "pca-16", "linear-16"),
    *("bottleneck-2", "bottleneck-32", "denoising-masking", "beta-2d-1", "beta-2d-30"),
)
COMPUTE = """async ([module, context, words]) => {
  const { valueOf } = await import(module);
  return await valueOf(words, { ...context, base: module.replace(/.lens.*/, "") });
}"""
WRITE = "async ([module, words, value]) => (await import(module)).written(words, value)"


@pytest.fixture(scope="module")
def measure(app: str, browser: Browser) -> Iterator[Measure]:
    """The value of a measure by its words."""
    with one_tab(browser, app) as tab:
        tab.open("/?model=pca-2")
        context = {
            "models": {name: views.model(bundle(name)) for name in MODELS},
            "detectors": anomalies.detectors(),
            "dataset": views.dataset("mnist"),
        }
        handed: dict[str, Any] = json.loads(json.dumps(context))
        yield lambda words: tab.page.evaluate(COMPUTE, [app + MODULE, handed, words])


@pytest.fixture(scope="module")
def digits() -> Digits:
    return shipped.digits()


def spread(share: float, draws: int = FIRST) -> float:
    """How far two shares of as many draws may be apart: three standard deviations."""
    return float(3 * np.sqrt(2 * share * (1 - share) / draws))


def test_errors_are_those_in_the_bundles(measure: Measure) -> None:
    for name in ("pca-2", "ae-2", "vae-16"):
        assert measure(f"error {name}") == pytest.approx(error(name), rel=1e-4)
    assert measure("error_change pca-2 ae-2") == pytest.approx(
        1 - error("ae-2") / error("pca-2"), abs=1e-4
    )


def test_the_reconstruction_term_is_that_of_other_samples(measure: Measure) -> None:
    """The bundle's is the mean of ten samples of each posterior, the browser's of one."""
    wanted = {}
    for name in ("beta-2d-1", "beta-2d-30"):
        metrics = bundle(name).metrics
        wanted[name] = metrics.number("negative_elbo_sample") - metrics.number("kl")
        assert measure(f"reconstruction {name}") == pytest.approx(wanted[name], rel=0.003)
    change = wanted["beta-2d-30"] / wanted["beta-2d-1"] - 1
    assert measure("reconstruction_change beta-2d-1 beta-2d-30") == pytest.approx(change, abs=0.005)


@pytest.mark.parametrize("size", [2, 16])
def test_the_angle_is_the_largest_of_scipy_s(measure: Measure, size: int) -> None:
    names = f"pca-{size}", f"linear-{size}"
    angles = decoder.principal_angles(*(decoder.atoms(bundle(name)) for name in names))
    for words in (" ".join(names), " ".join(names[::-1])):
        assert measure(f"angle {words}") == pytest.approx(angles.max(), abs=0.01)


def test_reconstructions_are_read_as_by_pytorch(measure: Measure, digits: Digits) -> None:
    # A picture between two classes may be read as either, rounded differently.
    assert measure("kept bottleneck-2") == pytest.approx(digits.kept[2].mean(), abs=0.003)
    originals = digits.read(digits.images[:FIRST]) == digits.labels[:FIRST]
    assert measure("kept originals") == pytest.approx(originals.mean(), abs=0.002)


@pytest.mark.parametrize("name", ["ae-16", "vae-16"])
def test_as_many_draws_are_legible_as_among_others(
    measure: Measure, digits: Digits, name: str
) -> None:
    z = np.random.default_rng(0).standard_normal((FIRST, 16)).astype(np.float32)
    wanted = digits.legible(model(name).decode(z))
    assert measure(f"legible {name}") == pytest.approx(wanted, abs=spread(wanted))


def test_draws_can_be_those_of_the_gaussian_fitted_to_the_codes(
    measure: Measure, digits: Digits
) -> None:
    wanted = legible_share(model("ae-16"), bundle("ae-16").codes()[0], digits.reader)
    assert measure("legible ae-16 fitted") == pytest.approx(wanted, abs=spread(wanted))
    assert measure("legible ae-16") < wanted / 4


def test_sigma_and_the_spread_of_a_class_are_numpy_s(measure: Measure, digits: Digits) -> None:
    mean, sigma = posterior("vae-2")
    ones = digits.labels == 1
    assert measure("sigma vae-2") == pytest.approx(sigma.mean(), rel=1e-4)
    assert measure("sigma vae-2 class 1") == pytest.approx(sigma[ones].mean(), rel=1e-4)
    assert measure("sigma vae-2 digit 7") == pytest.approx(sigma[7].mean(), rel=1e-4)
    assert measure("spread vae-2 class 1") == pytest.approx(mean[ones].std(0).mean(), rel=1e-4)


def test_the_kl_is_numpy_s_and_so_is_the_share_for_sigma(measure: Measure, digits: Digits) -> None:
    for name in ("vae-2", "vae-16"):
        assert measure(f"kl {name}") == pytest.approx(kl(name).mean(), rel=1e-4)
        _, sigma = posterior(name)
        narrow = 0.5 * (sigma**2 - 1 - np.log(sigma**2)).sum(1).mean()
        assert measure(f"narrow_share {name}") == pytest.approx(narrow / kl(name).mean(), rel=1e-4)
    zeros = kl("vae-2")[digits.labels == 0]
    assert measure("kl vae-2 class 0") == pytest.approx(zeros.mean(), rel=1e-4)


def test_active_latents_are_those_that_python_counts(measure: Measure) -> None:
    for name, size in (("vae-16", 16), ("vae-50", 50)):
        mean, log_var = bundle(name).codes()
        inactive = latent_space.describe(mean, log_var, "vae").inactive
        assert measure(f"active {name}") == (~inactive).sum()
        assert measure(f"latents {name}") == size


def test_samples_are_read_as_their_mean_as_often_as_others(
    measure: Measure, digits: Digits
) -> None:
    mean, sigma = (each[:FIRST] for each in posterior("vae-16"))
    noise = np.random.default_rng(0).standard_normal(mean.shape)
    drawn, still = (
        digits.read(model("vae-16").decode(z.astype(np.float32)))
        for z in (mean + sigma * noise, mean)
    )
    wanted = float((drawn == still).mean())
    assert measure("class_kept vae-16") == pytest.approx(wanted, abs=spread(wanted))


def test_halfway_is_as_legible_as_between_other_pairs(measure: Measure, digits: Digits) -> None:
    generator = np.random.default_rng(0)
    pairs = generator.integers(0, 10_000, (2000, 2))
    a, b = pairs[digits.labels[pairs[:, 0]] != digits.labels[pairs[:, 1]]].T
    fade = digits.legible((digits.images[a] + digits.images[b]) / 2)
    assert measure("halfway fade") == pytest.approx(fade, abs=spread(fade, 200))
    codes = bundle("vae-16").codes()[0].astype(np.float64)
    start, end = codes[a], codes[b]
    # On the arc's middle lies the mean direction, at the mean length.
    lengths = [np.linalg.norm(each, axis=1, keepdims=True) for each in (start, end)]
    direction = start / lengths[0] + end / lengths[1]
    direction *= (lengths[0] + lengths[1]) / 2 / np.linalg.norm(direction, axis=1, keepdims=True)
    for way, z in (("straight", (start + end) / 2), ("spherical", direction)):
        wanted = digits.legible(model("vae-16").decode(z.astype(np.float32)))
        found = measure(f"halfway {way} vae-16")
        assert found == pytest.approx(wanted, abs=spread(wanted, 200))


def repaired(name: str, clean: np.ndarray, kind: str, level: float, seed: int) -> float:
    """The mean squared error against clean images (N, 784) of their corrupted ones' output."""
    generator = torch.Generator().manual_seed(seed)
    noisy = corrupt(torch.from_numpy(clean), kind, level, generator).numpy()
    return float(((model(name).reconstruct(noisy) - clean) ** 2).sum(1).mean())


def test_what_was_corrupted_is_repaired_as_by_pytorch(measure: Measure, digits: Digits) -> None:
    clean = digits.images[:500]
    for name in ("denoising-masking", "bottleneck-32"):
        for kind, level in (("masking", 0.5), ("salt-pepper", 0.25), ("gaussian", 0.5)):
            others = np.array([repaired(name, clean, kind, level, seed) for seed in range(6)])
            found = measure(f"repair {name} {kind} {level:g}")
            assert found == pytest.approx(others.mean(), abs=4 * others.std())
    assert measure("repair bottleneck-32 masking 0") == pytest.approx(
        ((model("bottleneck-32").reconstruct(clean) - clean) ** 2).sum(1).mean(), rel=1e-4
    )


def test_detectors_find_what_their_scores_say(measure: Measure) -> None:
    found = anomalies.detectors()["shallow-64"]
    normal, anomalous = (np.array(found[kind]) for kind in ("normal", "anomalous"))
    flagged = np.array([normal[k:].sum() for k in range(len(normal))]) / normal.sum()
    first = int(np.argmax(flagged <= 0.05))
    wanted = anomalous[first:].sum() / anomalous.sum()
    assert measure("found shallow-64 0.05") == pytest.approx(wanted)
    assert measure("auroc vae-16-fashion-elbo") < 0.5 < measure("auroc vae-16-fashion-squared")
