"""Dropout: its share and its mean, from the training's own noise, and none outside training."""

import copy
from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest
import torch
from scipy import stats  # type: ignore[import-untyped]
from torch import nn

from aemodels import data
from aemodels.models import dropout
from aemodels.models.autoencoder import Autoencoder, tensors
from aemodels.models.dropout import DropoutActivation
from aemodels.training import fit
from tests.library import small
from tests.library.running import DEVICE, assert_same


@pytest.fixture
def few(mnist: data.Dataset) -> data.Dataset:
    return replace(mnist, test_images=mnist.test_images[:50], test_labels=mnist.test_labels[:50])


def layer(share: float, seed: int = 0) -> DropoutActivation:
    made = DropoutActivation(nn.ReLU(), share)
    dropout.draw_from(torch.Generator(DEVICE).manual_seed(seed), made)
    return made


@pytest.mark.parametrize("share", [0.1, 0.25, 0.9])
@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16])
def test_units_are_dropped_one_by_one_and_the_others_make_up_for_them(
    share: float, dtype: torch.dtype
) -> None:
    # Not a multiple of 4, the numbers that one draw gives.
    values = torch.ones(123, 457, dtype=dtype, device=DEVICE)
    found = layer(share)(values).float().cpu()
    kept = found > 0
    np.testing.assert_allclose(found[kept], 1 / (1 - share), rtol=0.004)
    whole = stats.binomtest(int((~kept).sum()), kept.numel(), share)
    assert whole.pvalue > 1e-3
    # Neither places nor neighbours differ.
    for part in range(4):
        own = ~kept.flatten()[part::4]
        assert stats.binomtest(int(own.sum()), len(own), share).pvalue > 1e-3
    for distance in (1, 2, 3, 457):
        flat = kept.flatten().float()
        pairs = torch.stack([flat[:-distance], flat[distance:]])
        assert abs(float(torch.corrcoef(pairs)[0, 1])) < 4 * kept.numel() ** -0.5


def test_the_gradient_passes_through_what_is_kept() -> None:
    values = torch.full((50, 60), 2.0, device=DEVICE, requires_grad=True)
    found = layer(0.5)(values)
    (gradient,) = torch.autograd.grad(found.sum(), values)
    assert torch.equal(gradient * 2, found)
    assert set(gradient.unique().tolist()) == {0.0, 2.0}


def test_outside_training_and_in_its_tensors_it_is_the_model_without() -> None:
    config = small.config("vae", hidden=(30, 20))
    plain, model = Autoencoder(config), Autoencoder(config.with_(dropout=0.5))
    assert plain.state_dict().keys() == model.state_dict().keys()
    images = np.random.default_rng(0).random((9, 784), np.float32)
    np.testing.assert_array_equal(model.eval().encode(images), plain.encode(images))
    with pytest.raises(RuntimeError, match="without a generator"):
        model.train().encode(images)


def dropping(model: nn.Module) -> Iterator[str]:
    return (name for name, part in model.named_modules() if isinstance(part, DropoutActivation))


def test_it_follows_each_hidden_layer_of_the_encoder_and_none_of_the_decoder() -> None:
    model = Autoencoder(small.config("ae", hidden=(30, 20), dropout=0.5, code_activation="relu"))
    assert list(dropping(model)) == ["encoder.1", "encoder.3"]
    assert not list(dropping(Autoencoder(small.config("ae", hidden=(30, 20)))))


@pytest.mark.parametrize("precision", ["fp32", "bf16"])
def test_training_draws_from_its_own_noise_and_resumes_with_the_same_bits(
    precision: str, few: data.Dataset
) -> None:
    config = small.config("ae", epochs=2, dropout=0.3, precision=precision)
    whole = fit.begin(config, few)
    before = torch.get_rng_state()
    checkpoints = [whole.checkpoint() for _ in whole.run()]
    assert torch.equal(before, torch.get_rng_state())
    torch.manual_seed(1)
    resumed = fit.begin(config, few)
    resumed.restore(checkpoints[0])
    list(resumed.run())
    assert_same(tensors(resumed.model), tensors(whole.model))
    without = fit.begin(config.with_(dropout=0), few)
    list(without.run())
    with pytest.raises(AssertionError):
        assert_same(tensors(without.model), tensors(whole.model))


def test_each_step_drops_others_and_measuring_drops_none(few: data.Dataset) -> None:
    training = fit.begin(small.config("ae", dropout=0.5), few)
    images = torch.rand(20, 784, device=training.device)
    model = training.model.train()
    first, second = (model.encode_parameters(images)[0] for _ in range(2))
    assert not torch.equal(first, second)
    model.eval()
    state = training.checkpoint()
    assert training.measure() == training.measure()
    assert training.checkpoint() == state


def test_a_copy_of_a_model_draws_from_the_same_noise() -> None:
    """A training may work on a copy; what it draws must be what a checkpoint continues."""
    model = layer(0.5)
    other = copy.deepcopy(model)
    values = torch.ones(20, 30, device=DEVICE)
    noise = layer(0.5)
    expected = [noise(values) for _ in range(4)]
    for each, which in zip(expected, (model, other, other, model), strict=True):
        assert torch.equal(which(values), each)
    assert not copy.deepcopy(model.eval()).training


def test_a_share_next_to_none_drops_next_to_nothing() -> None:
    found = layer(1e-6)(torch.ones(1000, 100, device=DEVICE))
    assert (found > 0).float().mean().item() > 0.999
