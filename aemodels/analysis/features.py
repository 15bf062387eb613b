"""Codes as features: classifiers on codes compared with the same ones on raw pixels.

    from aemodels import load, load_dataset
    from aemodels.analysis import features
    digits = load_dataset()
    both = [features.pixels(digits), features.codes(load("ae-16"), digits, "ae-16")]
    for row in features.table(both):
        print(row)

Classifiers are fitted on the training split and measured on the test split.
"""

import warnings
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from time import perf_counter

import numpy as np

from aemodels.analysis.neighbours import NeighbourSearch
from aemodels.data import Dataset, to_vectors
from aemodels.data.binarisation import binarise
from aemodels.models.autoencoder import Autoencoder

NEIGHBOURS = 7
LOGISTIC = "logistic regression"
LOGISTIC_ITERATIONS = 1000


@dataclass(frozen=True, eq=False)
class Features:
    """d numbers for each image, with the labels to predict from them."""

    name: str
    train: np.ndarray  # (N, d) float32
    train_labels: np.ndarray  # (N,)
    test: np.ndarray  # (M, d)
    test_labels: np.ndarray  # (M,)
    encode_seconds: float = 0.0  # of both splits together; 0 for pixels


@dataclass(frozen=True)
class Accuracy:
    """A row of the table: the accuracy of a classifier on some features, and the seconds it takes.

    `predict_seconds` excludes `encode_seconds`; classifying a new image takes a share of both.
    """

    features: str
    dimensions: int
    classifier: str
    accuracy: float  # share of the test images classified correctly
    encode_seconds: float  # both splits
    fit_seconds: float
    predict_seconds: float  # the whole test split
    converged: bool = True  # False if the fit ended at its limit of iterations


def pixels(dataset: Dataset) -> Features:
    """The 784 grey levels themselves, in [0, 1]."""
    train, test = to_vectors(dataset.train_images), to_vectors(dataset.test_images)
    return Features("pixels", train, dataset.train_labels, test, dataset.test_labels)


def codes(model: Autoencoder, dataset: Dataset, name: str) -> Features:
    """The codes of a model, for a VAE μ, with the seconds that encoding takes."""
    splits = dataset.train_images, dataset.test_images
    images = [binarise(split, model.config.data.binarisation) for split in splits]
    start = perf_counter()
    train, test = map(model.encode, images)
    seconds = perf_counter() - start
    return Features(name, train, dataset.train_labels, test, dataset.test_labels, seconds)


def knn(
    features: Features, count: int = NEIGHBOURS, check: Callable[[], None] = lambda: None
) -> Accuracy:
    """The majority of the `count` nearest training images, by Euclidean distance.

    `check` is called now and then while it predicts; an exception from it ends the work.
    """
    start = perf_counter()
    search = NeighbourSearch(features.train, features.train_labels)
    fitted = perf_counter()
    found = search.accuracy(features.test, features.test_labels, (count,), check)
    return Accuracy(
        features=features.name,
        dimensions=features.train.shape[1],
        classifier=f"kNN-{count}",
        accuracy=found[count],
        encode_seconds=features.encode_seconds,
        fit_seconds=fitted - start,
        predict_seconds=perf_counter() - fitted,
    )


def logistic(features: Features, check: Callable[[], None] = lambda: None) -> Accuracy:
    """Multinomial logistic regression with scikit-learn's L2 penalty (C = 1).

    All features are divided by one number, their root mean square about the mean, so that the
    penalty weighs the same on codes of any scale and on pixels.
    """
    # scikit-learn takes a second to import, which training needn't wait for.
    from sklearn.exceptions import ConvergenceWarning
    from sklearn.linear_model import LogisticRegression

    start = perf_counter()
    prepare = _scaling(features.train)
    classifier = LogisticRegression(max_iter=LOGISTIC_ITERATIONS)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always", ConvergenceWarning)
        classifier.fit(prepare(features.train), features.train_labels)
    converged = not any(issubclass(entry.category, ConvergenceWarning) for entry in caught)
    fitted = perf_counter()
    check()
    accuracy = classifier.score(prepare(features.test), features.test_labels)
    return Accuracy(
        features=features.name,
        dimensions=features.train.shape[1],
        classifier=LOGISTIC,
        accuracy=float(accuracy),
        encode_seconds=features.encode_seconds,
        fit_seconds=fitted - start,
        predict_seconds=perf_counter() - fitted,
        converged=converged,
    )


def table(
    several: Sequence[Features],
    counts: Sequence[int] = (NEIGHBOURS,),
    check: Callable[[], None] = lambda: None,
) -> Iterator[Accuracy]:
    """Rows of kNN with each of `counts` and of logistic regression, for each of the features."""
    for features in several:
        for count in counts:
            yield knn(features, count, check)
        yield logistic(features, check)


def _scaling(train: np.ndarray) -> Callable[[np.ndarray], np.ndarray]:
    """Subtracts the mean of each feature, then divides by the root mean square of all."""
    centre = train.mean(0)
    scale = np.sqrt(np.square(train - centre).mean()) or 1.0
    return lambda numbers: (numbers - centre) / scale
