"""The Jacobian's norm: closed form, torch.func and plain finite differences of the encoder."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from aemodels import data
from aemodels.config import Config
from aemodels.models.autoencoder import Autoencoder
from aemodels.objectives import jacobian
from aemodels.training import fit

SHALLOW = Config.of("contractive", latent_dim=5)
DEEP = Config.of("contractive", latent_dim=3, network="mlp", hidden=(6,), activation="tanh")


def images(count: int = 2) -> torch.Tensor:
    generator = torch.Generator().manual_seed(0)
    return torch.rand(count, 784, generator=generator, dtype=torch.float64)


def by_finite_differences(model: Autoencoder, image: torch.Tensor) -> float:
    """Σ over pixels and latents of squared central differences."""
    moves = 1e-5 * torch.eye(784, dtype=torch.float64)
    with torch.no_grad():
        ahead, behind = (model.encoder(image + side * moves) for side in (1, -1))
    return float(((ahead - behind) / 2e-5).square().sum())


@pytest.mark.parametrize(
    "config",
    [
        SHALLOW,
        SHALLOW.with_(code_activation="tanh"),
        SHALLOW.with_(code_activation="linear"),
        SHALLOW.with_(tied=True),
        DEEP,
        DEEP.with_(code_activation="relu", activation="silu", latent_dim=16),
        Config.of("contractive", latent_dim=2, network="conv", activation="gelu"),
    ],
    ids=lambda config: (
        f"{config.network.kind}-{config.family.code_activation}-{config.to_dict().get('tied')}"
    ),
)
def test_norm_is_that_of_finite_differences(config: Config) -> None:
    model = Autoencoder(config).double()
    expected = [by_finite_differences(model, image) for image in images()]
    assert min(expected) > 1e-6
    found = jacobian.of_encoder(model.encoder, images())
    np.testing.assert_allclose(found.detach(), expected, rtol=1e-5)
    found = jacobian.by_differentiation(model.encoder, images())
    np.testing.assert_allclose(found.detach(), expected, rtol=1e-5)


def test_closed_form_is_that_of_torch_func() -> None:
    model = Autoencoder(SHALLOW).double()
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.mul_(20)
    layer = model.encoder[0]  # type: ignore[index]
    found = jacobian.of_sigmoid_layer(layer, images(50))
    torch.testing.assert_close(found, jacobian.by_differentiation(model.encoder, images(50)))
    # And its gradient, which is what training uses.
    weights = list(model.encoder.parameters())
    expected = torch.autograd.grad(found.sum(), weights)
    slopes = torch.autograd.grad(
        jacobian.by_differentiation(model.encoder, images(50)).sum(), weights
    )
    for slope, other in zip(slopes, expected, strict=True):
        torch.testing.assert_close(slope, other)


@pytest.mark.parametrize("config", [SHALLOW, DEEP], ids=["closed form", "torch.func"])
def test_bf16_leaves_the_norm_in_full_precision(config: Config) -> None:
    model, few = Autoencoder(config), images(8).float()
    expected = jacobian.of_encoder(model.encoder, few)
    with torch.autocast("cpu", torch.bfloat16):
        assert model.encoder(few).dtype == torch.bfloat16
        found = jacobian.of_encoder(model.encoder, few)
    assert found.dtype == torch.float32
    torch.testing.assert_close(found, expected)


@pytest.mark.parametrize("precision", ["fp32", "bf16"])
@pytest.mark.parametrize("config", [SHALLOW, DEEP], ids=["closed form", "torch.func"])
def test_a_larger_penalty_leaves_a_smaller_norm(
    config: Config, precision: str, mnist: data.Dataset
) -> None:
    few = replace(mnist, test_images=mnist.test_images[:200])
    norms = []
    for penalty in (0.0, 100.0):
        settings = config.with_(
            penalty_weight=penalty,
            epochs=3,
            batch_size=50,
            train_images=500,
            precision=precision,
        )
        training = fit.begin(settings, few)
        *_, last = training.run()
        norms.append(last.test["penalty"])
        # Measured without gradients, but exact.
        tensor = torch.from_numpy(data.to_vectors(few.test_images)).to(training.device)
        exact = jacobian.by_differentiation(training.model.encoder, tensor).mean().item()
        assert last.test["penalty"] == pytest.approx(exact, rel=1e-4)
        total = last.test["reconstruction"] + penalty * last.test["penalty"]
        assert last.test["loss"] == pytest.approx(total, rel=1e-4)
    assert norms[1] < norms[0] / 2
