"""The transformer: scikit-learn's own checks, its PCA, its pipelines and searches."""

import pickle
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from sklearn.base import clone
from sklearn.datasets import load_digits
from sklearn.decomposition import PCA
from sklearn.model_selection import GridSearchCV
from sklearn.neighbors import KNeighborsClassifier
from sklearn.pipeline import make_pipeline
from sklearn.utils.estimator_checks import parametrize_with_checks

import aemodels
from aemodels import data
from aemodels.setting import SettingError
from aemodels.training.sklearn import AutoencoderTransformer

TINY: dict[str, Any] = {"hidden": (16,), "epochs": 2, "batch_size": 50, "device": "cpu"}


@pytest.fixture(scope="module")
def images(mnist: data.Dataset) -> np.ndarray:
    """(600, 784) float64 in [0, 1]."""
    return mnist.train_images[:600].reshape(600, 784) / 255


# Their data lies outside [0, 1], so the range is found in it; none of the checks is left out.
@parametrize_with_checks([AutoencoderTransformer(value_range=None, **TINY | {"hidden": (8,)})])
def test_scikit_learns_checks(
    estimator: AutoencoderTransformer, check: Callable[..., None]
) -> None:
    check(estimator)


def test_pca_is_scikit_learns(images: np.ndarray) -> None:
    ours = AutoencoderTransformer("pca", latent_dim=5).fit(images)
    # It sees the same 256 levels.
    theirs = PCA(5, svd_solver="full").fit(np.rint(images * 255) / 255)
    codes = theirs.transform(images)
    signs = np.sign((codes * ours.transform(images)).sum(0))
    np.testing.assert_allclose(ours.transform(images) * signs, codes, atol=2e-4)
    redrawn = theirs.inverse_transform(codes)
    np.testing.assert_allclose(ours.inverse_transform(ours.transform(images)), redrawn, atol=2e-4)
    error = np.square(redrawn - images).sum(1).mean()
    assert ours.score(images) == pytest.approx(-error, rel=1e-4)


def test_codes_are_those_of_the_same_training(images: np.ndarray, mnist: data.Dataset) -> None:
    found = AutoencoderTransformer("vae", random_state=3, **TINY).fit(images)
    few = data.Dataset(
        "mnist",
        mnist.train_images[:600],
        mnist.train_labels[:600],
        mnist.test_images[:100],
        mnist.test_labels[:100],
    )
    model = aemodels.fit("vae", dataset=few, latent_dim=2, seed=3, **TINY)
    np.testing.assert_allclose(found.transform(images), model.encode(images), atol=1e-6)


def test_fewer_features_than_pixels() -> None:
    digits = load_digits().data  # (1797, 64), from 0 to 16
    made = AutoencoderTransformer("pca", latent_dim=10, value_range=(0, 16)).fit(digits)
    theirs = PCA(10, svd_solver="full").fit(digits)
    redrawn = made.inverse_transform(made.transform(digits))
    assert redrawn.shape == digits.shape
    expected = theirs.inverse_transform(theirs.transform(digits))
    # 16 is no divisor of 255, so levels are rounded.
    np.testing.assert_allclose(redrawn, expected, atol=0.1)
    assert made.score(digits) == pytest.approx(
        -np.square(expected - digits).sum(1).mean(), rel=1e-3
    )


def test_more_epochs_have_a_better_score(images: np.ndarray) -> None:
    short, long = (
        AutoencoderTransformer("ae", **TINY | {"epochs": epochs}).fit(images) for epochs in (1, 12)
    )
    assert long.score(images) > short.score(images) + 5


def test_in_a_pipeline_and_a_grid_search(images: np.ndarray, mnist: data.Dataset) -> None:
    labels = mnist.train_labels[:600]
    pipeline = make_pipeline(
        AutoencoderTransformer(
            "ae", latent_dim=8, **TINY | {"epochs": 15, "hidden": (64,), "learning_rate": 0.01}
        ),
        KNeighborsClassifier(3),
    )
    search = GridSearchCV(pipeline, {"autoencodertransformer__latent_dim": [1, 8]}, cv=2)
    search.fit(images, labels)
    assert search.best_params_ == {"autoencodertransformer__latent_dim": 8}
    # Guessing is right for one digit in ten.
    assert search.best_score_ > 0.4
    names = search.best_estimator_[0].get_feature_names_out()
    assert list(names) == [f"autoencodertransformer{i}" for i in range(8)]


def test_family_settings_are_searched_too(images: np.ndarray) -> None:
    search = GridSearchCV(
        AutoencoderTransformer("vae", **TINY | {"epochs": 8}),
        {"settings": [{"beta": 0.1}, {"beta": 1000.0}]},
        cv=2,
    )
    search.fit(images)
    assert search.best_params_ == {"settings": {"beta": 0.1}}
    assert search.best_estimator_.model_.config.family.beta == 0.1


def test_pickled_and_cloned(images: np.ndarray) -> None:
    made = AutoencoderTransformer("vae", latent_dim=3, **TINY).fit(images)
    again = pickle.loads(pickle.dumps(made))  # noqa: S301
    assert np.array_equal(again.transform(images), made.transform(images))
    fresh = clone(made)
    assert fresh.get_params() == made.get_params()
    assert not hasattr(fresh, "model_")


def test_random_state_decides(images: np.ndarray) -> None:
    def codes(state: Any) -> np.ndarray:
        found: np.ndarray = AutoencoderTransformer(random_state=state, **TINY).fit_transform(images)
        return found

    assert np.array_equal(codes(1), codes(1))
    assert not np.array_equal(codes(1), codes(2))
    assert np.array_equal(codes(np.random.RandomState(1)), codes(np.random.RandomState(1)))
    assert not np.array_equal(codes(None), codes(None))


@pytest.mark.parametrize(
    ("given", "factor", "says"),
    [
        ({}, 255, r"X with values from 0 to 255: must be from 0 to 1; scale X, or use value_range"),
        ({"latent_dim": 0}, 1, "latent_dim=0: must be a whole number from 1"),
        ({"family": "gan"}, 1, "family=gan: must be"),
        ({"settings": {"penalty_weight": 1.0}}, 1, "penalty_weight: family vae with network mlp"),
    ],
)
def test_refusals_name_the_remedy(
    given: dict[str, Any], factor: float, says: str, images: np.ndarray
) -> None:
    with pytest.raises(ValueError, match=says):
        AutoencoderTransformer(**TINY | given).fit(images * factor)
    assert issubclass(SettingError, ValueError)


def test_too_many_features_are_refused() -> None:
    with pytest.raises(ValueError, match=r"X of shape \(3, 785\): must be at most 60,000 samples"):
        AutoencoderTransformer().fit(np.zeros((3, 785)))
