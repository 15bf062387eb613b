"""Test numbers of a model: always the 10,000 test images, grey pixels, float32.

Sums over the 784 pixels and over latents, means over images.
"""

from typing import Any

import numpy as np
import torch
from sklearn.manifold import trustworthiness
from sklearn.neighbors import KNeighborsClassifier

from aemodels.data import MNIST, vectors
from aemodels.model import BATCH, Autoencoder
from aemodels.objectives import bce, kl_to_standard_normal, reparameterise

ELBO_SAMPLES = 10
ELBO_SEED = 0
TRUSTWORTHINESS_POINTS = 5000
TRUSTWORTHINESS_NEIGHBOURS = 5


def evaluate(model: Autoencoder, mnist: MNIST) -> dict[str, Any]:
    """Every number of `bundle.METRICS`; None where one doesn't apply to the family."""
    images = vectors(mnist.test_images)
    codes = model.encode(images)
    train_codes = model.encode(vectors(mnist.train_images))
    return {
        **reconstruction(model, images, codes, mnist.test_labels),
        **elbo(model, images),
        **neighbours(train_codes, mnist.train_labels, codes, mnist.test_labels),
        **map_quality(images, codes),
    }


def reconstruction(
    model: Autoencoder, images: np.ndarray, codes: np.ndarray, labels: np.ndarray
) -> dict[str, Any]:
    """Squared error, in all and by digit; cross-entropy (not for PCA); variance explained (PCA).

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
    if model.linear:
        spread = np.square(images - images.mean(0, np.float64)).sum(1)
        result["explained_variance"] = float(1 - errors.mean() / spread.mean())
    else:
        result["bce"] = _bce(model, images, codes)
    return result


def elbo(model: Autoencoder, images: np.ndarray) -> dict[str, Any]:
    """KL and negative ELBO (β = 1, cross-entropy) with ten samples of z an image, and with z = μ.

    Kingma & Welling 2014, equation 7. All None if the model is no VAE.
    """
    names = ("kl", "negative_elbo_sample", "negative_elbo_mean", "elbo_samples")
    if not model.variational:
        return dict.fromkeys(names)
    mean, log_var = (torch.from_numpy(array) for array in model.posterior(images))
    kl = float(kl_to_standard_normal(mean.double(), log_var.double()).sum(1).mean())
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
    train_codes: np.ndarray, train_labels: np.ndarray, codes: np.ndarray, labels: np.ndarray
) -> dict[str, float]:
    """Share of test codes that their 1 or 5 nearest training codes name rightly, by majority."""
    result = {}
    for count in (1, 5):
        classifier = KNeighborsClassifier(count).fit(train_codes, train_labels)
        result[f"knn{count}"] = float(classifier.score(codes, labels))
    return result


def map_quality(images: np.ndarray, codes: np.ndarray) -> dict[str, float]:
    """Trustworthiness: are the 5 neighbours of a code also near in pixels? First 5,000 images.

    Venna & Kaski 2001, "Neighborhood preservation in nonlinear projection methods".
    """
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
