"""PCA: the oracle of the units, and scikit-learn's own numbers."""

import numpy as np
import pytest
from sklearn.decomposition import PCA

from aemodels import data
from aemodels.config import Config
from aemodels.models import closed_form
from aemodels.models.autoencoder import Autoencoder


@pytest.fixture(scope="module")
def images(mnist: data.Dataset) -> np.ndarray:
    return data.to_vectors(mnist.train_images)


def sse(model: Autoencoder, mnist: data.Dataset) -> float:
    test = data.to_vectors(mnist.test_images)
    errors = np.square(model.decode(model.encode(test)) - test)
    return float(errors.sum(1, dtype=np.float64).mean())


# 13.87 is what Hinton & Salakhutdinov 2006 print for 30 components.
@pytest.mark.slow
@pytest.mark.parametrize(
    ("latent_dim", "expected", "margin"),
    [(30, 13.866, 0.01), (2, 43.645, 0.005), (64, 7.093, 0.005)],
)
def test_error_of_all_test_digits(
    latent_dim: int, expected: float, margin: float, images: np.ndarray, mnist: data.Dataset
) -> None:
    model = closed_form.solve(Config.of(family="pca", latent_dim=latent_dim), images)
    assert sse(model, mnist) == pytest.approx(expected, abs=margin)


def test_two_linear_layers_do_what_scikit_learn_does(mnist: data.Dataset) -> None:
    images = data.to_vectors(mnist.train_images[:800])
    few = images.astype(np.float64)
    model = closed_form.solve(Config.of(family="pca", latent_dim=7), images)
    theirs = PCA(7, svd_solver="full").fit(few)
    codes = model.encode(images[:100])
    np.testing.assert_allclose(codes, theirs.transform(few[:100]), atol=1e-4)
    restored = theirs.inverse_transform(theirs.transform(few[:100]))
    np.testing.assert_allclose(model.decode(codes), restored, atol=1e-5)
