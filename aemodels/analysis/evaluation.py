"""Test numbers of a model: always the 10,000 test images, float32, pixels as it was trained on.

Sums over the 784 pixels and over latents, means over images.
"""

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import torch

from aemodels.data import Dataset
from aemodels.data.binarisation import binarise
from aemodels.models.autoencoder import BATCH, Autoencoder
from aemodels.objectives.divergences import kl_to_standard_normal, reparameterise
from aemodels.objectives.losses import bce

ELBO_SAMPLES = 10
NEIGHBOUR_BATCH = 1000
ELBO_SEED = 0
TRUSTWORTHINESS_POINTS = 5000
TRUSTWORTHINESS_NEIGHBOURS = 5


def evaluate(
    model: Autoencoder, mnist: Dataset, check: Callable[[], None] | None = None
) -> dict[str, Any]:
    """Every number of `bundle.METRICS`; None where one doesn't apply to the family.

    `check` is called every second or so; what it raises ends the work.
    """
    check = check or (lambda: None)
    metrics = quick(model, mnist)
    check()
    pixels = model.config.data.binarisation
    images = binarise(mnist.test_images, pixels)
    codes = model.encode(images)
    metrics |= elbo(model, images)
    check()
    train_codes = model.encode(binarise(mnist.train_images, pixels))
    metrics |= neighbours(train_codes, mnist.train_labels, codes, mnist.test_labels, check)
    check()
    return metrics | map_quality(images, codes)


def quick(model: Autoencoder, mnist: Dataset) -> dict[str, Any]:
    """Those of the numbers that take a fraction of a second: `reconstruction`."""
    images = binarise(mnist.test_images, model.config.data.binarisation)
    return reconstruction(model, images, model.encode(images), mnist.test_labels)


def reconstruction(
    model: Autoencoder, images: np.ndarray, codes: np.ndarray, labels: np.ndarray
) -> dict[str, Any]:
    """Squared error, in all and by digit; cross-entropy (of a sigmoid); variance explained (PCA).

    Images (N, 784), codes (N, latent_dim), for a VAE μ; labels (N,).
    """
    pictures = model.decode(codes)
    errors = np.square(pictures.astype(np.float64) - images).sum(1)
    result: dict[str, Any] = {
        "images": len(images),
        "sse": float(errors.mean()),
        "sse_by_class": [float(errors[labels == digit].mean()) for digit in range(10)],
        "bce": None,
        "explained_variance": None,
    }
    if model.config.family.name == "pca":
        spread = np.square(images - images.mean(0, np.float64)).sum(1)
        result["explained_variance"] = float(1 - errors.mean() / spread.mean())
    if model.output == "sigmoid":
        result["bce"] = _bce(model, images, codes)
    return result


def elbo(model: Autoencoder, images: np.ndarray) -> dict[str, Any]:
    """KL and negative ELBO (β = 1, cross-entropy) with ten samples of z an image, and with z = μ.

    Kingma & Welling 2014, equation 7. All None if the model is no VAE; of a VAE whose pictures are
    no sigmoid's only the KL, since they aren't probabilities.
    """
    names = ("kl", "negative_elbo_sample", "negative_elbo_mean", "elbo_samples")
    if not model.variational:
        return dict.fromkeys(names)
    mean, log_var = (torch.from_numpy(array) for array in model.posterior(images))
    kl = float(kl_to_standard_normal(mean.double(), log_var.double()).sum(1).mean())
    if model.output != "sigmoid":
        return dict.fromkeys(names) | {"kl": kl}
    generator = torch.Generator().manual_seed(ELBO_SEED)
    samples = [
        _bce(model, images, reparameterise(mean, log_var, generator).numpy())
        for _ in range(ELBO_SAMPLES)
    ]
    values = (
        kl,
        float(np.mean(samples)) + kl,
        _bce(model, images, mean.numpy()) + kl,
        len(samples),
    )
    return dict(zip(names, values, strict=True))


def neighbours(
    train_codes: np.ndarray,
    train_labels: np.ndarray,
    codes: np.ndarray,
    labels: np.ndarray,
    check: Callable[[], None] = lambda: None,
) -> dict[str, float]:
    """Share of test codes that their 1 or 5 nearest training codes name rightly, by majority."""
    # Here and below: scikit-learn takes a second to import, which training needn't wait for.
    from sklearn.neighbors import KNeighborsClassifier

    result = {}
    for count in (1, 5):
        classifier = KNeighborsClassifier(count).fit(train_codes, train_labels)
        right = 0
        for start in range(0, len(codes), NEIGHBOUR_BATCH):
            check()
            part = slice(start, start + NEIGHBOUR_BATCH)
            right += int((classifier.predict(codes[part]) == labels[part]).sum())
        result[f"knn{count}"] = right / len(codes)
    return result


def map_quality(images: np.ndarray, codes: np.ndarray) -> dict[str, float]:
    """Trustworthiness: are the 5 neighbours of a code also near in pixels? First 5,000 images.

    Venna & Kaski 2001, "Neighborhood preservation in nonlinear projection methods".
    """
    from sklearn.manifold import trustworthiness

    points = min(TRUSTWORTHINESS_POINTS, len(images))
    score = trustworthiness(images[:points], codes[:points], n_neighbors=TRUSTWORTHINESS_NEIGHBOURS)
    return {"trustworthiness": float(score), "trustworthiness_points": points}


@torch.inference_mode()
def _bce(model: Autoencoder, images: np.ndarray, codes: np.ndarray) -> float:
    total = 0.0
    for start in range(0, len(images), BATCH):
        part = slice(start, start + BATCH)
        logits = model.logits(torch.from_numpy(codes[part]).to(model.device))
        errors = bce(logits, torch.from_numpy(images[part]).to(model.device))
        total += float(errors.cpu().double().sum())
    return total / len(images)


@torch.inference_mode()
def log_likelihood(
    model: Autoencoder,
    images: np.ndarray,
    samples: int,
    check: Callable[[], None] = lambda: None,
) -> float:
    """log p(x) of binary images (N, 784) in nats, mean over images, by importance sampling.

    log 1/k Σ p(x|zᵢ) p(zᵢ) / q(zᵢ|x), zᵢ ~ q(z|x): Burda et al. 2016, "Importance weighted
    autoencoders", equation 8, a lower bound in expectation. Raises TypeError if not a VAE.
    """
    mean, log_var = (torch.from_numpy(array) for array in model.posterior(images))
    generator = torch.Generator().manual_seed(ELBO_SEED)
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
