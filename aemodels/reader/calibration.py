"""Whether a classifier is as often right as it says: reliability, and a temperature that mends it.

Guo et al. 2017, "On calibration of modern neural networks", arXiv:1706.04599.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from scipy.optimize import minimize_scalar  # type: ignore[import-untyped]
from scipy.special import log_softmax  # type: ignore[import-untyped]

BINS = 15  # as in the paper


@dataclass(frozen=True)
class Bin:
    """The pictures whose confidence lies from `low` to `high`; the means are NaN if there are none.

    Attributes
    ----------
    low, high : float
        `high` itself belongs to the next bin, except 1.
    count : int
        How many pictures.
    confidence : float
        The mean probability of the class that was read.
    accuracy : float
        The share that was read right.
    """

    low: float
    high: float
    count: int
    confidence: float
    accuracy: float


def reliability(probabilities: np.ndarray, labels: np.ndarray, edges: Sequence[float]) -> list[Bin]:
    """Probabilities (N, classes), labels (N,) -> one `Bin` between every two edges from 0 to 1."""
    confidence = probabilities.max(1).astype(np.float64)
    right = probabilities.argmax(1) == labels
    found = []
    for low, high in pairwise(edges):
        inside = (confidence >= low) & ((confidence < high) | (high >= 1))
        count = int(inside.sum())
        means = (
            (float(confidence[inside].mean()), float(right[inside].mean()))
            if count
            else (np.nan, np.nan)
        )
        found.append(Bin(float(low), float(high), count, *means))
    return found


def expected_calibration_error(probabilities: np.ndarray, labels: np.ndarray) -> float:
    """Mean distance between confidence and accuracy, over 15 bins of equal width; equation 3."""
    bins = reliability(probabilities, labels, np.linspace(0, 1, BINS + 1).tolist())
    gaps = [b.count * abs(b.confidence - b.accuracy) for b in bins if b.count]
    return float(sum(gaps) / len(labels))


def negative_log_likelihood(logits: np.ndarray, labels: np.ndarray) -> float:
    """Mean over pictures, nats; logits (N, classes)."""
    logs = log_softmax(logits.astype(np.float64), axis=1)
    return float(-logs[np.arange(len(labels)), labels].mean())


def fit_temperature(logits: np.ndarray, labels: np.ndarray, doubt: float = 0.0) -> float:
    """The T > 0 for which softmax(logits / T) has the highest likelihood; section 4.2.

    It changes no answer, only how sure they are. The labels must be of pictures that the classifier
    wasn't trained on. If there are few, it may read all of them right, and no confidence would be
    too high: `doubt` is then the share of each label that goes to the other classes.
    """
    logits = logits.astype(np.float64)
    shares = np.full(logits.shape, doubt / (logits.shape[1] - 1))
    shares[np.arange(len(labels)), labels] = 1 - doubt
    found = minimize_scalar(
        lambda log_t: -(shares * log_softmax(logits / np.exp(log_t), axis=1)).sum(1).mean(),
        bounds=(-3, 3),
        method="bounded",
    )
    return float(np.exp(found.x))


def few(count: int) -> float:
    """The doubt about each of `count` labels: Platt 1999, "Probabilistic outputs for support vector
    machines", section 2.2, with as many in each class.
    """
    return 1 / (count + 2)
