"""Anomaly detection: images unlike those that a model was trained on get a larger error.

    from aemodels import data, load
    from aemodels.analysis import anomaly
    digits, clothes = (data.load_test(name) for name in ("mnist", "fashion-mnist"))
    anomaly.detect(load("ae-16"), digits.images, clothes.images).auroc  # 1 is perfect, 0.5 random

A score is a sum over the 784 pixels of one image; the larger, the more anomalous.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from scipy.special import entr  # type: ignore[import-untyped]

from aemodels.analysis.evaluation import per_image_sse
from aemodels.analysis.likelihood import ELBO_SAMPLES, SEED, per_image_elbo
from aemodels.bundles.metrics import CLASSES
from aemodels.config import Config
from aemodels.data import Dataset, to_vectors
from aemodels.data.binarisation import binarise
from aemodels.models.autoencoder import Autoencoder

# A model and images (N, 28, 28) uint8 -> scores (N,) float64.
Score = Callable[[Autoencoder, np.ndarray], np.ndarray]
# Settings and a data set to train on -> the trained model.
Train = Callable[[Config, Dataset], Autoencoder]


@dataclass(frozen=True, eq=False)
class Detection:
    """How well scores separate anomalous images from normal ones."""

    normal: np.ndarray  # (N,) scores
    anomalous: np.ndarray  # (M,)
    auroc: float

    @property
    def ranks(self) -> np.ndarray:
        """(M,) `ranks` of the anomalous images."""
        return ranks(self.anomalous, self.normal)

    @property
    def detected_first(self) -> float:
        """Share of the anomalous images that score higher than every normal one."""
        return float((self.ranks == 1).mean())


def scores(model: Autoencoder, images: np.ndarray) -> np.ndarray:
    """Images (N, 28, 28) uint8 -> (N,) squared error Σ (x̂ - x)² of each, squared grey levels.

    z is the code, for a VAE μ; pixels are binarised as in training.
    """
    pixels = binarise(images, model.config.data.binarisation)
    return per_image_sse(model, pixels, model.encode(pixels))


def elbo_scores(
    model: Autoencoder, images: np.ndarray, samples: int = ELBO_SAMPLES, seed: int = SEED
) -> np.ndarray:
    """Images (N, 28, 28) uint8 -> (N,) negative ELBO of each in nats.

    The error is that of the loss that the model was trained on. Cross-entropy is -log p(x|z) of
    binary pixels; up to a constant, squared error is that of normal ones with σ² = ½ and absolute
    error that of Laplace ones with scale 1. On grey pixels cross-entropy can't fall below
    `entropy_floor`, which is higher for clothes than for digits, so a VAE of clothes scores digits
    as normal; `excess_scores` subtracts that floor. Raises TypeError if the model isn't a VAE.
    """
    pixels = binarise(images, model.config.data.binarisation)
    return per_image_elbo(model, pixels, samples=samples, seed=seed).negative


def excess_scores(model: Autoencoder, images: np.ndarray) -> np.ndarray:
    """Images (N, 28, 28) uint8 -> (N,) `elbo_scores` less `entropy_floor`, nats.

    Raises TypeError if the model isn't a VAE, ValueError if it wasn't trained on cross-entropy.
    """
    loss = model.config.network.reconstruction_loss
    if loss != "bce":
        raise ValueError(f"reconstruction_loss={loss}: only cross-entropy has that floor")
    pixels = binarise(images, model.config.data.binarisation)
    excess: np.ndarray = elbo_scores(model, images) - entropy_floor(pixels)
    return excess


def entropy_floor(images: np.ndarray) -> np.ndarray:
    """The least cross-entropy that any model can reach on each image, (N,) nats.

    Images (N, 28, 28) uint8 or (N, 784) in [0, 1]. It is the entropy -Σ (x log x + (1 - x) log(1 -
    x)) of the grey levels: 0 where all are black or white, about 46 for a digit, 190 for clothes.
    """
    grey = to_vectors(images).astype(np.float64)
    floor: np.ndarray = (entr(grey) + entr(1 - grey)).sum(1)
    return floor


def auroc(normal: np.ndarray, anomalous: np.ndarray) -> float:
    """Scores (N,) and (M,) -> the area under the ROC curve.

    It is the probability that an anomalous image scores higher than a normal one. Raises ValueError
    if either is empty, or a score isn't finite.
    """
    # scikit-learn takes a second to import, which training needn't wait for.
    from sklearn.metrics import roc_auc_score

    _check(normal)
    _check(anomalous)
    truth = np.repeat([0, 1], [len(normal), len(anomalous)])
    return float(roc_auc_score(truth, np.concatenate([normal, anomalous])))


def ranks(anomalous: np.ndarray, normal: np.ndarray) -> np.ndarray:
    """The rank of each of `anomalous` (M,), alone among `normal` (N,): (M,) from 1 to N + 1.

    1 if no score is as large: equal scores rank before it, so that ties never help. Raises
    ValueError if a score is not finite.
    """
    _check(anomalous)
    _check(normal)
    place: np.ndarray = np.searchsorted(np.sort(normal), anomalous, side="left")
    return 1 + len(normal) - place


def most_anomalous(scores: np.ndarray, count: int) -> np.ndarray:
    """Indices of the `count` largest scores (N,), the largest first."""
    _check(scores)
    return np.argsort(-scores, kind="stable")[:count]


def detect(
    model: Autoencoder, normal: np.ndarray, anomalous: np.ndarray, score: Score = scores
) -> Detection:
    """Score normal images (N, 28, 28) uint8 and anomalous ones (M, 28, 28).

    Normal images are of the kind that the model was trained on, but not its training images.
    """
    found = score(model, normal), score(model, anomalous)
    return Detection(*found, auroc=auroc(*found))


def without(dataset: Dataset, label: int) -> Dataset:
    """The data set with no training image of that class; the test split is whole."""
    kept = dataset.train_labels != label
    return replace(
        dataset, train_images=dataset.train_images[kept], train_labels=dataset.train_labels[kept]
    )


def left_out(
    train: Train, config: Config, dataset: Dataset, label: int, score: Score = scores
) -> Detection:
    """Train without one class, then detect it among all test images.

    An & Cho 2015, "Variational autoencoder based anomaly detection using reconstruction
    probability". The mean AUROC over the ten classes is what others report.
    """
    is_anomalous = dataset.test_labels == label
    trained = train(config, without(dataset, label))
    normal, anomalous = dataset.test_images[~is_anomalous], dataset.test_images[is_anomalous]
    return detect(trained, normal, anomalous, score)


def leave_one_out(
    train: Train,
    config: Config,
    dataset: Dataset,
    score: Score = scores,
    on_class: Callable[[int, Detection], None] = lambda label, found: None,
) -> np.ndarray:
    """`left_out` of each of the ten classes in turn: their AUROC, (10,)."""
    result = []
    for label in range(CLASSES):
        found = left_out(train, config, dataset, label, score)
        on_class(label, found)
        result.append(found.auroc)
    return np.array(result)


def _check(scores: np.ndarray) -> None:
    if scores.ndim != 1 or not len(scores):
        raise ValueError(f"scores of shape {scores.shape}: must be (N,), at least one")
    if not np.isfinite(scores).all():
        raise ValueError("scores with nan or infinity: must be finite; leave those images out")
