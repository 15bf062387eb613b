"""What codes are worth as features: classifiers on codes against the same ones on raw pixels.

    from aemodels import data, features, model
    mnist = data.load()
    both = [features.pixels(mnist), features.codes(model.load("zoo/ae-16"), mnist, "ae-16")]
    for row in features.table(both):
        print(row)

Classifiers are scikit-learn's. Fitted on the training split, measured on the test split.
"""

import warnings
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from time import perf_counter
from typing import Any

import numpy as np

from aemodels.data import Dataset, to_vectors
from aemodels.data.binarisation import binarise
from aemodels.models.autoencoder import Autoencoder

NEIGHBOURS = 7
LOGISTIC = "logistic regression"
PREDICT_BATCH = 1000
LOGISTIC_ITERATIONS = 1000


@dataclass(frozen=True, eq=False)
class Features:
    """Numbers that describe images, d for each, with the labels to learn from them."""

    name: str
    train: np.ndarray  # (N, d) float32
    train_labels: np.ndarray  # (N,)
    test: np.ndarray  # (M, d)
    test_labels: np.ndarray  # (M,)
    encode_seconds: float = 0.0  # what both splits cost to make; 0 for pixels


@dataclass(frozen=True)
class Accuracy:
    """A row of the table: what a classifier makes of some features, and the seconds it takes.

    `predict_seconds` leaves out `encode_seconds`; to name a new image takes a share of both.
    """

    features: str
    dimensions: int
    classifier: str
    accuracy: float  # share of the test images named rightly
    encode_seconds: float  # both splits
    fit_seconds: float
    predict_seconds: float  # the whole test split
    converged: bool = True  # False if the fit ended at its limit of iterations


def pixels(dataset: Dataset) -> Features:
    """The 784 grey levels themselves, in [0, 1]."""
    train, test = to_vectors(dataset.train_images), to_vectors(dataset.test_images)
    return Features("pixels", train, dataset.train_labels, test, dataset.test_labels)


def codes(model: Autoencoder, dataset: Dataset, name: str) -> Features:
    """The codes of a model, for a VAE μ, with the seconds that encoding took."""
    splits = dataset.train_images, dataset.test_images
    images = [binarise(split, model.config.data.binarisation) for split in splits]
    start = perf_counter()
    train, test = map(model.encode, images)
    seconds = perf_counter() - start
    return Features(name, train, dataset.train_labels, test, dataset.test_labels, seconds)


def neighbours(
    features: Features, count: int = NEIGHBOURS, check: Callable[[], None] = lambda: None
) -> Accuracy:
    """The majority of the `count` nearest training images, by Euclidean distance.

    `check` is called now and then while it predicts; what it raises ends the work.
    """
    # Here and below: scikit-learn takes a second to import, which training needn't wait for.
    from sklearn.neighbors import KNeighborsClassifier

    return _measure(f"kNN-{count}", KNeighborsClassifier(count), features, check)


def logistic(features: Features, check: Callable[[], None] = lambda: None) -> Accuracy:
    """Multinomial logistic regression with scikit-learn's L2 penalty (C = 1).

    All features are divided by one number, their root mean square about the mean, so that the
    penalty weighs the same on codes of any scale and on pixels.
    """
    from sklearn.linear_model import LogisticRegression

    classifier = LogisticRegression(max_iter=LOGISTIC_ITERATIONS)
    return _measure(LOGISTIC, classifier, features, check, scaled=True)


def table(
    several: Sequence[Features],
    counts: Sequence[int] = (NEIGHBOURS,),
    check: Callable[[], None] = lambda: None,
) -> Iterator[Accuracy]:
    """For each features kNN with each of `counts` and logistic regression, row by row."""
    for features in several:
        for count in counts:
            yield neighbours(features, count, check)
        yield logistic(features, check)


def _measure(
    name: str,
    classifier: Any,
    features: Features,
    check: Callable[[], None],
    scaled: bool = False,
) -> Accuracy:
    from sklearn.exceptions import ConvergenceWarning

    start = perf_counter()
    prepare = _scaling(features.train) if scaled else lambda numbers: numbers
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always", ConvergenceWarning)
        classifier.fit(prepare(features.train), features.train_labels)
    converged = not any(issubclass(entry.category, ConvergenceWarning) for entry in caught)
    fitted = perf_counter()
    right = 0
    for first in range(0, len(features.test), PREDICT_BATCH):
        check()
        part = slice(first, first + PREDICT_BATCH)
        named = classifier.predict(prepare(features.test[part]))
        right += int((named == features.test_labels[part]).sum())
    return Accuracy(
        features=features.name,
        dimensions=features.train.shape[1],
        classifier=name,
        accuracy=right / len(features.test),
        encode_seconds=features.encode_seconds,
        fit_seconds=fitted - start,
        predict_seconds=perf_counter() - fitted,
        converged=converged,
    )


def _scaling(train: np.ndarray) -> Callable[[np.ndarray], np.ndarray]:
    """Takes the mean of each feature away, and divides by the root mean square of what is left."""
    centre = train.mean(0)
    scale = np.sqrt(np.square(train - centre).mean()) or 1.0
    return lambda numbers: (numbers - centre) / scale
