"""The figures of a trained model on the held-out images, by name; loads PyTorch when called.

`dataset` has these in the place of its test images. Sums over pixels or latents, means over images.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from aemodels.data.binarisation import binarise

if TYPE_CHECKING:
    from aemodels.bundles.metrics import Metrics
    from aemodels.data import Dataset
    from aemodels.models.autoencoder import Autoencoder

NAMES = ("sse", "bce", "kl", "negative_elbo_sample", "negative_elbo_mean", "knn1", "knn5")
NOISE_SEED = 0
# Of importance sampling, to compare candidates; the row of the likelihood takes more of both.
SAMPLES, SAMPLED_IMAGES = 500, 2000


def decoded(model: Autoencoder, dataset: Dataset) -> dict[str, float]:
    """Errors and, of a VAE, its negative ELBO."""
    from aemodels.analysis import evaluation

    return _known(evaluation.decoded(model, dataset))


def mapped(model: Autoencoder, dataset: Dataset) -> dict[str, float]:
    """Those of `decoded`, the accuracy of the nearest of the codes of the training images, and the
    distances from 0 within which half and 99.9 % of the codes lie, which a map must show at once.
    """
    from aemodels.analysis.neighbours import knn_accuracy

    train, held_out = (
        model.encode(binarise(images, model.config.data.binarisation))
        for images in (dataset.train_images, dataset.test_images)
    )
    found = knn_accuracy(train, dataset.train_labels, held_out, dataset.test_labels)
    near, far = np.quantile(np.linalg.norm(held_out, axis=1), (0.5, 0.999)).tolist()
    return (
        decoded(model, dataset)
        | {f"knn{count}": share for count, share in found.items()}
        | {"half_within": near, "nearly_all_within": far}
    )


def weighed(model: Autoencoder, dataset: Dataset) -> dict[str, float]:
    """Those of `decoded`, and -log p(x) of a VAE by importance sampling, in nats.

    Of the first held-out images, with pixels drawn once, black or white.
    """
    from aemodels.analysis.likelihood import log_likelihood

    images = binarise(dataset.test_images[:SAMPLED_IMAGES], "stochastic")
    found = -log_likelihood(model, images, SAMPLES)
    return decoded(model, dataset) | {"negative_log_likelihood": found}


def restored(model: Autoencoder, dataset: Dataset) -> dict[str, float]:
    """Those of `decoded`, and the errors of images decoded from corrupted ones, with fixed noise.

    The corruption is that of the model's training, of a stacked one that of its first layer.
    """
    import torch

    from aemodels.analysis.likelihood import per_image_error
    from aemodels.families.denoising import Denoising
    from aemodels.families.stacked import Stacked
    from aemodels.objectives.corruption import corrupt
    from aemodels.objectives.losses import bce

    family = model.config.family
    if isinstance(family, Stacked):
        level = family.layer_corruption[0]
    else:
        assert isinstance(family, Denoising)
        level = family.corruption_level
    clean = binarise(dataset.test_images, model.config.data.binarisation)
    generator = torch.Generator().manual_seed(NOISE_SEED)
    corrupted = corrupt(torch.from_numpy(clean), family.corruption, level, generator).numpy()
    codes = model.encode(corrupted)
    errors = per_image_error(model, clean, codes, lambda z, x: bce(model.logits(z), x))
    squared = np.square(model.decode(codes).astype(np.float64) - clean).sum(1)
    return decoded(model, dataset) | {
        "restored_bce": float(errors.mean()),
        "restored_sse": float(squared.mean()),
    }


def _known(metrics: Metrics) -> dict[str, float]:
    return {name: getattr(metrics, name) for name in NAMES if getattr(metrics, name) is not None}
