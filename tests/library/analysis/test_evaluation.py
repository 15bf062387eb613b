"""Test numbers against scikit-learn, torch.distributions and brute force."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from sklearn.metrics import mean_squared_error, r2_score
from torch.distributions import Bernoulli, Normal, kl_divergence

from aemodels import data
from aemodels.analysis import evaluation
from aemodels.bundles import codes as test_codes
from aemodels.bundles.load import load
from aemodels.bundles.metrics import Metrics
from aemodels.models.autoencoder import Autoencoder
from tests.library import small


@pytest.fixture
def images(mnist: data.Dataset) -> np.ndarray:
    return data.to_vectors(mnist.test_images[:2500])


def encoded(model: Autoencoder, images: np.ndarray, labels: np.ndarray) -> evaluation.Encoded:
    return evaluation.Encoded(images, test_codes.encode(model, images), labels)


def test_reconstruction_is_a_sum_over_pixels_and_a_mean_over_images(
    made: Path, images: np.ndarray, mnist: data.Dataset
) -> None:
    ae, labels = load(made / "ae"), mnist.test_labels[:2500]
    found = evaluation.reconstruction(ae, encoded(ae, images, labels))
    pictures = ae.reconstruct(images)
    assert found.sse == pytest.approx(784 * mean_squared_error(images, pictures), rel=1e-5)
    threes = labels == 3
    by_hand = 784 * mean_squared_error(images[threes], pictures[threes])
    assert (found.sse_by_class or ())[3] == pytest.approx(by_hand, rel=1e-5)
    likelihood = Bernoulli(torch.tensor(pictures).double(), validate_args=False)
    bce = -likelihood.log_prob(torch.tensor(images)).sum(1).mean().item()
    assert found.bce == pytest.approx(bce, rel=1e-4)
    assert found.explained_variance is None


def test_explained_variance_is_scikit_learns(
    made: Path, images: np.ndarray, mnist: data.Dataset
) -> None:
    pca = load(made / "pca")
    found = evaluation.reconstruction(pca, encoded(pca, images, mnist.test_labels[:2500]))
    theirs = r2_score(images, pca.reconstruct(images), multioutput="variance_weighted")
    assert found.explained_variance == pytest.approx(theirs, abs=1e-5)
    assert found.bce is None


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
    assert found.kl == pytest.approx(kl, rel=1e-4)

    def bce(codes: torch.Tensor) -> float:
        with torch.no_grad():
            picture = Bernoulli(logits=vae.decoder(codes).double(), validate_args=False)
        return -picture.log_prob(torch.tensor(images)).sum(1).mean().item()

    assert found.negative_elbo_mean == pytest.approx(bce(mean) + kl, rel=1e-5)
    torch.manual_seed(0)
    samples = np.array([bce(posterior.sample()) for _ in range(10)]) + kl
    margin = 5 * samples.std() * (1 / 10 + 1 / 10) ** 0.5
    assert found.negative_elbo_sample == pytest.approx(samples.mean(), abs=margin)
    assert found.negative_elbo_sample > found.negative_elbo_mean + margin
    assert found.elbo_samples == 10
    assert evaluation.elbo(vae, images) == found, "the noise has a fixed seed"


@pytest.mark.parametrize("family", [name for name in small.NAMES if name != "vae"])
def test_elbo_is_for_a_vae_only(family: str, made: Path, images: np.ndarray) -> None:
    assert evaluation.elbo(load(made / family), images) == Metrics()


def test_numbers_that_apply_to_a_vae_are_all_measured_and_the_test_split_is_encoded_once(
    made: Path, mnist: data.Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    few = replace(
        mnist,
        train_images=mnist.train_images[:500],
        train_labels=mnist.train_labels[:500],
        test_images=mnist.test_images[:300],
        test_labels=mnist.test_labels[:300],
    )
    vae, seen = load(made / "vae"), []
    real = Autoencoder.encode_parameters

    def counted(self: Autoencoder, images: torch.Tensor) -> object:
        seen.append(len(images))
        return real(self, images)

    monkeypatch.setattr(Autoencoder, "encode_parameters", counted)
    encoded = evaluation.encode(vae, few)
    first = evaluation.quick(vae, few, encoded)
    found = evaluation.evaluate(vae, few, encoded=encoded)
    assert seen == [300, 500]
    values = found.to_json()
    assert [name for name in values if values[name] is None] == ["explained_variance"]
    assert (first.sse, first.bce) == (found.sse, found.bce)
    assert found.trustworthiness_points == found.images == 300


def test_what_check_raises_ends_the_work(made: Path, mnist: data.Dataset) -> None:
    def check() -> None:
        raise InterruptedError

    with pytest.raises(InterruptedError):
        evaluation.evaluate(load(made / "ae"), mnist, check)
