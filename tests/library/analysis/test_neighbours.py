"""Nearest neighbours against scikit-learn's classifier and brute force."""

import numpy as np
import pytest
from sklearn.neighbors import KNeighborsClassifier

from aemodels.analysis import neighbours


def distances(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    return np.square(a[:, None] - b[None]).sum(2)


def test_accuracy_against_brute_force() -> None:
    random = np.random.default_rng(0)
    train_labels, labels = random.integers(0, 3, 400), random.integers(0, 3, 100)
    train = random.normal(size=(400, 2)) + train_labels[:, None]
    test = random.normal(size=(100, 2)) + labels[:, None]
    order = distances(test, train).argsort(1)
    votes = [np.bincount(train_labels[row[:5]], minlength=3).argmax() for row in order]
    found = neighbours.knn_accuracy(train, train_labels, test, labels)
    assert found[1] == np.mean(train_labels[order[:, 0]] == labels)
    assert found[5] == np.mean(votes == labels)


# 2 dimensions are searched with a tree, 40 by brute force. Even counts have ties, which the
# smallest label wins.
@pytest.mark.parametrize("dimensions", [2, 40])
def test_one_search_equals_scikit_learns_classifier_for_every_count(dimensions: int) -> None:
    random = np.random.default_rng(1)
    train_labels = random.integers(0, 10, 3000).astype(np.uint8)
    labels = random.integers(0, 10, 1500).astype(np.uint8)
    train = random.normal(size=(3000, dimensions)).astype(np.float32)
    test = random.normal(size=(1500, dimensions)).astype(np.float32)
    # A weak signal, so that votes are close.
    train[:, 0] += 0.3 * train_labels
    test[:, 0] += 0.3 * labels
    counts = (1, 2, 4, 5, 7, 10)
    found = neighbours.knn_accuracy(train, train_labels, test, labels, counts)
    for count in counts:
        theirs = KNeighborsClassifier(count).fit(train, train_labels).score(test, labels)
        assert found[count] == theirs, count


def test_ties_go_to_the_smallest_label() -> None:
    train = np.array([[0.0], [1.0], [2.0], [3.0]])
    train_labels, code = np.array([7, 2, 2, 7]), np.array([[0.4]])
    found = neighbours.knn_accuracy(train, train_labels, code, np.array([2]), counts=(1, 2, 4))
    assert found == {1: 0.0, 2: 1.0, 4: 1.0}


def test_check_is_called_for_every_batch() -> None:
    calls = []
    codes, labels = np.zeros((2500, 1)), np.zeros(2500, int)
    neighbours.knn_accuracy(codes, labels, codes, labels, (1,), lambda: calls.append(1))
    assert len(calls) == 3


def test_trustworthiness_against_brute_force() -> None:
    random = np.random.default_rng(0)
    n, k = 60, 5
    images = random.random((n, 6))
    codes = images[:, :2] + 0.1 * random.random((n, 2))
    far, near = distances(images, images), distances(codes, codes)
    penalty = 0
    for i in range(n):
        # Rank 0 is the point itself in both.
        rank = {j: r for r, j in enumerate(far[i].argsort())}
        penalty += sum(max(0, rank[j] - k) for j in near[i].argsort()[1 : k + 1])
    expected = 1 - 2 / (n * k * (2 * n - 3 * k - 1)) * penalty
    assert neighbours.trustworthiness(images, codes) == pytest.approx(expected)
