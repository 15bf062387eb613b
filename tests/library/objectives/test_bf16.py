"""Under bf16 only layers are rounded: each sum is that of NumPy in float64 over what they give."""

from collections.abc import Sequence

import numpy as np
import pytest
import torch
from scipy.special import softmax  # type: ignore[import-untyped]
from sklearn.metrics import log_loss
from torch import nn

from aemodels import data
from aemodels.config import Config
from aemodels.families.base import Batch
from aemodels.models.autoencoder import Autoencoder
from aemodels.training.classifier import Classification, Classifier
from tests.library import small

# Rounding to bf16 once would move a sum by 1e-3.
CLOSE = 2e-5


@pytest.fixture
def images(mnist: data.Dataset) -> torch.Tensor:
    return torch.from_numpy(data.to_vectors(mnist.test_images[:100]))


def measured(
    model: Autoencoder, batch: Batch, layers: Sequence[nn.Module]
) -> tuple[dict[str, float], list[np.ndarray]]:
    """The terms of the objective in bf16, and the last output of each of the layers (float64)."""
    found: dict[nn.Module, np.ndarray] = {}

    def keep(layer: nn.Module, given: object, output: torch.Tensor) -> None:
        assert output.dtype == torch.bfloat16
        found[layer] = output.double().numpy()

    hooks = [layer.register_forward_hook(keep) for layer in layers]
    with torch.no_grad(), torch.autocast("cpu", torch.bfloat16):
        noise = torch.Generator().manual_seed(0)
        terms = model.config.family.objective(model, batch, noise)
    for hook in hooks:
        hook.remove()
    assert {term.dtype for term in terms.values()} == {torch.float32}
    return {name: term.item() for name, term in terms.items()}, [found[x] for x in layers]


def error(logits: np.ndarray, images: torch.Tensor, loss: str) -> float:
    """Its sum over pixels, a mean over images."""
    target = images.double().numpy()
    if loss == "bce":
        each = np.logaddexp(0, logits) - target * logits
    else:
        away = 1 / (1 + np.exp(-logits)) - target
        each = away**2 if loss == "mse" else np.abs(away)
    return float(each.sum(1).mean())


@pytest.mark.parametrize("network", ["mlp", "shallow", "conv"])
def test_kl_of_a_vae(network: str, images: torch.Tensor) -> None:
    model = Autoencoder(small.config("vae", network, latent_dim=16))
    terms, (head, logits) = measured(model, Batch(images), [model.encoder, model.decoder])
    mean, log_var = np.split(head, 2, axis=1)
    kl = (mean**2 + np.exp(log_var) - 1 - log_var).sum(1).mean() / 2
    assert terms["kl"] == pytest.approx(kl, rel=CLOSE)
    assert terms["reconstruction"] == pytest.approx(error(logits, images, "bce"), rel=CLOSE)
    assert terms["loss"] == pytest.approx(terms["kl"] + terms["reconstruction"], rel=CLOSE)


@pytest.mark.parametrize("loss", ["bce", "mse", "l1"])
@pytest.mark.parametrize("family", ["ae", "denoising", "contractive", "recurrent"])
def test_errors_of_pixels(family: str, loss: str, images: torch.Tensor) -> None:
    model = Autoencoder(small.config(family, reconstruction_loss=loss))
    terms, (logits,) = measured(model, Batch(images), [model.decoder])
    assert terms["reconstruction"] == pytest.approx(error(logits, images, loss), rel=CLOSE)


@pytest.mark.parametrize("sparsity", ["kl", "l1"])
def test_penalty_of_a_sparse_code(sparsity: str, images: torch.Tensor) -> None:
    model = Autoencoder(small.config("sparse", sparsity=sparsity, latent_dim=50))
    terms, (codes,) = measured(model, Batch(images), [model.encoder])
    on = codes.mean(0)
    kl = 0.05 * np.log(0.05 / on) + 0.95 * np.log(0.95 / (1 - on))
    expected = kl.sum() if sparsity == "kl" else np.abs(codes).sum(1).mean()
    assert terms["penalty"] == pytest.approx(expected, rel=CLOSE)


@pytest.mark.parametrize("activation", ["sigmoid", "tanh"])
@pytest.mark.parametrize("stage", [1, 2])
def test_errors_of_hidden_units(activation: str, stage: int, images: torch.Tensor) -> None:
    config: Config = small.config("stacked", activation=activation, hidden=(40, 20))
    model = Autoencoder(config)
    below = model.get_submodule(f"encoder.{2 * stage - 1}")
    layer = model.get_submodule(f"decoder.{4 - 2 * stage}")
    terms, (clean, logits) = measured(model, Batch(images, stage=stage), [below, layer])
    if activation == "sigmoid":
        each = np.logaddexp(0, logits) - clean * logits
    else:
        each = (np.tanh(logits) - clean) ** 2
    assert terms["reconstruction"] == pytest.approx(each.sum(1).mean(), rel=CLOSE)


def test_cross_entropy_of_a_classifier(images: torch.Tensor, mnist: data.Dataset) -> None:
    network = Classifier(Autoencoder(small.config("ae")), 10)
    nn.init.normal_(network.top.weight, generator=torch.Generator().manual_seed(0))
    labels = mnist.test_labels[:100]
    batch = Batch(images, torch.from_numpy(labels.astype(np.int64)))
    with torch.no_grad(), torch.autocast("cpu", torch.bfloat16):
        logits = network.top(network.encoder(images)).double().numpy()
        terms = Classification().objective(network, batch, torch.Generator())
    expected = log_loss(labels, softmax(logits, axis=1), labels=range(10))
    assert terms["loss"].item() == pytest.approx(expected, rel=CLOSE)
