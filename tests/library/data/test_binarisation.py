"""Grey and binarised pixels: what training sees, and what a test measures."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from aemodels import data
from aemodels.data.binarisation import binarise
from aemodels.families import FAMILIES
from aemodels.families.base import Batch, Family, Terms
from aemodels.models.autoencoder import Autoencoder
from aemodels.training import fit, loop
from tests.library import small


def watched(
    pixels: str, epochs: int, mnist: data.Dataset, monkeypatch: pytest.MonkeyPatch
) -> tuple[loop.Training[Autoencoder], list[torch.Tensor], list[torch.Tensor]]:
    """A training of 100 images in one batch, and the batches that it trained on and measured."""
    trained: list[torch.Tensor] = []
    measured: list[torch.Tensor] = []
    real = FAMILIES["ae"].objective

    def objective(
        self: Family, model: Autoencoder, batch: Batch, generator: torch.Generator
    ) -> Terms:
        (trained if model.training else measured).append(batch.images.clone())
        return real(self, model, batch, generator)

    monkeypatch.setattr(FAMILIES["ae"], "objective", objective)
    config = small.config("ae", binarisation=pixels, epochs=epochs, train_images=100)
    few = replace(mnist, test_images=mnist.test_images[:100])
    training = fit.begin(config, few)
    list(training.run())
    assert len(trained) == len(measured) == epochs
    return training, trained, measured


def sorted_rows(images: torch.Tensor) -> torch.Tensor:
    """The same for each order of the images."""
    return torch.from_numpy(np.unique(images.numpy(), axis=0))


@pytest.mark.parametrize("pixels", ["grey", "threshold"])
def test_fixed_pixels_are_the_same_in_each_epoch(
    pixels: str, mnist: data.Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, trained, measured = watched(pixels, 2, mnist, monkeypatch)
    grey = data.to_vectors(mnist.train_images[:100])
    expected = grey if pixels == "grey" else np.rint(grey)  # No level of 255 lies at one half.
    for batch in trained:
        assert torch.equal(sorted_rows(batch), sorted_rows(torch.from_numpy(expected)))
    assert torch.equal(measured[0], measured[1])
    np.testing.assert_allclose(measured[0], binarise(mnist.test_images[:100], pixels), atol=1e-7)
    if pixels == "threshold":
        assert set(trained[0].unique().tolist()) == {0.0, 1.0}


@pytest.mark.slow
def test_dynamic_pixels_are_drawn_anew_with_the_grey_level_as_mean(
    mnist: data.Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    training, trained, measured = watched("stochastic", 200, mnist, monkeypatch)
    draws = torch.stack(trained)
    assert set(draws.unique().tolist()) == {0.0, 1.0}
    assert not torch.equal(sorted_rows(draws[0]), sorted_rows(draws[1]))
    # Batches are shuffled, so the mean over images of each pixel is compared; a sum of coins.
    grey = torch.from_numpy(data.to_vectors(mnist.train_images[:100])).double()
    variance = (grey * (1 - grey)).sum(0) / (100**2 * len(draws))
    difference = draws.double().mean((0, 1)) - grey.mean(0)
    assert (difference.abs() <= 5 * variance.sqrt() + 1e-12).all()
    # How much draws differ from each other: by the coins' variance, so none is kept.
    spread = draws.double().mean(1).var(0)
    assert spread.sum().item() == pytest.approx((variance * len(draws)).sum().item(), rel=0.1)
    # A test measures the same draw each time.
    assert all(torch.equal(batch, measured[0]) for batch in measured)
    assert set(measured[0].unique().tolist()) == {0.0, 1.0}
    assert training.measure() == training.measure()


def test_a_fixed_draw_has_the_grey_level_as_mean(mnist: data.Dataset) -> None:
    images = mnist.test_images[:2000]
    grey, drawn = data.to_vectors(images).astype(np.float64), binarise(images, "stochastic")
    assert set(np.unique(drawn)) == {0.0, 1.0}
    np.testing.assert_array_equal(drawn, binarise(images, "stochastic"))
    error = np.sqrt((grey * (1 - grey)).sum(0)) / len(grey)
    assert (np.abs(drawn.mean(0, np.float64) - grey.mean(0)) <= 5 * error + 1e-12).all()
    assert (drawn[grey == 0] == 0).all()
    assert (drawn[grey == 1] == 1).all()
    np.testing.assert_array_equal(binarise(images, "threshold"), images.reshape(2000, 784) >= 128)
