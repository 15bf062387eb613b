"""The evidence lower bound of each image, and the likelihood itself by sampling or integration.

    found = per_image_elbo(vae, images)         # images (N, 784) in [0, 1]
    found.negative.mean()                       # nats

Kingma & Welling 2014, "Auto-encoding variational Bayes"; Burda et al. 2016, "Importance weighted
autoencoders".
"""

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from aemodels.models.autoencoder import BATCH, Autoencoder
from aemodels.objectives.divergences import kl_to_standard_normal, reparameterise

ELBO_SAMPLES = 10
SEED = 0
# Of an image that is like none in training, log σ² can be so large that float32 can't hold z.
LARGEST_LOG_VAR = 20.0

# Codes (N, latent_dim) and images (N, 784) -> the error of each, (N,).
Error = Callable[[Tensor, Tensor], Tensor]


@dataclass(frozen=True, eq=False)
class PerImageElbo:
    """Both terms of the negative ELBO of N images, (N,) float64, nats."""

    error: np.ndarray
    kl: np.ndarray

    @property
    def negative(self) -> np.ndarray:
        """(N,) their sum."""
        total: np.ndarray = self.error + self.kl
        return total


@torch.inference_mode()
def per_image_elbo(
    model: Autoencoder,
    images: np.ndarray,
    error: Error | None = None,
    samples: int = ELBO_SAMPLES,
    seed: int = SEED,
    posterior: tuple[np.ndarray, np.ndarray] | None = None,
) -> PerImageElbo:
    """The negative ELBO of each image, Kingma & Welling 2014, equation 7.

    Images (N, 784) in [0, 1]. The error is a mean over `samples` samples of z, by default of the
    loss that the model was trained on; `posterior` is μ and log σ² if they are known already. In
    samples, log σ² is at most `LARGEST_LOG_VAR`.
    Raises TypeError if the model isn't a VAE.
    """
    mean, log_var = map(torch.from_numpy, posterior or model.posterior(images))
    kl = kl_to_standard_normal(mean.double(), log_var.double()).sum(1)
    generator = torch.Generator().manual_seed(seed)
    total = np.zeros(len(images))
    for _ in range(samples):
        codes = reparameterise(mean, log_var.clamp(max=LARGEST_LOG_VAR), generator)
        total += per_image_error(model, images, codes.numpy(), error)
    return PerImageElbo(total / samples, kl.numpy())


@torch.inference_mode()
def per_image_error(
    model: Autoencoder, images: np.ndarray, codes: np.ndarray, error: Error | None = None
) -> np.ndarray:
    """Images (N, 784) and codes (N, latent_dim) -> the error of each decoded code, (N,) float64."""
    error = error or model.reconstruction_error
    result = np.zeros(len(images))
    for start in range(0, len(images), BATCH):
        part = slice(start, start + BATCH)
        z, target = (torch.from_numpy(x[part]).to(model.device) for x in (codes, images))
        result[part] = error(z, target).cpu().double().numpy()
    return result


@torch.inference_mode()
def log_likelihood(
    model: Autoencoder,
    images: np.ndarray,
    samples: int,
    check: Callable[[], None] = lambda: None,
) -> float:
    """log p(x) of binary images (N, 784) in nats, mean over images, by importance sampling.

    log 1/k Σ p(x|zᵢ) p(zᵢ) / q(zᵢ|x), zᵢ ~ q(z|x): Burda et al. 2016, equation 8, a lower bound in
    expectation. `check` is called before each image. Raises TypeError if not a VAE.
    """
    mean, log_var = (torch.from_numpy(array) for array in model.posterior(images))
    generator = torch.Generator().manual_seed(SEED)
    total = 0.0
    for row, m, v in zip(torch.from_numpy(images), mean, log_var, strict=True):
        check()
        noise = torch.randn(samples, len(m), generator=generator)
        z = m + torch.exp(0.5 * v) * noise
        logits = model.logits(z)
        # log p(x|z) of a Bernoulli, Σ x·l - softplus(l), then log p(z) - log q(z|x).
        weight = logits @ row - torch.nn.functional.softplus(logits).sum(1)
        weight += 0.5 * (noise.square() - z.square() + v).sum(1)
        total += float(torch.logsumexp(weight.double(), 0)) - math.log(samples)
    return total / len(images)


@torch.inference_mode()
def integrated_log_likelihood(
    model: Autoencoder, images: np.ndarray, reach: float = 6.0, step: float = 0.02
) -> np.ndarray:
    """log p(x) of images (N, 784) in nats, (N,) float64, by integrating over two latents.

    log Σ p(x|z) p(z) step², where z takes every `step` from -reach to reach in both directions.
    The step must be well below the standard deviations of the posteriors p(z|x). It needs no
    encoder. Raises ValueError unless the model has two latents.
    """
    if model.latent_dim != 2:
        raise ValueError(f"latent_dim={model.latent_dim}: integrates over 2 latents only")
    ticks = torch.arange(-reach, reach + step / 2, step)
    grid = torch.cartesian_prod(ticks, ticks)
    pixels = torch.from_numpy(images)
    total = torch.full((len(pixels),), -torch.inf, dtype=torch.float64)
    for z in torch.split(grid, BATCH):
        logits = model.logits(z)
        # log p(x|z) of a Bernoulli, Σ x·l - softplus(l), then log p(z).
        joint = pixels @ logits.T - torch.nn.functional.softplus(logits).sum(1)
        joint -= 0.5 * z.square().sum(1)
        total = torch.logaddexp(total, torch.logsumexp(joint.double(), 1))
    found: np.ndarray = (total + 2 * math.log(step) - math.log(2 * math.pi)).numpy()
    return found
