"""One interface for all families: shapes, order of the head, weights from the seed alone."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from aemodels import data
from aemodels.bundles.load import load
from aemodels.config import Config
from aemodels.models.autoencoder import Autoencoder, tensors
from tests.library import small
from tests.library.small import config


@pytest.mark.parametrize("family", small.NAMES)
def test_arrays_in_and_out(family: str, made: Path, mnist: data.Dataset) -> None:
    loaded = load(made / family)
    images = data.to_vectors(mnist.test_images[:5000])
    codes = loaded.encode(images)
    pictures = loaded.decode(codes)
    assert codes.shape == (5000, 3)
    assert pictures.shape == (5000, 784)
    assert codes.dtype == pictures.dtype == np.float32
    # Batches must not show: one image alone gives the same.
    np.testing.assert_allclose(loaded.encode(images[4500:4501]), codes[4500:4501], atol=1e-5)
    if loaded.output == "sigmoid":
        assert pictures.min() >= 0
        assert pictures.max() <= 1
    if loaded.config.family.code_activation == "sigmoid":
        assert codes.min() >= 0
        assert codes.max() <= 1


def shapes(made: Config) -> dict[str, tuple[int, ...]]:
    return {name: array.shape for name, array in tensors(Autoencoder(made)).items()}


@pytest.mark.parametrize("made", small.legal(), ids=small.words)
def test_tensors_are_those_of_the_architecture(made: Config) -> None:
    assert shapes(made) == made.network.tensor_shapes(made.family.variational)
    # All of them, and nothing twice: those of a tied decoder are the encoder's.
    network = Autoencoder(made)
    own = made.network.tensor_shapes(made.family.variational).keys() - {
        name
        for name in made.network.tensor_shapes(made.family.variational)
        if made.to_dict().get("tied") and name.startswith("decoder") and name.endswith("weight")
    }
    assert network.state_dict().keys() == dict(network.named_parameters()).keys() == own


@pytest.mark.parametrize("depth", [1, 2, 8])
def test_any_depth_has_the_architectures_tensors(depth: int) -> None:
    hidden = tuple(range(9, 9 + depth))
    for family, more in {"vae": {}, "ae": {"tied": True}, "stacked": {}}.items():
        levels = {"layer_corruption": (0.1,) * (depth + 1)} if family == "stacked" else {}
        made = Config.of(family, latent_dim=5, hidden=hidden, **levels, **more)
        assert shapes(made) == made.network.tensor_shapes(made.family.variational)


def test_a_decoder_of_its_own_widths_is_listed_from_the_code_to_the_pixels() -> None:
    made = Config.of(latent_dim=3, hidden=(40, 30, 20), decoder_hidden=(5, 60))
    found = shapes(made)
    assert [found[f"encoder.{i}.weight"] for i in (0, 2, 4, 6)] == [
        (40, 784),
        (30, 40),
        (20, 30),
        (6, 20),
    ]
    assert [found[f"decoder.{i}.weight"] for i in (0, 2, 4)] == [(5, 3), (60, 5), (784, 60)]
    assert made.network.hidden_shapes() == (((40,), (30,), (20,)), ((5,), (60,)))


def test_a_mirrored_decoder_starts_with_the_same_weights_as_one_spelled_out() -> None:
    mirrored = Config.of(hidden=(40, 30, 20))
    spelled = mirrored.with_(decoder_hidden=(20, 30, 40))
    for ours, same in zip(
        Autoencoder(mirrored).parameters(), Autoencoder(spelled).parameters(), strict=True
    ):
        assert torch.equal(ours, same)


def test_convolutions_start_as_pytorchs_do() -> None:
    torch.manual_seed(0)
    ours = Autoencoder(Config.of(network="conv"))
    for layer, theirs in {
        "encoder.3": torch.nn.Conv2d(32, 64, 3),
        "decoder.5": torch.nn.ConvTranspose2d(64, 32, 3),
    }.items():
        weight = ours.get_submodule(layer).weight
        assert isinstance(weight, torch.Tensor)
        assert weight.std().item() == pytest.approx(theirs.weight.std().item(), rel=0.02)


@pytest.mark.slow
def test_convolutional_arrays_in_and_out(convolutional: Path, mnist: data.Dataset) -> None:
    loaded = load(convolutional / "vae")
    images = data.to_vectors(mnist.test_images[:50])
    codes = loaded.encode(images)
    assert codes.shape == (50, 3)
    assert loaded.decode(codes).shape == (50, 784)
    np.testing.assert_allclose(loaded.encode(images[7:8]), codes[7:8], atol=1e-5)


def test_head_gives_mean_first_then_log_variance() -> None:
    vae = Autoencoder(config("vae"))
    last = vae.encoder[-1]  # type: ignore[index]
    with torch.no_grad():
        last.weight.zero_()
        last.bias.copy_(torch.tensor([1.0, 2, 3, -4, -5, -6]))
    mean, log_var = vae.posterior(np.zeros((2, 784), np.float32))
    assert mean.tolist() == [[1, 2, 3]] * 2
    assert log_var.tolist() == [[-4, -5, -6]] * 2
    assert vae.encode(np.zeros((1, 784), np.float32)).tolist() == [[1, 2, 3]]


def test_encoding_is_no_sample(made: Path, mnist: data.Dataset) -> None:
    vae, images = load(made / "vae"), data.to_vectors(mnist.test_images[:10])
    first = vae.encode(images)
    np.testing.assert_array_equal(first, vae.encode(images))
    np.testing.assert_array_equal(first, vae.posterior(images)[0])


@pytest.mark.parametrize("family", [name for name in small.NAMES if name != "vae"])
def test_only_a_vae_has_a_posterior(family: str, made: Path) -> None:
    with pytest.raises(TypeError, match=f"family {family} has no posterior"):
        load(made / family).posterior(np.zeros((1, 784), np.float32))


def test_weights_come_from_the_seed_and_leave_the_global_state_alone() -> None:
    before = torch.get_rng_state()
    first, again = (Autoencoder(config("vae")) for _ in range(2))
    other = Autoencoder(config("vae").with_(seed=1))
    assert torch.equal(before, torch.get_rng_state())
    for name, value in first.state_dict().items():
        assert torch.equal(value, again.state_dict()[name])
        assert not torch.equal(value, other.state_dict()[name])


def test_first_weights_are_spread_as_pytorch_spreads_them() -> None:
    torch.manual_seed(0)
    ours = Autoencoder(Config.of(hidden=(300,))).encoder[0]  # type: ignore[index]
    theirs = torch.nn.Linear(784, 300)
    assert ours.weight.std().item() == pytest.approx(theirs.weight.std().item(), rel=0.01)
    assert ours.weight.abs().max().item() <= 784**-0.5
    assert ours.bias.std().item() == pytest.approx(theirs.bias.std().item(), rel=0.2)


def test_a_relu_code_starts_as_he_says() -> None:
    """Against PyTorch's own `kaiming_uniform_`; the other layers stay as they were drawn."""
    torch.manual_seed(0)
    shallow = Config.of("ae", latent_dim=100, network="shallow", code_activation="relu")
    relu = Autoencoder(shallow)
    plain = Autoencoder(shallow.with_(code_activation="linear"))
    head = relu.encoder[0]  # type: ignore[index]
    theirs = torch.nn.init.kaiming_uniform_(torch.empty(100, 784), nonlinearity="relu")
    assert head.weight.std().item() == pytest.approx(theirs.std().item(), rel=0.01)
    assert head.weight.abs().max().item() == pytest.approx(theirs.abs().max().item(), rel=0.001)
    assert not head.bias.any()
    for ours, same in zip(relu.decoder.parameters(), plain.decoder.parameters(), strict=True):
        assert torch.equal(ours, same)


