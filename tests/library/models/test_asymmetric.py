"""TensorFlow's convolutional VAE: its sums by hand in NumPy, as Keras defines them."""

import numpy as np
import pytest
import torch

from aemodels.config import Config
from aemodels.models.autoencoder import Autoencoder, tensors

CONFIG = Config.of("vae", network="conv-asymmetric", latent_dim=2)


def relu(x: np.ndarray) -> np.ndarray:
    return np.maximum(x, 0)


def conv(x: np.ndarray, weight: np.ndarray, bias: np.ndarray) -> np.ndarray:
    """Channels last (H, W, C) -> every second window of 3 x 3 that lies within the image."""
    kernel = weight.transpose(2, 3, 1, 0)  # (3, 3, in, out)
    size = (len(x) - 3) // 2 + 1
    out = np.empty((size, size, len(bias)))
    for i in range(size):
        for j in range(size):
            window = x[2 * i : 2 * i + 3, 2 * j : 2 * j + 3]
            out[i, j] = np.tensordot(window, kernel, 3) + bias
    return out


def transposed(x: np.ndarray, weight: np.ndarray, bias: np.ndarray, stride: int) -> np.ndarray:
    """(h, w, C) -> (stride h, stride w, C'), padding "same": where the convolution that it
    transposes takes input `stride * i + k - before` for its output i, this one adds to it.

    That convolution pads max((h - 1) * stride + 3 - stride h, 0) in all, the smaller half before.
    """
    size = stride * len(x)
    before = max((len(x) - 1) * stride + 3 - size, 0) // 2
    out = np.zeros((size, size, len(bias))) + bias
    for i, j in np.ndindex(x.shape[:2]):
        for k, m in np.ndindex(3, 3):
            row, column = stride * i + k - before, stride * j + m - before
            if 0 <= row < size and 0 <= column < size:
                out[row, column] += x[i, j] @ weight[:, :, k, m]
    return out


@pytest.fixture(scope="module")
def model() -> Autoencoder:
    return Autoencoder(CONFIG).eval()


@pytest.fixture(scope="module")
def weights(model: Autoencoder) -> dict[str, np.ndarray]:
    return {name: array.astype(float) for name, array in tensors(model).items()}


def test_encoder_is_that_of_the_tutorial(
    model: Autoencoder, weights: dict[str, np.ndarray]
) -> None:
    images = np.random.default_rng(0).random((2, 784), np.float32)
    means, log_vars = model.posterior(images)
    for image, mean, log_var in zip(images, means, log_vars, strict=True):
        x = image.reshape(28, 28, 1).astype(float)
        for layer in ("encoder.1", "encoder.3"):
            x = relu(conv(x, weights[f"{layer}.weight"], weights[f"{layer}.bias"]))
        assert x.shape == (6, 6, 64)
        flat = x.transpose(2, 0, 1).ravel()
        head = weights["encoder.6.weight"] @ flat + weights["encoder.6.bias"]
        np.testing.assert_allclose([*mean, *log_var], head, atol=1e-5)


def test_decoder_is_that_of_the_tutorial(
    model: Autoencoder, weights: dict[str, np.ndarray]
) -> None:
    codes = np.array([[0.5, -2], [3, 1]], np.float32)
    for code, image in zip(codes, model.decode(codes), strict=True):
        dense = weights["decoder.0.weight"] @ code + weights["decoder.0.bias"]
        x = relu(dense).reshape(32, 7, 7).transpose(1, 2, 0)
        for layer in ("decoder.3", "decoder.5"):
            x = relu(transposed(x, weights[f"{layer}.weight"], weights[f"{layer}.bias"], 2))
        x = transposed(x, weights["decoder.7.weight"], weights["decoder.7.bias"], 1)
        assert x.shape == (28, 28, 1)
        np.testing.assert_allclose(image, 1 / (1 + np.exp(-x.ravel())), atol=1e-5)


def test_same_padding_cuts_off_the_last_row_and_column() -> None:
    """A one in the first corner reaches the first pixel; PyTorch's own padding would not."""
    kernel, x = np.arange(1.0, 10).reshape(1, 1, 3, 3), np.zeros((2, 2, 1))
    x[0, 0] = 1
    out = transposed(x, kernel, np.zeros(1), 2)[..., 0]
    np.testing.assert_array_equal(out[:3, :3], kernel[0, 0])
    assert not out[3].any()


def test_it_learns() -> None:
    """One step down the gradient lowers the loss, and moves every tensor."""
    images = torch.rand(8, 784, generator=torch.Generator().manual_seed(0)).round()
    model = Autoencoder(CONFIG)

    def error() -> torch.Tensor:
        mean, _ = model.encode_parameters(images)
        return model.reconstruction_error(mean, images).mean()

    before = error()
    gradients = torch.autograd.grad(before, list(model.parameters()))
    assert all(gradient.any() for gradient in gradients)
    with torch.no_grad():
        for parameter, gradient in zip(model.parameters(), gradients, strict=True):
            parameter.sub_(gradient, alpha=1e-4)
    assert error() < before
