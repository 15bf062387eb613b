"""Tied weights: one matrix for each layer and its mirror image, before and after training."""

from pathlib import Path

import numpy as np
import pytest
import torch
from torch.nn import functional as F

from aemodels import data
from aemodels.bundles import bundle
from aemodels.bundles.load import load
from aemodels.bundles.metrics import Metrics
from aemodels.models.autoencoder import Autoencoder, tensors
from aemodels.training import fit
from tests.library import small


@pytest.mark.parametrize("network", ["shallow", "mlp"])
@pytest.mark.parametrize("family", ["ae", "sparse", "denoising", "contractive"])
def test_a_bundle_holds_the_encoders_weights_transposed(
    family: str, network: str, mnist: data.Dataset, tmp_path: Path
) -> None:
    config = small.config(family, network, tied=True, train_images=200)
    fitted = fit.fit(config, mnist)
    fit.save(fitted, Metrics(), mnist, tmp_path / "tied")
    found = bundle.read(tmp_path / "tied").weights()
    last = 2 * (2 if network == "mlp" else 0)
    start = tensors(Autoencoder(config))
    for layer in range(0, last + 2, 2):
        encoder = found[f"encoder.{layer}.weight"]
        np.testing.assert_array_equal(found[f"decoder.{last - layer}.weight"], encoder.T)
        assert np.abs(encoder - start[f"encoder.{layer}.weight"]).max() > 1e-4
    images = data.to_vectors(mnist.test_images[:50])
    loaded = load(tmp_path / "tied")
    codes = loaded.encode(images)
    np.testing.assert_array_equal(codes, fitted.model.encode(images))
    np.testing.assert_array_equal(loaded.decode(codes), fitted.model.decode(codes))
    np.testing.assert_allclose(bundle.read(tmp_path / "tied").codes().mean[:50], codes, atol=1e-5)


def test_both_ways_add_to_the_gradient() -> None:
    network = Autoencoder(small.config("ae", "shallow", tied=True, code_activation="tanh")).double()
    images = torch.rand(5, 784, generator=torch.Generator().manual_seed(0)).double()
    codes, _ = network.encode_parameters(images)
    loss = network.reconstruction_error(codes, images).mean()
    weight, bias, back = network.parameters()
    (found,) = torch.autograd.grad(loss, weight)
    there, again = (weight.detach().clone().requires_grad_() for _ in range(2))
    logits = torch.tanh(images @ there.T + bias) @ again + back
    by_hand = F.binary_cross_entropy_with_logits(logits, images, reduction="sum") / 5
    parts = torch.autograd.grad(by_hand, (there, again))
    torch.testing.assert_close(found, parts[0] + parts[1])
    assert parts[0].abs().max() > 1e-3


def test_a_vaes_decoder_shares_the_weights_of_the_means(mnist: data.Dataset) -> None:
    fitted = fit.fit(small.config("vae", "shallow", tied=True, train_images=200), mnist).model
    weights = tensors(fitted)
    assert weights["encoder.0.weight"].shape == (6, 784)
    np.testing.assert_array_equal(weights["decoder.0.weight"], weights["encoder.0.weight"][:3].T)
    codes = np.random.default_rng(0).normal(size=(5, 3)).astype(np.float32)
    by_hand = codes @ weights["encoder.0.weight"][:3] + weights["decoder.0.bias"]
    np.testing.assert_allclose(fitted.decode(codes), 1 / (1 + np.exp(-by_hand)), atol=1e-6)
