"""The test metrics of a model: reconstruction, ELBO, latent map, codes as features.

    metrics = evaluate(model, data.load())
    metrics.sse, metrics.knn5

Always the test split, float32, pixels binarised as in training; sums over pixels and latents, means
over images.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from torch import Tensor

from aemodels.analysis import latent_space
from aemodels.analysis.likelihood import ELBO_SAMPLES, per_image_elbo, per_image_error
from aemodels.analysis.neighbours import TRUSTWORTHINESS_POINTS, knn_accuracy, trustworthiness
from aemodels.bundles import codes as test_codes
from aemodels.bundles.codes import Codes
from aemodels.bundles.metrics import CLASSES, Metrics
from aemodels.data import Dataset
from aemodels.data.binarisation import binarise
from aemodels.models.autoencoder import Autoencoder
from aemodels.objectives.losses import bce

# What `evaluate` measures, in this order: squared error and the other errors, kNN accuracy where
# there are classes, trustworthiness.
MEASURED = ("error", "knn", "trustworthiness")


@dataclass(frozen=True, eq=False)
class Encoded:
    """The test split as a model sees it: images (N, 784), their codes, labels (N,), and how many
    classes there are: none if the labels mean nothing.
    """

    images: np.ndarray
    codes: Codes
    labels: np.ndarray
    classes: int = CLASSES


def encode(model: Autoencoder, dataset: Dataset) -> Encoded:
    """Encode the test split once for all metrics."""
    images = binarise(dataset.test_images, model.config.data.binarisation)
    codes = test_codes.encode(model, images)
    return Encoded(images, codes, dataset.test_labels, _classes(dataset))


def quick(model: Autoencoder, dataset: Dataset, encoded: Encoded | None = None) -> Metrics:
    """The metrics that take a fraction of a second: `reconstruction`."""
    return reconstruction(model, encoded or encode(model, dataset))


def decoded(model: Autoencoder, dataset: Dataset, codes: Codes | None = None) -> Metrics:
    """The metrics of decoded images, a few seconds: `reconstruction` and `elbo`.

    `codes` are those of the test images, if they have been encoded already.
    """
    if codes is None:
        codes = encode(model, dataset).codes
    # Those of a bundle are read-only, which PyTorch warns about.
    codes = Codes(codes.mean.copy(), None if codes.log_var is None else codes.log_var.copy())
    images = binarise(dataset.test_images, model.config.data.binarisation)
    encoded = Encoded(images, codes, dataset.test_labels, _classes(dataset))
    return quick(model, dataset, encoded).updated(elbo(model, encoded.images, codes))


def evaluate(
    model: Autoencoder,
    dataset: Dataset,
    check: Callable[[], None] = lambda: None,
    encoded: Encoded | None = None,
    on_step: Callable[[str], object] = lambda step: None,
) -> Metrics:
    """Every metric that applies to the family.

    Parameters
    ----------
    model : Autoencoder
        On any device.
    dataset : Dataset
        The training codes are the neighbours of the test codes.
    check : callable
        Called every second or so; an exception from it ends the work.
    encoded : Encoded
        The test split, if it has been encoded already.
    on_step : callable
        Called with each of `MEASURED` that is measured from now on.
    """
    encoded = encoded or encode(model, dataset)
    on_step("error")
    metrics = decoded(model, dataset, encoded.codes)
    check()
    train_codes = model.encode(binarise(dataset.train_images, model.config.data.binarisation))
    codes = encoded.codes.mean
    knn: dict[int, float] = {}
    if encoded.classes:
        on_step("knn")
        knn = knn_accuracy(
            train_codes, dataset.train_labels, codes, encoded.labels, counts=(1, 5), check=check
        )
    check()
    on_step("trustworthiness")
    points = min(TRUSTWORTHINESS_POINTS, len(codes))
    return replace(
        metrics,
        knn1=knn.get(1),
        knn5=knn.get(5),
        trustworthiness=trustworthiness(encoded.images[:points], codes[:points]),
        trustworthiness_points=points,
    )


def _classes(dataset: Dataset) -> int:
    return CLASSES if dataset.source is None else len(dataset.source.class_names)


def per_image_sse(model: Autoencoder, images: np.ndarray, codes: np.ndarray) -> np.ndarray:
    """Squared error Σ (x̂ - x)² of each decoded code, (N,) float64, squared grey levels.

    Images (N, 784) in [0, 1], codes (N, latent_dim). Divided by 784, it is the usual MSE.
    """
    result: np.ndarray = np.square(model.decode(codes).astype(np.float64) - images).sum(1)
    return result


def reconstruction(model: Autoencoder, encoded: Encoded) -> Metrics:
    """Squared error, overall and by class; cross-entropy (of a sigmoid); variance explained (PCA).

    Images are decoded from the codes, a VAE's from μ.
    """
    images, labels = encoded.images, encoded.labels
    errors = per_image_sse(model, images, encoded.codes.mean)
    by_class = tuple(float(errors[labels == each].mean()) for each in range(encoded.classes))
    spread = likelihood = None
    if model.config.family.name == "pca":
        spread = float(np.square(images - images.mean(0, np.float64)).sum(1).mean())
    if model.output == "sigmoid":
        likelihood = float(per_image_error(model, images, encoded.codes.mean, _bce(model)).mean())
    return Metrics(
        images=len(images),
        sse=float(errors.mean()),
        sse_by_class=by_class or None,
        bce=likelihood,
        explained_variance=None if spread is None else float(1 - errors.mean() / spread),
    )


def elbo(model: Autoencoder, images: np.ndarray, codes: Codes | None = None) -> Metrics:
    """KL and negative ELBO (β = 1, cross-entropy) with ten samples of z per image, and with z = μ.

    Images (N, 784), with their codes if they have been encoded already. None of these if the model
    isn't a VAE; only the KL if its output isn't a sigmoid, since then pixels aren't
    probabilities.
    """
    if not model.variational:
        return Metrics()
    codes = codes or test_codes.encode(model, images)
    assert codes.log_var is not None
    if model.output != "sigmoid":
        return Metrics(kl=float(latent_space.kl(codes.mean, codes.log_var).sum(1).mean()))
    error = _bce(model)
    found = per_image_elbo(model, images, error, posterior=(codes.mean, codes.log_var))
    kl = float(found.kl.mean())
    return Metrics(
        kl=kl,
        negative_elbo_sample=float(found.error.mean()) + kl,
        negative_elbo_mean=float(per_image_error(model, images, codes.mean, error).mean()) + kl,
        elbo_samples=ELBO_SAMPLES,
    )


def _bce(model: Autoencoder) -> Callable[[Tensor, Tensor], Tensor]:
    """Cross-entropy of decoded codes, whatever the model was trained on."""

    def error(codes: Tensor, images: Tensor) -> Tensor:
        return bce(model.logits(codes), images)

    return error
