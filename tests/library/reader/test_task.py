"""What the reader is trained, calibrated and measured on, and what it makes of a batch."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import torch
from scipy import ndimage  # type: ignore[import-untyped]
from scipy.special import log_softmax, softmax  # type: ignore[import-untyped]
from sklearn.calibration import calibration_curve
from sklearn.metrics import accuracy_score, log_loss
from torch import Tensor, nn

from aemodels.data import Dataset
from aemodels.families.base import Batch
from aemodels.reader import augmentation, training
from aemodels.reader.calibration import expected_calibration_error


def generator(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


class Linear(nn.Module):
    """A reader of one layer."""

    def __init__(self) -> None:
        super().__init__()
        self.classes = nn.Linear(784, 10)
        for parameter in self.classes.parameters():
            nn.init.normal_(parameter, std=0.5, generator=generator())

    def forward(self, images: Tensor) -> Tensor:
        found: Tensor = self.classes(images)
        return found


def answers(network: Linear, images: np.ndarray) -> np.ndarray:
    """Logits (N, 10), float64."""
    weight, bias = (part.detach().double().numpy() for part in network.classes.parameters())
    return np.asarray(images.reshape(len(images), 784) / 255.0 @ weight.T + bias)


def drawn(logits: np.ndarray) -> np.ndarray:
    """Labels (N,) with the probabilities that these logits give."""
    noise = np.random.default_rng(1).gumbel(size=logits.shape)
    return (logits + noise).argmax(1).astype(np.uint8)


@pytest.fixture
def few(mnist: Dataset) -> Dataset:
    """Digits whose labels are random, but for those held out: these a `Linear` reader gives as
    often as it says once its logits are divided by 3.
    """
    images = mnist.train_images[: training.HELD_OUT + 1000]
    labels = mnist.train_labels[: len(images)].copy()
    labels[1000:] = drawn(answers(Linear(), images[1000:]) / 3)
    return replace(
        mnist,
        train_images=images,
        train_labels=labels,
        test_images=mnist.test_images[:2000],
        test_labels=mnist.test_labels[:2000],
    )


def test_it_is_trained_on_all_but_the_last_5000(
    few: Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    given: list[Any] = []
    monkeypatch.setattr(training, "Training", lambda *positional, **named: given.extend(positional))
    training.begin(few)
    images = given[3]
    np.testing.assert_array_equal(images.train, few.train_images[:1000])
    np.testing.assert_array_equal(images.train_labels, few.train_labels[:1000])
    np.testing.assert_array_equal(images.test, few.train_images[-5000:])
    np.testing.assert_array_equal(images.test_labels, few.train_labels[-5000:])


def test_its_temperature_is_that_of_the_last_5000_and_divides_its_logits(few: Dataset) -> None:
    network = Linear()
    before = answers(network, few.test_images)
    temperature = training.calibrate(network, few)
    assert temperature == pytest.approx(3, abs=0.15)
    np.testing.assert_allclose(answers(network, few.test_images), before / temperature, atol=1e-4)


def test_it_is_measured_on_the_test_split(few: Dataset) -> None:
    network, labels = Linear(), few.test_labels
    found = training.measure(network, few)
    shares = softmax(answers(network, few.test_images), axis=1)
    assert found.images == 2000
    assert found.accuracy == pytest.approx(accuracy_score(labels, shares.argmax(1)))
    assert found.negative_log_likelihood == pytest.approx(
        log_loss(labels, shares, labels=range(10)), rel=1e-4
    )
    assert found.legible == pytest.approx((shares.max(1) >= 0.9).mean(), abs=1e-3)
    right = shares.argmax(1) == labels
    means = calibration_curve(right, shares.max(1), n_bins=15)
    counts, _ = np.histogram(shares.max(1), np.linspace(0, 1, 16))
    error = (np.abs(means[0] - means[1]) * counts[counts > 0]).sum() / len(labels)
    assert found.calibration_error == pytest.approx(error, abs=1e-4)


class Answering(nn.Module):
    """Answers with these logits, whatever it is shown."""

    def __init__(self, logits: np.ndarray) -> None:
        super().__init__()
        self.logits = torch.tensor(logits, dtype=torch.float32)

    def forward(self, images: Tensor) -> Tensor:
        self.seen = images
        return self.logits


def batch(mnist: Dataset) -> Batch:
    images = torch.from_numpy(mnist.test_images[:100].reshape(100, 784) / np.float32(255))
    return Batch(images, torch.from_numpy(mnist.test_labels[:100].astype(np.int64)))


def test_half_a_batch_are_digits_then_come_blends_and_what_shows_none(mnist: Dataset) -> None:
    given, logits = batch(mnist), np.zeros((100, 10))
    assert given.labels is not None
    # Of the digits alone it counts the errors: here every second one is wrong, and all others.
    wrong = np.arange(100) % 2 + (np.arange(100) >= 50)
    logits[np.arange(100), (given.labels.numpy() + (wrong > 0)) % 10] = 1e-6
    # And it is asked to be unsure of the last tenth.
    sure = np.random.default_rng(0).standard_normal(10)
    logits[90:] = sure
    network = Answering(logits).train()
    terms = training.Reading().objective(network, given, generator())
    assert terms["error"].item() == 0.5
    unsure = -log_softmax(sure).mean()
    assert terms["loss"].item() == pytest.approx(0.9 * np.log(10) + 0.1 * unsure, rel=1e-5)
    assert network.seen.shape == given.images.shape
    assert not torch.equal(network.seen, given.images)


def test_held_out_digits_are_measured_as_they_are(mnist: Dataset) -> None:
    given = batch(mnist)
    assert given.labels is not None
    logits = np.random.default_rng(0).standard_normal((100, 10))
    network = Answering(logits).eval()
    terms = training.Reading().objective(network, given, generator())
    assert torch.equal(network.seen, given.images)
    labels = given.labels.numpy()
    assert terms["loss"].item() == pytest.approx(
        log_loss(labels, softmax(logits, axis=1), labels=range(10)), rel=1e-5
    )
    assert terms["error"].item() == pytest.approx((logits.argmax(1) != labels).mean())


def test_digits_are_turned_scaled_and_shifted_as_said_each_by_itself() -> None:
    """By two blots that lie 14 pixels apart, left and right of the middle."""
    centres = []
    for column in (7, 21):
        blot = torch.zeros(28, 28)
        blot[12:16, column - 2 : column + 2] = 1
        found = augmentation.distort(blot.reshape(1, 784).repeat(400, 1), generator(3))
        pictures = found.numpy().reshape(-1, 28, 28)
        centres.append(np.array([ndimage.center_of_mass(each) for each in pictures]))
    down, right = (centres[1] - centres[0]).T
    # 15 degrees either way and a shear of 0.15; 15 % longer or shorter.
    angles, lengths = np.degrees(np.arctan2(down, right)), np.hypot(down, right)
    assert np.abs(angles).max() < 26
    assert 7 < angles.std() < 12
    assert 14 / 1.25 < lengths.min() < 13 < 15 < lengths.max() < 14 / 0.75
    middle = (centres[0] + centres[1]) / 2 - 13.5
    assert np.abs(middle).max() < 3.5
    # Up to two pixels each way, evenly: a deviation of 2 / √3.
    np.testing.assert_allclose(middle.std(0), 1.15, atol=0.25)


def test_some_digits_are_paler_none_below_60_percent() -> None:
    square = torch.zeros(28, 28)
    square[8:20, 8:20] = 1
    found = augmentation.distort(square.reshape(1, 784).repeat(300, 1), generator(4))
    ink = found.reshape(-1, 28, 28)[:, 12:16, 12:16].mean((1, 2))
    assert 0.6 <= ink.min() < 0.63
    assert 0.97 < ink.max() <= 1


def test_calibration_error_counts_too_sure_and_too_unsure_alike() -> None:
    noise = np.random.default_rng(0)
    sure = noise.uniform(0.5, 1, 3000)
    right = noise.random(3000) < 0.75
    shares, means = calibration_curve(right, sure, n_bins=15)
    counts, _ = np.histogram(sure, np.linspace(0, 1, 16))
    expected = (np.abs(shares - means) * counts[counts > 0]).sum() / 3000
    found = expected_calibration_error(np.stack([sure, 1 - sure], 1), np.where(right, 0, 1))
    assert found == pytest.approx(expected, abs=1e-9)
