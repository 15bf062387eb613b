"""One interface for all families: shapes, order of the head, weights from the seed alone."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from aemodels import data, layout, model
from aemodels.config import Config
from tests.library.small import config

FAMILIES = ["vae", "ae", "pca"]


@pytest.mark.parametrize("family", FAMILIES)
def test_arrays_in_and_out(family: str, made: Path, mnist: data.MNIST) -> None:
    loaded = model.load(made / family)
    images = data.vectors(mnist.test_images[:5000])
    codes = loaded.encode(images)
    pictures = loaded.decode(codes)
    assert codes.shape == (5000, 3)
    assert pictures.shape == (5000, 784)
    assert codes.dtype == pictures.dtype == np.float32
    # Batches must not show: one image alone gives the same.
    np.testing.assert_allclose(loaded.encode(images[4500:4501]), codes[4500:4501], atol=1e-5)
    if family != "pca":
        assert pictures.min() >= 0
        assert pictures.max() <= 1


@pytest.mark.parametrize("depth", [1, 2, 8])
@pytest.mark.parametrize("family", FAMILIES)
def test_tensors_are_those_of_the_layout(family: str, depth: int) -> None:
    made = Config(family=family, latent_dim=5)
    if family != "pca":
        made = replace(made, hidden=tuple(range(9, 9 + depth)))
    state = model.Autoencoder(made).state_dict()
    assert {name: tuple(value.shape) for name, value in state.items()} == layout.tensor_shapes(made)


@pytest.mark.parametrize("family", ["vae", "ae"])
def test_convolutional_tensors_are_those_of_the_layout(family: str) -> None:
    made = Config(family=family, latent_dim=5, body="conv")
    state = model.Autoencoder(made).state_dict()
    assert {name: tuple(value.shape) for name, value in state.items()} == layout.tensor_shapes(made)


def test_convolutions_start_as_pytorchs_do() -> None:
    torch.manual_seed(0)
    ours = model.Autoencoder(Config(body="conv"))
    for layer, theirs in {
        "encoder.3": torch.nn.Conv2d(32, 64, 3),
        "decoder.5": torch.nn.ConvTranspose2d(64, 32, 3),
    }.items():
        weight = ours.get_submodule(layer).weight
        assert isinstance(weight, torch.Tensor)
        assert weight.std().item() == pytest.approx(theirs.weight.std().item(), rel=0.02)


def test_convolutional_arrays_in_and_out(convolutional: Path, mnist: data.MNIST) -> None:
    loaded = model.load(convolutional / "vae")
    images = data.vectors(mnist.test_images[:50])
    codes = loaded.encode(images)
    assert codes.shape == (50, 3)
    assert loaded.decode(codes).shape == (50, 784)
    np.testing.assert_allclose(loaded.encode(images[7:8]), codes[7:8], atol=1e-5)


def test_head_gives_mean_first_then_log_variance() -> None:
    vae = model.Autoencoder(config("vae"))
    last = vae.encoder[-1]  # type: ignore[index]
    with torch.no_grad():
        last.weight.zero_()
        last.bias.copy_(torch.tensor([1.0, 2, 3, -4, -5, -6]))
    mean, log_var = vae.posterior(np.zeros((2, 784), np.float32))
    assert mean.tolist() == [[1, 2, 3]] * 2
    assert log_var.tolist() == [[-4, -5, -6]] * 2
    assert vae.encode(np.zeros((1, 784), np.float32)).tolist() == [[1, 2, 3]]


def test_encoding_is_no_sample(made: Path, mnist: data.MNIST) -> None:
    vae, images = model.load(made / "vae"), data.vectors(mnist.test_images[:10])
    first = vae.encode(images)
    np.testing.assert_array_equal(first, vae.encode(images))
    np.testing.assert_array_equal(first, vae.posterior(images)[0])


@pytest.mark.parametrize("family", ["ae", "pca"])
def test_only_a_vae_has_a_posterior(family: str, made: Path) -> None:
    with pytest.raises(TypeError, match=f"family {family} has no posterior"):
        model.load(made / family).posterior(np.zeros((1, 784), np.float32))


def test_weights_come_from_the_seed_and_leave_the_global_state_alone() -> None:
    before = torch.get_rng_state()
    first, again = (model.Autoencoder(config("vae")) for _ in range(2))
    other = model.Autoencoder(replace(config("vae"), seed=1))
    assert torch.equal(before, torch.get_rng_state())
    for name, value in first.state_dict().items():
        assert torch.equal(value, again.state_dict()[name])
        assert not torch.equal(value, other.state_dict()[name])


def test_first_weights_are_spread_as_pytorch_spreads_them() -> None:
    torch.manual_seed(0)
    ours = model.Autoencoder(Config(hidden=(300,))).encoder[0]  # type: ignore[index]
    theirs = torch.nn.Linear(784, 300)
    assert ours.weight.std().item() == pytest.approx(theirs.weight.std().item(), rel=0.01)
    assert ours.weight.abs().max().item() <= 784**-0.5
    assert ours.bias.std().item() == pytest.approx(theirs.bias.std().item(), rel=0.2)