@pytest.mark.parametrize(
    ("images", "says"),
    [
        ([[0.0] * 784], "images of type list: must be a NumPy array"),
        (None, "images of type NoneType"),
        (torch.zeros(1, 784), "images of type Tensor"),
        (np.full((1, 784), np.nan, np.float32), "values of nan or infinity: must be finite"),
        (np.full((1, 28, 28), np.inf), "values of nan or infinity: must be finite"),
        (np.full((1, 784), 255.0), "values up to 255: must be from 0 to 1; divide by 255"),
        (np.zeros((1, 784), np.int64), "turn them into floats from 0 to 1, or into uint8"),
        (np.zeros((28, 28), np.uint8), r"for one image write images\[None\]"),
        (np.zeros((1, 1, 28, 28), np.float32), r"write images.reshape\(1, 784\)"),
        (np.zeros((1, 32, 32), np.uint8), "resize them to 28x28"),
    ],
)
def test_what_is_no_image_is_refused(images: Any, says: str, made: Path) -> None:
    loaded = load(made / "vae")
    for method in (loaded.encode, loaded.posterior, loaded.reconstruct):
        with pytest.raises(data.ImageError, match=says):
            method(images)


def test_every_form_of_the_same_images_gives_the_same_codes(
    made: Path, mnist: data.Dataset
) -> None:
    loaded, images = load(made / "vae"), mnist.test_images[:20]
    expected = loaded.encode(data.to_vectors(images))
    flat = images.reshape(20, 784)
    for same in (images, flat, flat / 255, images / np.float32(255)):
        np.testing.assert_allclose(loaded.encode(same), expected, atol=1e-6)
        np.testing.assert_allclose(loaded.posterior(same)[0], expected, atol=1e-6)
        np.testing.assert_allclose(loaded.reconstruct(same), loaded.decode(expected), atol=1e-6)
    # Noise reaches beyond black and white.
    assert np.isfinite(loaded.encode(flat / 255 * 3 - 1)).all()


def test_codes_of_another_shape_are_refused(made: Path) -> None:
    loaded = load(made / "ae")
    for shape in ((3, 4), (3,), (2, 3, 3)):
        with pytest.raises(ValueError, match="must be \\(N, 3\\), as encode gives them"):
            loaded.decode(np.zeros(shape, np.float32))
    with pytest.raises(ValueError, match="codes of shape list: must be"):
        loaded.decode([[0.0, 0.0, 0.0]])  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="codes of nan or infinity: must be finite"):
        loaded.decode(np.full((1, 3), np.nan))
