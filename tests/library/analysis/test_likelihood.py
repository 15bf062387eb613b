"""ELBO and importance-sampled likelihood of a model whose log p(x) NumPy integrates in float64."""

import numpy as np
import pytest
import torch
from scipy.special import expit, logsumexp  # type: ignore[import-untyped]
from scipy.stats import norm  # type: ignore[import-untyped]

from aemodels.analysis import likelihood
from aemodels.config import Config
from aemodels.models.autoencoder import Autoencoder

# Each of two latents decides half of the pixels, so that p(x) is a product of two integrals over a
# line.
HALVES = slice(0, 392), slice(392, 784)
LINE = np.linspace(-9, 9, 601)


@pytest.fixture(scope="module")
def vae() -> Autoencoder:
    """Logits W z + b; its posterior N(V x + c, σ²) is wider than the true one, and beside it."""
    model = Autoencoder(Config.of("vae", network="shallow", latent_dim=2))
    noise = np.random.default_rng(0)
    slopes, biases = 0.12 * noise.standard_normal(784), noise.standard_normal(784)
    weights = np.zeros((784, 2))
    for latent, half in enumerate(HALVES):
        weights[half, latent] = slopes[half]
    head = np.concatenate([0.1 * weights.T, np.zeros((2, 784))])
    values = {
        "encoder.0.weight": head,
        "encoder.0.bias": np.array([0.5, -0.4, 2 * np.log(1.4), 2 * np.log(1.2)]),
        "decoder.0.weight": weights,
        "decoder.0.bias": biases,
    }
    model.load_state_dict({name: torch.tensor(each).float() for name, each in values.items()})
    return model.eval()


@pytest.fixture(scope="module")
def images(vae: Autoencoder) -> np.ndarray:
    """(4, 784) drawn from the model itself, black and white."""
    noise = np.random.default_rng(1)
    shares = vae.decode(noise.standard_normal((4, 2)).astype(np.float32))
    return (noise.random(shares.shape) < shares).astype(np.float32)


def on_line(vae: Autoencoder, image: np.ndarray) -> list[np.ndarray]:
    """log p(half | z) of both halves of an image (784,), for each z of `LINE`: (601,) each."""
    weights, biases = (
        vae.state_dict()[f"decoder.0.{name}"].double().numpy() for name in ("weight", "bias")
    )
    found = []
    for latent, half in enumerate(HALVES):
        logits = np.outer(LINE, weights[half, latent]) + biases[half]
        white = expit(logits)
        found.append(np.log(np.where(image[half] > 0.5, white, 1 - white)).sum(1))
    return found


def log_mean(logs: np.ndarray, weights: np.ndarray) -> float:
    """log ∫ exp(logs) weights dz."""
    return float(logsumexp(logs, b=weights * (LINE[1] - LINE[0])))


def log_p(vae: Autoencoder, image: np.ndarray) -> float:
    return sum(log_mean(logs, norm.pdf(LINE)) for logs in on_line(vae, image))


def elbo(vae: Autoencoder, image: np.ndarray) -> tuple[float, float]:
    """Its expected error, and its KL as ∫ q log q/p: both nats."""
    mean, log_var = vae.posterior(image[None])
    error = kl = 0.0
    for latent, logs in enumerate(on_line(vae, image)):
        q = norm(mean[0, latent], np.exp(log_var[0, latent] / 2))
        density, step = q.pdf(LINE), LINE[1] - LINE[0]
        error -= (density * logs).sum() * step
        kl += (density * (q.logpdf(LINE) - norm.logpdf(LINE))).sum() * step
    return error, kl


def test_likelihood_is_that_of_the_integral(vae: Autoencoder, images: np.ndarray) -> None:
    exact = np.array([log_p(vae, image) for image in images])
    bounds = np.array([-sum(elbo(vae, image)) for image in images])
    # Otherwise an average of logs would pass for the log of an average.
    assert (exact - bounds).min() > 0.5
    each = [likelihood.log_likelihood(vae, image[None], samples=4000) for image in images]
    np.testing.assert_allclose(each, exact, atol=0.1)
    assert likelihood.log_likelihood(vae, images, 4000) == pytest.approx(exact.mean(), abs=0.05)


def test_integration_over_both_latents_needs_no_encoder(
    vae: Autoencoder, images: np.ndarray
) -> None:
    exact = [log_p(vae, image) for image in images]
    found = likelihood.integrated_log_likelihood(vae, images, reach=7, step=0.05)
    np.testing.assert_allclose(found, exact, rtol=1e-5)
    three = Autoencoder(Config.of("vae", network="shallow", latent_dim=3))
    with pytest.raises(ValueError, match="latent_dim=3: integrates over 2 latents only"):
        likelihood.integrated_log_likelihood(three, images)


def test_one_importance_sample_gives_the_elbo_and_more_of_them_more(
    vae: Autoencoder, images: np.ndarray
) -> None:
    """Burda et al. 2016, theorem 1: ELBO = L₁ <= L₅ <= log p(x)."""
    same = np.repeat(images[:1], 1500, axis=0)
    one, five = (likelihood.log_likelihood(vae, same, samples) for samples in (1, 5))
    exact = -sum(elbo(vae, images[0]))
    assert one == pytest.approx(exact, abs=0.2)
    assert one + 0.5 < five < log_p(vae, images[0])


def test_elbo_is_that_of_the_integral(vae: Autoencoder, images: np.ndarray) -> None:
    exact = np.array([elbo(vae, image) for image in images])
    found = likelihood.per_image_elbo(vae, images, samples=1000)
    np.testing.assert_allclose(found.kl, exact[:, 1], rtol=1e-5)
    np.testing.assert_allclose(found.error, exact[:, 0], atol=0.4)
    np.testing.assert_array_equal(found.negative, found.error + found.kl)


def test_elbo_of_an_image_unlike_any_other_is_large_but_finite(
    vae: Autoencoder, images: np.ndarray
) -> None:
    """exp(186 / 2) times the noise is more than float32 holds."""
    mean, log_var = vae.posterior(images)
    log_var[0] = 186.0
    found = likelihood.per_image_elbo(vae, images, posterior=(mean, log_var))
    assert np.isfinite(found.negative).all()
    assert found.kl[0] == pytest.approx(np.exp(186.0))
    assert found.error[0] > 100 * found.error[1:].max()


def test_noise_of_the_elbo_is_that_of_its_seed(vae: Autoencoder, images: np.ndarray) -> None:
    first, again, other = (
        likelihood.per_image_elbo(vae, images, samples=2, seed=seed).error for seed in (3, 3, 4)
    )
    assert np.array_equal(first, again)
    assert not np.isclose(first, other).any()


def test_check_is_called_before_each_image(vae: Autoencoder, images: np.ndarray) -> None:
    calls: list[None] = []
    likelihood.log_likelihood(vae, images, 2, lambda: calls.append(None))
    assert len(calls) == len(images)
