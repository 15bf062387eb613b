"""Starting at the mean image: the same functions of pixels, with other biases."""

from collections.abc import Iterator

import numpy as np
import pytest
from torch import nn

from aemodels import data
from aemodels.models.autoencoder import Autoencoder
from aemodels.models.networks import TiedLinear
from aemodels.training import fit
from tests.library import small


def layers(model: Autoencoder) -> Iterator[nn.Linear | TiedLinear]:
    return (part for part in model.modules() if isinstance(part, nn.Linear | TiedLinear))


@pytest.mark.parametrize("tied", [False, True])
@pytest.mark.parametrize("network", ["mlp", "shallow"])
@pytest.mark.parametrize("output", ["sigmoid", "linear"])
def test_the_first_layer_sees_centred_pixels_and_the_output_starts_at_the_mean(
    network: str, output: str, tied: bool, mnist: data.Dataset
) -> None:
    loss = "bce" if output == "sigmoid" else "mse"
    config = small.config(
        "ae",
        network,
        tied=tied,
        output_activation=output,
        reconstruction_loss=loss,
        binarisation="threshold",
    )
    plain = Autoencoder(config)
    model = fit.begin(config.with_(mean_start=True), mnist).model.cpu()
    images = data.binarise(mnist.train_images[:600], "threshold").reshape(600, 784)
    mean = images.mean(0, dtype=np.float64)
    drawn, first = (next(layers(each)) for each in (plain, model))
    weight = drawn.weight.detach().double().numpy()
    np.testing.assert_allclose(
        images @ first.weight.detach().double().numpy().T + first.bias.detach().numpy(),
        (images - mean) @ weight.T + drawn.bias.detach().numpy(),
        atol=1e-5,
    )
    *_, outer = layers(model)
    last = outer.bias.detach().double().numpy()
    level = 1 / (1 + np.exp(-last)) if output == "sigmoid" else last
    # Pixels that are 0 in every image have no logit; they start at a thousandth.
    assert np.abs(level - mean).max() <= (1.0001e-3 if output == "sigmoid" else 1e-6)


def test_only_biases_differ(mnist: data.Dataset) -> None:
    config = small.config("vae")
    plain, other = (
        fit.begin(config.with_(mean_start=start), mnist).model.state_dict()
        for start in (False, True)
    )
    changed = [name for name, value in plain.items() if not value.equal(other[name])]
    assert changed == ["encoder.0.bias", "decoder.4.bias"]


def test_the_reconstruction_is_better_after_a_few_steps(mnist: data.Dataset) -> None:
    config = small.config("vae")
    losses = [
        next(fit.begin(config.with_(mean_start=start), mnist).run()).test["loss"]
        for start in (False, True)
    ]
    assert losses[1] < losses[0] - 50
