"""Classifiers on codes: against neighbours counted by hand, and what the zoo promises."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression

from aemodels import data, paths
from aemodels.analysis import features
from aemodels.bundles import bundle
from aemodels.bundles.load import load

ZOO = paths.zoo()


def blobs(seed: int, distance: float) -> features.Features:
    """300 to learn from and 100 to test, in 4 dimensions, of 3 classes around points of a line."""
    generator = np.random.default_rng(seed)
    labels = generator.integers(0, 3, 400)
    places = generator.standard_normal((400, 4)) + distance * labels[:, None]
    return features.Features("blobs", places[:300], labels[:300], places[300:], labels[300:])


@pytest.mark.parametrize("count", [1, 5, 7])
def test_knn_by_hand(count: int) -> None:
    given = blobs(0, 1.0)
    distances = np.square(given.test[:, None] - given.train[None]).sum(-1)
    nearest = given.train_labels[np.argsort(distances, axis=1)[:, :count]]
    # The smaller label where two are as frequent.
    named = np.array([np.bincount(votes).argmax() for votes in nearest])
    row = features.knn(given, count)
    assert row.accuracy == (named == given.test_labels).mean()
    assert 0.5 < row.accuracy < 1
    assert (row.features, row.dimensions, row.classifier) == ("blobs", 4, f"kNN-{count}")


def test_logistic_regression_does_not_depend_on_scale_and_place() -> None:
    given = blobs(1, 1.0)
    centred = given.train - given.train.mean(0)
    scale = centred.std()
    fitted = LogisticRegression(max_iter=1000).fit(centred / scale, given.train_labels)
    expected = fitted.score((given.test - given.train.mean(0)) / scale, given.test_labels)
    moved = features.Features(
        "moved", 50 * given.train + 9, given.train_labels, 50 * given.test + 9, given.test_labels
    )
    for some in (given, moved):
        row = features.logistic(some)
        assert row.accuracy == expected
        assert row.converged
    assert features.logistic(blobs(2, 30.0)).accuracy == 1


def test_a_fit_that_ended_early_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(features, "LOGISTIC_ITERATIONS", 1)
    assert not features.logistic(blobs(3, 1.0)).converged


def test_one_row_for_each_and_asked_meanwhile() -> None:
    asked: list[None] = []
    both = [blobs(4, 1.0), blobs(5, 1.0)]
    rows = list(features.table(both, (1, 7), check=lambda: asked.append(None)))
    names = ["kNN-1", "kNN-7", "logistic regression"]
    assert [row.classifier for row in rows] == names * 2
    assert len(asked) == 6


def test_codes_are_those_of_the_model(made: Path, mnist: data.Dataset) -> None:
    vae = load(made / "vae")
    found = features.codes(vae, mnist, "mine")
    mean, _ = vae.posterior(data.to_vectors(mnist.test_images))
    assert np.array_equal(found.test, mean)
    assert found.train.shape == (60_000, 3)
    assert found.encode_seconds > 0
    assert features.pixels(mnist).encode_seconds == 0


def test_both_splits_keep_their_labels_and_a_model_sees_black_and_white(
    made: Path, mnist: data.Dataset
) -> None:
    few = replace(
        mnist,
        train_images=mnist.train_images[:300],
        train_labels=mnist.train_labels[:300],
        test_images=mnist.test_images[:50],
        test_labels=mnist.test_labels[:50],
    )
    vae = load(made / "vae")
    vae.config = vae.config.with_(binarisation="threshold")
    raw, coded = features.pixels(few), features.codes(vae, few, "mine")
    for images, labels, pixels, codes in (
        (few.train_images, few.train_labels, raw.train, coded.train),
        (few.test_images, few.test_labels, raw.test, coded.test),
    ):
        grey = images.reshape(-1, 784) / np.float32(255)
        np.testing.assert_allclose(pixels, grey, rtol=1e-6)
        np.testing.assert_array_equal(codes, vae.encode((grey > 0.5).astype(np.float32)))
        for found in (raw, coded):
            kept = found.train_labels if images is few.train_images else found.test_labels
            np.testing.assert_array_equal(kept, labels)
    # Of the published notebooks: Michelucci 2022, arXiv:2201.03898.
    assert features.knn(coded).classifier == "kNN-7"


def test_features_are_centred_by_the_training_split_alone() -> None:
    given = blobs(6, 1.0)
    # A test split far away is far away; by its own mean it would be no different.
    moved = features.Features(
        "moved", given.train, given.train_labels, given.test + 100, given.test_labels
    )
    largest = given.train.mean(0) + 100
    fitted = LogisticRegression(max_iter=1000).fit(given.train, given.train_labels)
    (label,) = fitted.predict([largest])
    share = (given.test_labels == label).mean()
    assert features.logistic(given).accuracy > 0.6 > share
    assert features.logistic(moved).accuracy == share


def test_one_test_image_that_lies_far_off_changes_nothing_for_the_others() -> None:
    given = blobs(6, 1.0)
    outlier = features.Features(
        "outlier",
        given.train,
        given.train_labels,
        np.concatenate([given.test, np.full((1, 4), 1e6)]),
        np.append(given.test_labels, -1),
    )
    # By a scale that it had a part in, all would be as good as equal, and be taken for one class.
    right = features.logistic(given).accuracy * len(given.test)
    assert features.logistic(outlier).accuracy == pytest.approx(right / len(outlier.test))


@pytest.mark.slow
def test_codes_of_the_zoo_are_as_good_as_pixels(mnist: data.Dataset) -> None:
    codes = features.codes(load(ZOO / "ae-16"), mnist, "ae-16")
    recorded = bundle.read(ZOO / "ae-16").metrics.number("knn5")
    assert features.knn(codes, 5).accuracy == pytest.approx(recorded, abs=5e-4)
    # Of 7 neighbours in raw pixels: Michelucci 2022, arXiv:2201.03898.
    assert features.knn(codes).accuracy > 0.9694
    assert features.logistic(codes).accuracy > 0.92
