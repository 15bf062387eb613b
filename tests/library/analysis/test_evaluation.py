"""Test numbers against scikit-learn, torch.distributions and brute force."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from sklearn.metrics import mean_squared_error, r2_score
from sklearn.neighbors import KNeighborsClassifier
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


def few_of(mnist: data.Dataset, train: int, test: int) -> data.Dataset:
    """The first images of both splits."""
    return replace(
        mnist,
        train_images=mnist.train_images[:train],
        train_labels=mnist.train_labels[:train],
        test_images=mnist.test_images[:test],
        test_labels=mnist.test_labels[:test],
    )


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
    few = few_of(mnist, 500, 300)
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


def by_hand(mnist: data.Dataset) -> data.Dataset:
    """Images whose first pixel alone differs: far apart by class, two at 25 c of the test split,
    beside these six of the training split.

    From the nearest on, every second is of the class before, and so is the sixth: one neighbour is
    wrong, of five the majority is right, and of six (but for class 0) a tie makes it wrong again.
    """
    labels = np.arange(10, dtype=np.uint8)
    train_labels = np.stack([(labels + away) % 10 for away in (9, 0, 9, 0, 0, 9)], 1).ravel()
    places = 25 * labels, (25 * labels[:, None] + np.arange(1, 7)).astype(np.uint8).ravel()
    train, test = np.zeros((60, 28, 28), np.uint8), np.zeros((20, 28, 28), np.uint8)
    test[:, 0, 0], train[:, 0, 0] = np.repeat(places[0], 2), places[1]
    return replace(
        mnist,
        train_images=train,
        train_labels=train_labels,
        test_images=test,
        test_labels=np.repeat(labels, 2),
    )


def test_neighbours_are_five_of_the_training_split(mnist: data.Dataset) -> None:
    model = Autoencoder(small.config("linear", latent_dim=1))
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.zero_()
        model.state_dict()["encoder.weight"][0, 0] = 1
    few = by_hand(mnist)
    codes, train_codes = model.encode(few.test_images), model.encode(few.train_images)
    for count, share in ((1, 0.0), (4, 0.1), (5, 1.0), (6, 0.1)):
        theirs = KNeighborsClassifier(count).fit(train_codes, few.train_labels)
        assert theirs.score(codes, few.test_labels) == share
    found = evaluation.evaluate(model, few)
    assert (found.knn1, found.knn5) == (0.0, 1.0)


@pytest.mark.parametrize("family", ["vae", "pca"])
def test_a_model_of_black_and_white_sees_both_splits_so(family: str, mnist: data.Dataset) -> None:
    grey = few_of(mnist, 300, 200)
    white = replace(
        grey,
        train_images=np.where(grey.train_images > 127, 255, 0).astype(np.uint8),
        test_images=np.where(grey.test_images > 127, 255, 0).astype(np.uint8),
    )
    model = Autoencoder(small.config(family, latent_dim=8))
    expected = evaluation.evaluate(model, white)
    assert evaluation.evaluate(model, grey) != expected
    model.config = model.config.with_(binarisation="threshold")
    assert evaluation.evaluate(model, grey) == expected


def test_cross_entropy_is_that_of_any_sigmoid_whatever_it_was_trained_on(
    mnist: data.Dataset,
) -> None:
    model, few = Autoencoder(small.config("vae")), few_of(mnist, 0, 200)
    expected = evaluation.decoded(model, few)
    assert expected.number("negative_elbo_sample") > expected.number("kl") > 0
    model.config = model.config.with_(reconstruction_loss="mse")
    assert evaluation.decoded(model, few) == expected


def test_trustworthiness_is_of_the_first_5000_test_images(
    mnist: data.Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    model, few = Autoencoder(small.config("ae")), few_of(mnist, 100, 5001)

    def measure(images: np.ndarray, codes: np.ndarray) -> float:
        np.testing.assert_array_equal(images, data.to_vectors(few.test_images[:5000]))
        np.testing.assert_array_equal(codes, model.encode(few.test_images)[:5000])
        return 0.75

    monkeypatch.setattr(evaluation, "trustworthiness", measure)
    found = evaluation.evaluate(model, few)
    assert (found.trustworthiness, found.trustworthiness_points) == (0.75, 5000)


def test_what_check_raises_ends_the_work(made: Path, mnist: data.Dataset) -> None:
    def check() -> None:
        raise InterruptedError

    with pytest.raises(InterruptedError):
        evaluation.evaluate(load(made / "ae"), mnist, check)
