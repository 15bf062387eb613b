"""The importance-weighted bound and its gradients, on a model whose likelihood is known exactly.

x = A z + N(0, I), z ~ N(0, I), so x ~ N(0, A Aᵀ + I); q(z|x) = N(μ, σ²) is anything.
"""

from collections.abc import Callable

import numpy as np
import pytest
import torch
from scipy import special  # type: ignore[import-untyped]
from scipy.stats import multivariate_normal, norm  # type: ignore[import-untyped]
from torch import Tensor

from aemodels.objectives.importance import ESTIMATORS, importance_weighted, log_prior_ratio

PIXELS, LATENTS, SAMPLES = 5, 3, 4


def gaussian(*shape: int, seed: int) -> Tensor:
    found = np.random.default_rng(seed).standard_normal(shape)
    return torch.tensor(found, dtype=torch.float64)


def model(rows: int = 6) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """A (5, 3), x (N, 5), and of a q that is somewhat wrong μ and log σ² (N, 3)."""
    weights, images = gaussian(PIXELS, LATENTS, seed=0), gaussian(1, PIXELS, seed=1)
    images = images.expand(rows, -1)
    precision = torch.eye(LATENTS, dtype=torch.float64) + weights.T @ weights
    mean = images @ weights @ torch.linalg.inv(precision) + 0.2
    log_var = -torch.log(precision.diagonal()).expand(rows, -1) + 0.3
    return weights, images, mean, log_var


def likelihood(weights: Tensor, images: Tensor) -> Callable[[Tensor], Tensor]:
    """Codes (k, N, 3) -> log p(x|z) (k, N)."""

    def of(codes: Tensor) -> Tensor:
        return torch.distributions.Normal(codes @ weights.T, 1.0).log_prob(images).sum(-1)

    return of


