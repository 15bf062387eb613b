"""The linear autoencoder against PCA: Baldi & Hornik 1989."""

from dataclasses import replace

import numpy as np
import pytest
import torch
from scipy.linalg import subspace_angles  # type: ignore[import-untyped]

from aemodels import data
from aemodels.config import Config
from aemodels.families.base import Batch
from aemodels.models import closed_form
from aemodels.models.autoencoder import Autoencoder
from aemodels.training import fit

LATENTS = 3
COUNT = 1000


@pytest.fixture
def few(mnist: data.Dataset) -> data.Dataset:
    """A thousand zeros and ones, whose leading components stand apart from the next."""
    picked = mnist.train_labels < 2
    return replace(
        mnist,
        train_images=mnist.train_images[picked][:COUNT],
        train_labels=mnist.train_labels[picked][:COUNT],
        test_images=mnist.test_images[:100],
    )


@pytest.fixture
def solved(few: data.Dataset) -> Autoencoder:
    config = Config.of("pca", latent_dim=LATENTS, train_images=COUNT)
    return closed_form.solve(config, data.to_vectors(few.train_images))


LINEAR = Config.of(
    "linear",
    latent_dim=LATENTS,
    train_images=COUNT,
    batch_size=100,
    learning_rate=0.04,
    epochs=120,
    precision="fp32",
)


def angle(model: Autoencoder, solved: Autoencoder) -> float:
    """The largest between the spans of two decoders, degrees."""
    bases = [m.state_dict()["decoder.weight"].double().cpu().numpy() for m in (model, solved)]
    return float(np.degrees(subspace_angles(*bases).max()))


def test_pca_is_where_its_gradient_vanishes(few: data.Dataset, solved: Autoencoder) -> None:
    images = torch.from_numpy(data.to_vectors(few.train_images)).double()
    model = Autoencoder(LINEAR).double()

    def slope() -> float:
        loss = LINEAR.family.objective(model, Batch(images), torch.Generator())["loss"]
        parts = torch.autograd.grad(loss, list(model.parameters()))
        return max(float(part.abs().max()) for part in parts)

    before = slope()
    weights = {name: value.double() for name, value in solved.state_dict().items()}
    model.load_state_dict(weights)
    # PCA's weights are float32.
    assert slope() < 1e-4
    assert before > 1
    # The code may be turned and stretched if the decoder undoes it: still no slope.
    generator = torch.Generator().manual_seed(0)
    turn = torch.randn(LATENTS, LATENTS, generator=generator, dtype=torch.float64)
    weights["encoder.weight"] = turn @ weights["encoder.weight"]
    weights["encoder.bias"] = turn @ weights["encoder.bias"]
    weights["decoder.weight"] = weights["decoder.weight"] @ torch.linalg.inv(turn)
    model.load_state_dict(weights)
    assert slope() < 1e-3


def test_its_span_turns_into_that_of_pca(few: data.Dataset, solved: Autoencoder) -> None:
    training = fit.begin(LINEAR, few)
    angles = [angle(training.model, solved)]
    angles += [angle(training.model, solved) for record in training.run() if record.epoch % 40 == 0]
    assert angles == sorted(angles, reverse=True)
    assert angles[0] > 60
    assert angles[-1] < 2
    images = data.to_vectors(few.train_images)
    best, found = (
        np.square(model.decode(model.encode(images)) - images).sum(1, dtype=np.float64).mean()
        for model in (solved, training.model)
    )
    # Nothing of this size can do better on the images that both have seen.
    assert best * (1 - 1e-5) <= found < best * 1.01
