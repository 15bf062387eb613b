"""Sentences on the pages that are claims about the models we ship, measured on these models."""

from collections.abc import Callable

import numpy as np
import pytest
from sklearn.neighbors import KNeighborsClassifier

from aemodels import data, reader
from aemodels.analysis import latent_space
from aemodels.analysis.legibility import legible_share
from aemodels.bundles import Bundle, zoo
from aemodels.bundles.bundle import read
from aemodels.bundles.load import load
from aemodels.bundles.recipes import BETAS_2D
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
    """β-VAE: "the more random codes decode to digits, and the less detail survives"."""
    names = ("beta-0.1", "beta-1", "beta-4")
    shares = [legible(name) for name in names]
    errors = [bundle(name).metrics.number("bce") for name in names]
    assert shares == sorted(shares)
    assert errors == sorted(errors)


def test_beta_draws_codes_to_the_prior_first_for_almost_nothing() -> None:
    """β-VAE: "first for almost nothing, then at the cost of detail"."""
    items = [bundle(f"beta-2d-{value:g}") for value in BETAS_2D]
    kls = [item.metrics.number("kl") for item in items]
    errors = [item.metrics.number("negative_elbo_sample") for item in items] - np.array(kls)
    assert kls == sorted(kls, reverse=True)
    place = BETAS_2D.index(0.5)
    assert np.ptp(errors[: place + 1]) < 1
    assert (np.diff(errors[place:]) > 0).all()
    posteriors = [item.codes() for item in items]
    spread = [float(mean.std(0).max()) for mean, _ in posteriors]
    sigmas = [np.exp(log_var / 2) for _, log_var in posteriors if log_var is not None]
    # At one end nothing holds them together, at the other every cloud is the prior.
    assert spread == sorted(spread, reverse=True)
    assert spread[0] > 4
    assert np.quantile(sigmas[0], 0.99) < 0.03
    assert spread[-1] < 0.01
    assert np.abs(sigmas[-1] - 1).max() < 0.02
    assert [latent_space.active_units(mean) for mean, _ in posteriors] == [2] * 8 + [0]


def test_all_digits_decode_to_the_same_one_at_the_largest_beta(mnist: data.Dataset) -> None:
    """β-VAE: "until all digits decode to the same one"."""
    model = load(zoo.folder() / "beta-2d-30")
    decoded = model.decode(model.encode(data.to_vectors(mnist.test_images[:1000])))
    assert np.ptp(decoded, axis=0).max() < 1 / 255


@pytest.mark.parametrize("value", [0.0, 1.0])
def test_the_share_of_legible_draws_at_some_beta_is_what_is_counted_again(value: float) -> None:
    found = result.read(result.committed() / "beta-2d.json").details
    known = dict(zip(found["beta"], found["legible_share"], strict=True))[value]
    model = load(zoo.folder() / f"beta-2d-{value:g}")
    codes = bundle(f"beta-2d-{value:g}").codes()[0]
    # Another machine may round a picture or two to the other side of 90 %.
    assert legible_share(model, codes, reader.load()) == pytest.approx(known, abs=0.0021)


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


@pytest.mark.parametrize("name", ["vae-16", "vae-50", "contractive-64", "sparse-l1"])
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