def noise(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def bound(
    weights: Tensor,
    images: Tensor,
    mean: Tensor,
    log_var: Tensor,
    samples: int = SAMPLES,
    gradient: str = "iwae",
    seed: int = 0,
) -> Tensor:
    """L_k, (N,)."""
    error_of = likelihood(weights, images)
    return importance_weighted(mean, log_var, error_of, samples, noise(seed), gradient)[0]


def test_weights_of_prior_and_posterior_are_scipys() -> None:
    codes, mean, log_var = (gaussian(*s, seed=i) for i, s in enumerate([(4, 6, 3), (6, 3), (6, 3)]))
    sigma = np.exp(0.5 * log_var.numpy())
    expected = norm.logpdf(codes).sum(-1) - norm.logpdf(codes, mean, sigma).sum(-1)
    np.testing.assert_allclose(log_prior_ratio(codes, mean, log_var), expected, rtol=1e-12)


@pytest.mark.parametrize("gradient", ESTIMATORS)
@pytest.mark.parametrize("samples", [1, 2, 7])
def test_the_bound_is_that_of_numpy_with_the_same_noise(samples: int, gradient: str) -> None:
    weights, images, mean, log_var = model()
    found, errors = importance_weighted(
        mean, log_var, likelihood(weights, images), samples, noise(), gradient
    )
    drawn = torch.randn(samples, *mean.shape, generator=noise(), dtype=torch.float64).numpy()
    sigma = np.exp(0.5 * log_var.numpy())
    codes = mean.numpy() + sigma * drawn
    of_images = norm.logpdf(images.numpy(), codes @ weights.numpy().T).sum(-1)
    log_w = of_images + norm.logpdf(codes).sum(-1) - norm.logpdf(codes, mean, sigma).sum(-1)
    expected = special.logsumexp(log_w, axis=0) - np.log(samples)
    np.testing.assert_allclose(found, expected, rtol=1e-10)
    np.testing.assert_allclose(errors, of_images, rtol=1e-10)


def test_it_rises_with_the_samples_from_the_elbo_to_the_likelihood() -> None:
    weights, images, mean, log_var = model(rows=8000)
    means = [bound(weights, images, mean, log_var, samples).mean().item() for samples in (1, 4, 64)]
    two = torch.distributions.Normal(mean[0], torch.exp(0.5 * log_var[0]))
    kl = torch.distributions.kl_divergence(two, torch.distributions.Normal(0.0, 1.0)).sum()
    codes = two.sample((20_000,))[:, None]
    elbo = likelihood(weights, images[:1])(codes).mean() - kl
    assert means[0] == pytest.approx(elbo.item(), abs=0.05)
    covariance = (weights @ weights.T).numpy() + np.eye(PIXELS)
    exact = multivariate_normal.logpdf(images[0].numpy(), np.zeros(PIXELS), covariance)
    assert means[0] + 0.1 < means[1] < means[2] < exact
    assert means[2] == pytest.approx(exact, abs=0.05)


@pytest.mark.parametrize("gradient", ESTIMATORS)
def test_the_decoders_gradient_is_that_of_finite_differences(gradient: str) -> None:
    weights, images, mean, log_var = model()
    weights = weights.clone().requires_grad_()
    total = bound(weights, images, mean, log_var, gradient=gradient).mean()
    (found,) = torch.autograd.grad(total, weights)
    _compare(found, weights, lambda w: bound(w, images, mean, log_var).mean())


def test_the_plain_gradient_of_the_encoder_is_that_of_finite_differences() -> None:
    weights, images, mean, log_var = (t.clone() for t in model())
    mean.requires_grad_()
    log_var.requires_grad_()
    found = torch.autograd.grad(bound(weights, images, mean, log_var).mean(), (mean, log_var))
    _compare(found[0], mean, lambda m: bound(weights, images, m, log_var.detach()).mean())
    _compare(found[1], log_var, lambda v: bound(weights, images, mean.detach(), v).mean())


def _compare(found: Tensor, at: Tensor, function: Callable[[Tensor], Tensor]) -> None:
    step, found = 1e-6, found.detach()
    for place in np.ndindex(*at.shape):
        ends = []
        for sign in (1, -1):
            moved = at.detach().clone()
            moved[place] += sign * step
            ends.append(float(function(moved)))
        slope = (ends[0] - ends[1]) / (2 * step)
        assert found[place].item() == pytest.approx(slope, rel=1e-5, abs=1e-8)


def pulls(gradient: str, samples: int, rows: int = 40_000) -> list[Tensor]:
    """The gradients at μ and log σ² of as many draws of one image's bound, (N, 3) each."""
    weights, images, mean, log_var = (t.clone().requires_grad_() for t in model(rows))
    total = bound(weights, images, mean, log_var, samples, gradient).sum()
    return list(torch.autograd.grad(total, (mean, log_var)))


@pytest.mark.parametrize("samples", [2, 8])
def test_the_doubly_reparameterised_gradient_has_the_same_mean_and_varies_less(
    samples: int,
) -> None:
    for plain, doubly in zip(pulls("iwae", samples), pulls("dreg", samples), strict=True):
        error = ((plain.var(0) + doubly.var(0)) / len(plain)).sqrt()
        assert ((plain.mean(0) - doubly.mean(0)).abs() < 4 * error).all()
        # Of both, the mean is far from 0, and is known well.
        assert (doubly.mean(0).abs() > 8 * error).any()
        assert (doubly.var(0) < 0.7 * plain.var(0)).all()


def test_at_the_exact_posterior_the_doubly_reparameterised_gradient_is_no_noise_but_zero() -> None:
    """There every weight is p(x), and no code is better than another."""
    weights, images, *_ = model()
    weights = torch.linalg.qr(
        weights
    ).Q  # Its columns are orthogonal, so the posterior is N(μ, σ²).
    mean = (images @ weights / 2).requires_grad_()
    log_var = torch.full_like(mean, 0.5).log().requires_grad_()
    found = {}
    for gradient in ESTIMATORS:
        total = bound(weights, images, mean, log_var, gradient=gradient)
        found[gradient] = torch.autograd.grad(total.sum(), (mean, log_var))
    covariance = (weights @ weights.T).numpy() + np.eye(PIXELS)
    exact = multivariate_normal.logpdf(images[0].numpy(), np.zeros(PIXELS), covariance)
    np.testing.assert_allclose(total.detach(), exact, rtol=1e-12)
    for plain, doubly in zip(found["iwae"], found["dreg"], strict=True):
        assert doubly.abs().max() < 1e-12
        assert plain.abs().max() > 0.05


def test_another_estimator_is_refused() -> None:
    with pytest.raises(ValueError, match="gradient=vimco: must be iwae or dreg"):
        bound(*model(), gradient="vimco")
