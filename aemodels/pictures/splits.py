"""Training and test pictures: as they came, or drawn by a seed, each class by its share."""

from dataclasses import dataclass

import numpy as np

from aemodels.data.own import EXAMPLES, EXAMPLES_AMONG, FEWEST, MOST_TEST, MOST_TRAIN
from aemodels.pictures.raw import PicturesError


@dataclass(frozen=True, eq=False)
class Labelled:
    """Pictures (N, 28, 28) uint8 and a class each, (N,) uint8."""

    images: np.ndarray
    labels: np.ndarray

    def of(self, chosen: np.ndarray) -> "Labelled":
        """Those at these places."""
        return Labelled(self.images[chosen], self.labels[chosen])


@dataclass(frozen=True, eq=False)
class Splits:
    """Both splits, and a sentence on how they were made."""

    train: Labelled
    test: Labelled
    about: str


def drawn(every: Labelled, share: float, seed: int) -> Splits:
    """A share of each class to test on, at least one picture, and the rest to train on; both in an
    order drawn by the seed. Raises PicturesError.
    """
    generator = np.random.default_rng(seed)
    counts = np.bincount(every.labels)
    if counts[counts > 0].min() < 2:
        k = int(np.flatnonzero(counts == 1)[0])
        raise PicturesError(
            f"class {k + 1} of {len(counts)} has one picture; two are needed, one to train on and "
            "one to test on"
        )
    wanted = round(share * len(every.labels))
    test = _draw(every.labels, wanted, generator, leave=1)
    rest = np.setdiff1d(np.arange(len(every.labels)), test)
    about = (
        f"{len(test):,} of {len(every.labels):,}, drawn with seed {seed}, are the test pictures."
    )
    whole = every.of(generator.permutation(rest)), every.of(generator.permutation(test))
    return _limited(*whole, about, seed)


def given(train: Labelled, test: Labelled, seed: int) -> Splits:
    """The splits as they came; shuffled by the seed if they are sorted by class, since a page may
    show the first pictures alone. Raises PicturesError.
    """
    generator = np.random.default_rng(seed)
    about = "The test pictures are those of its files."
    whole = _mixed(train, generator), _mixed(test, generator)
    return _limited(*whole, about, seed)


def examples(labels: np.ndarray) -> tuple[int, ...]:
    """Ten of the first test pictures: the first of each class, then the first of the others."""
    shown = labels[:EXAMPLES_AMONG]
    first = [int(np.argmax(shown == label)) for label in np.unique(shown)][:EXAMPLES]
    others = [k for k in range(len(shown)) if k not in first]
    return tuple((first + others)[:EXAMPLES])


def _limited(train: Labelled, test: Labelled, about: str, seed: int) -> Splits:
    """Both with as many pictures as can be shown, drawn by the seed, and enough of each class."""
    generator = np.random.default_rng(seed)
    kept, left = [], []
    for part, most, word in ((train, MOST_TRAIN, "training"), (test, MOST_TEST, "test")):
        found = part
        if len(part.labels) > most:
            found = part.of(_draw(part.labels, most, generator))
            left.append(f"{most:,} of {len(part.labels):,} {word} pictures")
        if len(found.labels) < FEWEST:
            raise PicturesError(
                f"{len(found.labels)} {word} pictures; at least {FEWEST} are needed to train on, "
                f"and {FEWEST} to test on"
            )
        kept.append(found)
    classes = max(int(part.labels.max()) for part in kept) + 1
    for part, word in zip(kept, ("training", "test"), strict=True):
        absent = np.flatnonzero(np.bincount(part.labels, minlength=classes) == 0)
        if len(absent):
            raise PicturesError(
                f"class {int(absent[0]) + 1} of {classes} has no {word} picture; each class needs "
                "one to train on and one to test on"
            )
    more = f" Kept are {' and '.join(left)}, drawn with seed {seed}." if left else ""
    return Splits(kept[0], kept[1], about + more)


def _draw(
    labels: np.ndarray, wanted: int, generator: np.random.Generator, leave: int = 0
) -> np.ndarray:
    """The sorted places of about `wanted` pictures: each class by its share, at least one, and all
    but `leave` at most.
    """
    found, counts = np.unique(labels, return_counts=True)
    exact = wanted * counts / len(labels)
    taken = np.clip(np.floor(exact).astype(int), 1, counts - leave)
    # The largest remainders first, as seats in a parliament.
    for k in np.argsort(taken - exact, kind="stable"):
        if taken.sum() >= wanted:
            break
        taken[k] += taken[k] < counts[k] - leave
    while taken.sum() > max(wanted, len(found)):
        taken[taken.argmax()] -= 1
    places = [
        generator.permutation(np.flatnonzero(labels == label))[:count]
        for label, count in zip(found, taken, strict=True)
    ]
    return np.sort(np.concatenate(places))


def _mixed(part: Labelled, generator: np.random.Generator) -> Labelled:
    labels = part.labels
    is_sorted = len(np.unique(labels)) > 1 and bool((np.diff(labels.astype(int)) >= 0).all())
    return part.of(generator.permutation(len(labels))) if is_sorted else part
