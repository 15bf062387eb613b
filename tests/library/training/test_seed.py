"""The seed of a training decides the order of its images and its noise, not its weights alone."""

import numpy as np
import pytest
import torch

from aemodels import data
from aemodels.config import Config
from aemodels.families import FAMILIES
from aemodels.families.base import Batch, Family, Model, Terms
from aemodels.models.autoencoder import Autoencoder
from aemodels.training import fit
from aemodels.training.resident import Resident
from tests.library.running import DEVICE

# Images that can be told apart by one pixel.
IMAGES = np.zeros((60, 28, 28), np.uint8)
IMAGES[:, 0, 0] = np.arange(60)
EPOCHS = 2


def seen(seed: int, monkeypatch: pytest.MonkeyPatch) -> tuple[list[list[int]], list[float]]:
    """The images of each batch of a training with this seed, and the noise after each."""
    orders: list[list[int]] = []
    draws: list[float] = []
    real = FAMILIES["vae"].objective

    def objective(family: Family, model: Model, batch: Batch, noise: torch.Generator) -> Terms:
        terms = real(family, model, batch, noise)
        if torch.is_grad_enabled():
            orders.append((batch.images[:, 0] * 255).round().int().tolist())
            copy = torch.Generator(noise.device)
            copy.set_state(noise.get_state())
            draws.append(torch.rand((), generator=copy, device=noise.device).item())
        return terms

    config = Config.of("vae", hidden=(8,), epochs=EPOCHS, batch_size=20, seed=seed)
    with monkeypatch.context() as patch:
        patch.setattr(FAMILIES["vae"], "objective", objective)
        list(fit.training_of(Autoencoder(config).to(DEVICE), IMAGES, IMAGES[:10]).run())
    return orders, draws


def test_another_seed_is_another_order_and_other_noise(monkeypatch: pytest.MonkeyPatch) -> None:
    first, again, other = (seen(seed, monkeypatch) for seed in (3, 3, 4))
    assert first == again
    for orders, draws in (first, other):
        assert len(orders) == 3 * EPOCHS
        # Each epoch has every image, in an order that is neither the files' nor the last epoch's.
        epochs = [np.concatenate(part).tolist() for part in (orders[:3], orders[3:])]
        assert [sorted(epoch) for epoch in epochs] == [list(range(60))] * 2
        assert epochs[0] != epochs[1]
        assert list(range(60)) not in epochs
        assert len(set(draws)) == len(draws)
    assert first[0][0] != other[0][0]
    assert set(first[1]).isdisjoint(other[1])


def test_stochastic_pixels_are_drawn_anew_with_the_probability_of_their_grey(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    grey = np.full((50, 28, 28), 64, np.uint8)
    drawn: list[torch.Tensor] = []
    real = FAMILIES["ae"].objective

    def objective(family: Family, model: Model, batch: Batch, noise: torch.Generator) -> Terms:
        if torch.is_grad_enabled():
            drawn.append(batch.images.clone())
        return real(family, model, batch, noise)

    monkeypatch.setattr(FAMILIES["ae"], "objective", objective)
    config = Config.of("ae", hidden=(8,), epochs=2, batch_size=50, binarisation="stochastic")
    for _ in range(2):
        torch.manual_seed(len(drawn))
        list(fit.training_of(Autoencoder(config).to(DEVICE), grey, grey[:10]).run())
    first, second, again, _ = drawn
    assert set(first.unique().tolist()) == {0, 1}
    # 39,200 coins: five standard deviations are 0.011.
    assert first.mean().item() == pytest.approx(64 / 255, abs=0.011)
    assert not torch.equal(first, second)
    assert torch.equal(first, again)


def test_pixels_in_training_are_those_of_measuring() -> None:
    """255 is 1, and the threshold that of `data.binarise`."""
    levels = np.arange(256, dtype=np.uint8).repeat(784).reshape(256, 28, 28)
    for binarisation in ("grey", "threshold"):
        images = Resident(levels, None, binarisation, torch.device("cpu"))
        found = images.take(torch.arange(256), torch.Generator())
        np.testing.assert_allclose(found, data.binarise(levels, binarisation), rtol=1e-6)
