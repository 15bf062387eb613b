"""From settings to a bundle: the images that are asked for, seen as the settings say."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sklearn.decomposition import PCA

from aemodels import data
from aemodels.bundles import bundle
from aemodels.bundles.metrics import Metrics
from aemodels.training import fit
from tests.library import small


def test_training_gets_the_first_images_and_is_measured_on_the_test_split(
    mnist: data.Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    given: list[Any] = []
    monkeypatch.setattr(fit, "Training", lambda *positional, **named: given.extend(positional))
    fit.begin(small.config("vae", train_images=123, binarisation="stochastic"), mnist)
    images = given[3]
    np.testing.assert_array_equal(images.train, mnist.train_images[:123])
    np.testing.assert_array_equal(images.test, mnist.test_images)
    assert images.binarisation == "stochastic"


def test_pca_is_solved_for_the_first_images_in_black_and_white(mnist: data.Dataset) -> None:
    config = small.config("pca", train_images=300, binarisation="threshold")
    found = fit.solve(config, mnist).model
    white = (mnist.train_images[:300].reshape(300, 784) > 127).astype(np.float64)
    theirs = PCA(3, svd_solver="full").fit(white)
    np.testing.assert_allclose(found.encode(white), theirs.transform(white), atol=1e-4)


def test_codes_of_a_bundle_are_of_test_images_in_black_and_white(
    mnist: data.Dataset, tmp_path: Path
) -> None:
    fitted = fit.solve(small.config("pca", binarisation="threshold"), mnist)
    fit.save(fitted, Metrics(images=10_000), mnist, tmp_path / "pca")
    white = (mnist.test_images.reshape(10_000, 784) > 127).astype(np.float32)
    codes = bundle.read(tmp_path / "pca").codes().mean
    np.testing.assert_allclose(codes, fitted.model.encode(white), atol=1e-5)


def test_a_resumed_training_counts_its_seconds_on(mnist: data.Dataset) -> None:
    config = small.config("ae", epochs=2, train_images=100)
    training, resumed = fit.begin(config, mnist), fit.begin(config, mnist)
    next(training.run())
    training.seconds = 1000.0
    resumed.restore(training.checkpoint())
    assert (resumed.epoch, resumed.seconds) == (1, 1000.0)
    (record,) = resumed.run()
    assert record.seconds > 1000
