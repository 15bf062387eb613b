"""The GRU autoencoder against the published equations, by hand in NumPy."""

import numpy as np
import pytest
import torch

from aemodels import architecture, data
from aemodels.config import Config
from aemodels.models.autoencoder import Autoencoder, tensors


def sigmoid(x: np.ndarray) -> np.ndarray:
    return np.asarray(1 / (1 + np.exp(-x)))


def gru(weights: dict[str, np.ndarray], prefix: str, steps: np.ndarray) -> np.ndarray:
    """Steps (T, N, wide) -> states (T, N, H), from a state of zeros.

    r = σ(W x + U h), z = σ(W x + U h), n = tanh(W x + r ⊙ (U h)), h' = (1-z) ⊙ n + z ⊙ h: Cho et
    al. 2014 with the reset after the product (Chung et al. 2014 has it before), each with biases.
    """
    w, u = weights[f"{prefix}.weight_ih_l0"], weights[f"{prefix}.weight_hh_l0"]
    b, c = weights[f"{prefix}.bias_ih_l0"], weights[f"{prefix}.bias_hh_l0"]
    state = np.zeros((steps.shape[1], architecture.GRU_HIDDEN))
    states = []
    for x in steps:
        r_x, z_x, n_x = np.split(x @ w.T + b, 3, axis=1)
        r_h, z_h, n_h = np.split(state @ u.T + c, 3, axis=1)
        reset, update = sigmoid(r_x + r_h), sigmoid(z_x + z_h)
        state = (1 - update) * np.tanh(n_x + reset * n_h) + update * state
        states.append(state)
    return np.array(states)


@pytest.fixture
def model() -> Autoencoder:
    made = Autoencoder(Config.of("recurrent", latent_dim=4)).eval()
    with torch.no_grad():
        for parameter in made.parameters():
            # So that gates open and close.
            parameter.mul_(3)
    return made


def test_it_reads_and_writes_rows_by_the_published_equations(
    model: Autoencoder, mnist: data.Dataset
) -> None:
    images = data.to_vectors(mnist.test_images[:20])
    weights = {name: array.astype(np.float64) for name, array in tensors(model).items()}
    rows = images.astype(np.float64).reshape(-1, 28, 28).transpose(1, 0, 2)
    last = gru(weights, "encoder.gru", rows)[-1]
    codes = last @ weights["encoder.head.weight"].T + weights["encoder.head.bias"]
    found = model.encode(images)
    np.testing.assert_allclose(found, codes, atol=1e-5)
    assert codes.std(0).min() > 0.01

    shown = codes @ weights["decoder.start.weight"].T + weights["decoder.start.bias"]
    states = gru(weights, "decoder.gru", np.repeat(shown[None], 28, axis=0))
    written = states @ weights["decoder.row.weight"].T + weights["decoder.row.bias"]
    pictures = sigmoid(written.transpose(1, 0, 2).reshape(-1, 784))
    np.testing.assert_allclose(model.decode(found), pictures, atol=1e-5)
    assert pictures.std(0).max() > 0.01


def test_its_first_weights_are_spread_as_pytorch_spreads_them(mnist: data.Dataset) -> None:
    torch.manual_seed(0)
    theirs = dict(torch.nn.GRU(28, architecture.GRU_HIDDEN).named_parameters())
    ours = Autoencoder(Config.of("recurrent")).encoder.gru
    assert isinstance(ours, torch.nn.GRU)
    for name, value in ours.named_parameters():
        assert value.std().item() == pytest.approx(theirs[name].std().item(), rel=0.1)
        assert value.abs().max().item() <= architecture.GRU_HIDDEN**-0.5
