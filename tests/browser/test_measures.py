"""The numbers of lessons, computed in the browser, are those of PyTorch and of the bundles."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Browser

from aemodels import data, reader
from aemodels.analysis.legibility import legible, legible_share
from aemodels.bundles import bundle, zoo
from aemodels.bundles.load import load
from tests.browser.conftest import one_tab
from ui import lens_data

Measure = Callable[[str], float]
MODULE = "/lens/lesson/measures/measure.mjs"
MODELS = ("ae-2", "ae-16", "vae-16", "pca-2", "bottleneck-2")
COMPUTE = """async ([module, context, words]) => {
  const { valueOf } = await import(module);
  return await valueOf(words, { ...context, base: module.replace(/.lens.*/, "") });
}"""


def context() -> dict[str, Any]:
    """What a lesson about these models hands over."""
    models = {name: lens_data.model(bundle.read(zoo.folder() / name)) for name in MODELS}
    return {"models": models, "detectors": {}, "dataset": lens_data.dataset("mnist")}


@pytest.fixture(scope="module")
def measure(app: str, browser: Browser) -> Iterator[Measure]:
    """The value of a measure by its words."""
    with one_tab(browser, app) as tab:
        tab.open("/?model=pca&latents=2")
        handed = json.loads(json.dumps(context()))
        yield lambda words: tab.page.evaluate(COMPUTE, [app + MODULE, handed, words])


@pytest.fixture(scope="module")
def mnist() -> data.Dataset:
    return data.load()


def kept(images: np.ndarray, labels: np.ndarray) -> float:
    return float((reader.load().read(images).argmax(1) == labels).mean())


def test_errors_are_those_in_the_bundles(measure: Measure) -> None:
    for name in ("pca-2", "ae-2", "vae-16"):
        sse = bundle.read(zoo.folder() / name).metrics.number("sse")
        assert measure(f"error {name}") == pytest.approx(sse, rel=1e-4)


def test_reconstructions_are_read_as_by_pytorch(measure: Measure, mnist: data.Dataset) -> None:
    images, labels = data.to_vectors(mnist.test_images[:1000]), mnist.test_labels[:1000]
    model = load(zoo.folder() / "bottleneck-2")
    wanted = kept(model.decode(model.encode(images)), labels)
    # A picture between two classes may be read as either, rounded differently.
    assert measure("kept bottleneck-2") == pytest.approx(wanted, abs=0.003)
    assert measure("kept originals") == pytest.approx(kept(images, labels), abs=0.002)


@pytest.mark.parametrize("name", ["ae-16", "vae-16"])
def test_as_many_draws_are_legible_as_among_others(measure: Measure, name: str) -> None:
    model = load(zoo.folder() / name)
    z = np.random.default_rng(0).standard_normal((1000, 16)).astype(np.float32)
    wanted = float(legible(reader.load().read(model.decode(z))).mean())
    assert measure(f"legible {name}") == pytest.approx(wanted, abs=spread(wanted))


def test_fewer_draws_are_legible_of_noise_than_of_the_fitted_gaussian(measure: Measure) -> None:
    codes = bundle.read(zoo.folder() / "ae-16").codes()[0]
    wanted = legible_share(load(zoo.folder() / "ae-16"), codes, reader.load())
    assert measure("legible ae-16 fitted") == pytest.approx(wanted, abs=spread(wanted))
    assert measure("legible ae-16") < wanted / 4


def spread(share: float) -> float:
    """How far two shares of 1,000 draws may be apart: three standard deviations."""
    return float(3 * np.sqrt(2 * share * (1 - share) / 1000))
