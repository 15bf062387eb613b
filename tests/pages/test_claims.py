"""Sentences on the pages that are claims about the models we ship, measured on these models."""

from collections.abc import Callable

import numpy as np
import pytest
from sklearn.neighbors import KNeighborsClassifier

from aemodels import data
from aemodels.analysis import latent_space
from aemodels.bundles import Bundle, zoo
from aemodels.bundles.bundle import read
from aemodels.bundles.load import load
from reproduction import result

Legible = Callable[[str], float]
DRAWS = 500


@pytest.fixture(scope="module")
def mnist() -> data.Dataset:
    return data.load()


@pytest.fixture(scope="module")
def legible(mnist: data.Dataset) -> Legible:
    """The share of a model's draws from N(0, I) whose five nearest training digits agree.

    Nearest in pixels, by scikit-learn, among 10,000; of real test digits it is 80 %.
    """
    judge = KNeighborsClassifier(5).fit(
        data.to_vectors(mnist.train_images[:10_000]), mnist.train_labels[:10_000]
    )

    def share(name: str) -> float:
        model = load(zoo.folder() / name)
        z = np.random.default_rng(0).standard_normal((DRAWS, model.latent_dim))
        images = model.decode(z.astype(np.float32))
        return float((judge.predict_proba(images).max(1) == 1).mean())

    return share


def bundle(name: str) -> Bundle:
    return read(zoo.folder() / name)


@pytest.mark.slow
def test_draw_a_random_code_get_a_digit_more_often_than_from_an_autoencoder(
    legible: Legible,
) -> None:
    """VAE: "Draw a random code, get a digit. More often than from an autoencoder"."""
    assert legible("vae-16") > 2 * legible("ae-16")


@pytest.mark.slow
def test_the_higher_beta_the_more_random_codes_decode_to_digits(legible: Legible) -> None:
    """β-VAE: "The higher it is, the less detail survives, and the more random codes decode"."""
    names = ("beta-0.1", "beta-1", "beta-4")
    shares = [legible(name) for name in names]
    errors = [bundle(name).metrics.number("bce") for name in names]
    assert shares == sorted(shares)
    assert errors == sorted(errors)


def test_at_beta_10_some_latents_collapse() -> None:
    """β-VAE: "at β = 10 some latents collapse", and none at a smaller one."""
    found = result.read(result.committed() / "beta.json").details
    active = dict(zip(found["beta"], found["active_units"], strict=True))
    assert active[10] < 10
    assert all(units == 10 for beta, units in active.items() if beta < 10)


@pytest.mark.parametrize("name", ["vae-2", "binary-vae-2", "vae-16", "vae-50"])
def test_a_draw_from_the_prior_usually_lands_where_the_decoder_was_trained(name: str) -> None:
    """VAE: "a draw from the prior usually lands where the decoder has been trained"."""
    mean, log_var = bundle(name).codes()
    space = latent_space.describe(mean, log_var, "vae")
    z = np.random.default_rng(0).standard_normal((200, mean.shape[1]))
    nearest = [np.linalg.norm(mean - one, axis=1).min() for one in z]
    assert np.mean(np.array(nearest) <= space.far_gap) > 0.7


def test_with_two_latents_even_the_class_of_some_digits_is_lost() -> None:
    """Bottleneck: "with 2 latents even the class, for some digits"."""
    kept = {size: bundle(f"bottleneck-{size}").metrics.number("knn5") for size in (2, 16)}
    assert kept[2] < 0.75
    assert kept[16] > 0.95


@pytest.mark.parametrize("name", ["vae-16", "vae-50", "plain-64", "contractive-64", "sparse-l1"])
def test_the_decoder_all_but_ignores_an_inactive_latent(name: str) -> None:
    """From one end of a traversal to the other, hardly a pixel of the first test digits changes."""
    found = bundle(name)
    space = latent_space.describe(*found.codes(), found.family)
    inactive = np.flatnonzero(space.inactive)
    assert inactive.size
    model, codes = load(found), found.codes()[0][:20]
    low, high = (np.tile(codes, (len(inactive), 1, 1)) for _ in range(2))
    prior = found.family == "vae"
    for row, latent in enumerate(inactive):
        low[row, :, latent] = -3 if prior else space.low[latent]
        high[row, :, latent] = 3 if prior else space.high[latent]
    ends = (model.decode(each.reshape(-1, found.latent_dim)) for each in (low, high))
    change = np.abs(np.subtract(*ends))
    assert change.max() < 1 / 8
    assert change.mean() < 1 / 255  # less than a grey level
