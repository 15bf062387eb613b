"""Nearest neighbours: how well codes keep classes and pixel neighbourhoods together."""

from collections.abc import Callable, Sequence

import numpy as np

BATCH = 1000
TRUSTWORTHINESS_POINTS = 5000
TRUSTWORTHINESS_NEIGHBOURS = 5


class NeighbourSearch:
    """A search for the nearest of some labelled codes, by Euclidean distance.

    Parameters
    ----------
    codes : ndarray
        (N, d).
    labels : ndarray
        (N,) whole numbers from 0.
    """

    def __init__(self, codes: np.ndarray, labels: np.ndarray) -> None:
        # scikit-learn takes a second to import, which training needn't wait for.
        from sklearn.neighbors import NearestNeighbors

        self._labels = labels.astype(np.int64)
        self._search = NearestNeighbors().fit(codes)

    def accuracy(
        self,
        codes: np.ndarray,
        labels: np.ndarray,
        counts: Sequence[int] = (1, 5),
        check: Callable[[], None] = lambda: None,
    ) -> dict[int, float]:
        """The share of codes (M, d) that their nearest k classify correctly, for each of `counts`.

        One search for the largest count serves them all. The majority decides, and in a tie the
        smallest label, as in scikit-learn's `KNeighborsClassifier`. `check` is called before each
        batch.
        """
        classes = int(self._labels.max()) + 1
        correct = dict.fromkeys(counts, 0)
        for start in range(0, len(codes), BATCH):
            check()
            part = slice(start, start + BATCH)
            found = self._search.kneighbors(codes[part], max(counts), return_distance=False)
            votes = np.eye(classes, dtype=np.int32)[self._labels[found]].cumsum(1)  # (B, k, C)
            for count in counts:
                winner = votes[:, count - 1].argmax(1)
                correct[count] += int((winner == labels[part]).sum())
        return {count: number / len(codes) for count, number in correct.items()}


def knn_accuracy(
    train_codes: np.ndarray,
    train_labels: np.ndarray,
    codes: np.ndarray,
    labels: np.ndarray,
    counts: Sequence[int] = (1, 5),
    check: Callable[[], None] = lambda: None,
) -> dict[int, float]:
    """Share of test codes (M, d) that their nearest training codes (N, d) classify correctly.

    By majority of the nearest k, for each k of `counts`; see `NeighbourSearch`.
    """
    return NeighbourSearch(train_codes, train_labels).accuracy(codes, labels, counts, check)


def trustworthiness(images: np.ndarray, codes: np.ndarray) -> float:
    """Whether the 5 neighbours of a code are near in pixels too: images (N, 784), codes (N, d).

    1 if they all are; 0.5 is about what random codes give. Venna & Kaski 2001, "Neighborhood
    preservation in nonlinear projection methods".
    """
    from sklearn.manifold import trustworthiness as measure

    return float(measure(images, codes, n_neighbors=TRUSTWORTHINESS_NEIGHBOURS))
