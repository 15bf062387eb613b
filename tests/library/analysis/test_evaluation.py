"""Test numbers against scikit-learn, torch.distributions and brute force."""

from pathlib import Path

import numpy as np
import pytest
import torch
from sklearn.metrics import mean_squared_error, r2_score
from torch.distributions import Bernoulli, Normal, kl_divergence

from aemodels import data
from aemodels.analysis import evaluation
from aemodels.bundles import bundle
from aemodels.models import autoencoder
from tests.library import small


@pytest.fixture
def images(mnist: data.Dataset) -> np.ndarray:
    return data.to_vectors(mnist.test_images[:2500])


def test_reconstruction_is_a_sum_over_pixels_and_a_mean_over_images(
    made: Path, images: np.ndarray, mnist: data.Dataset
) -> None:
    ae, labels = load(made / "ae"), mnist.test_labels[:2500]
    codes = ae.encode(images)
    found = evaluation.reconstruction(ae, images, codes, labels)
    pictures = ae.decode(codes)
    assert found["sse"] == pytest.approx(784 * mean_squared_error(images, pictures), rel=1e-5)
    threes = labels == 3
    by_hand = 784 * mean_squared_error(images[threes], pictures[threes])
    assert found["sse_by_class"][3] == pytest.approx(by_hand, rel=1e-5)
    likelihood = Bernoulli(torch.tensor(pictures).double(), validate_args=False)
    bce = -likelihood.log_prob(torch.tensor(images)).sum(1).mean().item()
    assert found["bce"] == pytest.approx(bce, rel=1e-4)
    assert found["explained_variance"] is None


def test_explained_variance_is_scikit_learns(
    made: Path, images: np.ndarray, mnist: data.Dataset
) -> None:
    pca = load(made / "pca")
    codes = pca.encode(images)
    found = evaluation.reconstruction(pca, images, codes, mnist.test_labels[:2500])
    theirs = r2_score(images, pca.decode(codes), multioutput="variance_weighted")
    assert found["explained_variance"] == pytest.approx(theirs, abs=1e-5)
    assert found["bce"] is None


def test_elbo_with_samples_and_with_the_mean(made: Path, images: np.ndarray) -> None:
    vae = load(made / "vae")
    # Codes of a hardly trained network hardly matter; make them matter.
    with torch.no_grad():
        vae.decoder[0].weight.mul_(30)  # type: ignore[index]
    found = evaluation.elbo(vae, images)
    mean, log_var = (torch.tensor(array) for array in vae.posterior(images))
    posterior = Normal(mean, torch.exp(log_var / 2))
    # Over all images, not the last batch, and summed over latents.
    kl = kl_divergence(posterior, Normal(0.0, 1.0)).sum(1).mean().item()
    assert found["kl"] == pytest.approx(kl, rel=1e-4)

    def bce(codes: torch.Tensor) -> float:
        with torch.no_grad():
            picture = Bernoulli(logits=vae.decoder(codes).double(), validate_args=False)
        return -picture.log_prob(torch.tensor(images)).sum(1).mean().item()

    assert found["negative_elbo_mean"] == pytest.approx(bce(mean) + kl, rel=1e-5)
    torch.manual_seed(0)
    samples = np.array([bce(posterior.sample()) for _ in range(10)]) + kl
    margin = 5 * samples.std() * (1 / 10 + 1 / 10) ** 0.5
    assert found["negative_elbo_sample"] == pytest.approx(samples.mean(), abs=margin)
    assert found["negative_elbo_sample"] > found["negative_elbo_mean"] + margin
    assert found["elbo_samples"] == 10
    assert evaluation.elbo(vae, images) == found, "the noise has a fixed seed"


@pytest.mark.parametrize("family", [name for name in small.NAMES if name != "vae"])
def test_elbo_is_for_a_vae_only(family: str, made: Path, images: np.ndarray) -> None:
    found = evaluation.elbo(load(made / family), images)
    assert found == dict.fromkeys(found)


def distances(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    return np.square(a[:, None] - b[None]).sum(2)


def test_neighbours_against_brute_force() -> None:
    random = np.random.default_rng(0)
    train_labels, labels = random.integers(0, 3, 400), random.integers(0, 3, 100)
    train = random.normal(size=(400, 2)) + train_labels[:, None]
    test = random.normal(size=(100, 2)) + labels[:, None]
    order = distances(test, train).argsort(1)
    votes = [np.bincount(train_labels[row[:5]], minlength=3).argmax() for row in order]
    found = evaluation.neighbours(train, train_labels, test, labels)
    assert found["knn1"] == np.mean(train_labels[order[:, 0]] == labels)
    assert found["knn5"] == np.mean(votes == labels)


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
    found = evaluation.map_quality(images, codes)
    assert found["trustworthiness"] == pytest.approx(expected)
    assert found["trustworthiness_points"] == n


def test_every_metric_is_named(
    made: Path, mnist: data.Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(evaluation, "TRUSTWORTHINESS_POINTS", 100)
    assert evaluation.evaluate(load(made / "vae"), mnist).keys() == bundle.METRICS.keys()
