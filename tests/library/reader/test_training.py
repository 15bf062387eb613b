"""What the reader is trained on, and how it is calibrated and written."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from scipy import ndimage  # type: ignore[import-untyped]

from aemodels import data, reader
from aemodels.bundles.atomic import OutputError
from aemodels.config import Loop
from aemodels.data import Dataset
from aemodels.reader import augmentation, files, training
from aemodels.reader.calibration import fit_temperature, reliability
from aemodels.reader.network import build


@pytest.fixture
def generator() -> torch.Generator:
    return torch.Generator().manual_seed(0)


@pytest.fixture
def digits(mnist: Dataset) -> torch.Tensor:
    return torch.from_numpy(data.to_vectors(mnist.train_images[:300]))


def test_distorted_digits_are_still_there(digits: torch.Tensor, generator: torch.Generator) -> None:
    found = augmentation.distort(digits, generator).numpy().reshape(-1, 28, 28)
    assert found.min() >= 0
    assert found.max() <= 1
    before = digits.numpy().reshape(-1, 28, 28)
    assert not np.allclose(found, before)
    moved = [
        np.subtract(ndimage.center_of_mass(new), ndimage.center_of_mass(old))
        for new, old in zip(found, before, strict=True)
    ]
    # At most two pixels each way, and what turning about the middle of the picture adds.
    assert np.abs(moved).max() < 4
    assert np.std(moved) > 0.8


def test_blends_have_the_ratio_of_their_targets(
    digits: torch.Tensor, generator: torch.Generator
) -> None:
    # Each image is all of one grey level, and its target says which.
    count = len(digits)
    levels = torch.arange(count) / count
    images, targets = augmentation.mix(
        levels[:, None].expand(-1, 784), levels[:, None].expand(-1, 10), generator
    )
    assert torch.allclose(images[:, 0], targets[:, 0])
    assert (images[:, 0] - levels).abs().mean() > 0.1


def test_pictures_without_digits(digits: torch.Tensor, generator: torch.Generator) -> None:
    found = augmentation.no_digits(digits, generator)
    assert found.shape == digits.shape
    assert 0 <= found.min() < found.max() <= 1
    empty, _, pieces = found.tensor_split(3)
    assert (empty.std(1) == 0).all()
    assert (empty.sum(1) == 0).any()
    # The same ink as that of the digits they are pieces of, elsewhere.
    assert torch.equal(pieces.flatten().sort().values, digits[:100].flatten().sort().values)
    assert not torch.equal(pieces, digits[:100])


def test_the_temperature_is_that_which_sharpened_the_answers() -> None:
    generator = np.random.default_rng(0)
    honest = 2 * generator.standard_normal((20_000, 10))
    # Labels drawn from the classifier's own probabilities: it can't be any better calibrated.
    labels = (honest + generator.gumbel(size=honest.shape)).argmax(1)
    assert fit_temperature(honest, labels) == pytest.approx(1, abs=0.03)
    assert fit_temperature(3 * honest, labels) == pytest.approx(3, abs=0.1)


def test_a_picture_is_counted_once() -> None:
    found = np.array([[0.5, 0.5], [0.9, 0.1], [1.0, 0.0], [0.2, 0.8]])
    bins = reliability(found, np.array([1, 0, 0, 1]), (0, 0.5, 0.9, 1))
    assert [each.count for each in bins] == [0, 2, 2]
    assert bins[1].accuracy == 0.5
    assert bins[2].confidence == pytest.approx(0.95)


def test_training_leaves_the_held_out_digits_alone_and_writes_a_reader(
    mnist: Dataset, tmp_path: Path
) -> None:
    few = replace(
        mnist,
        train_images=mnist.train_images[-training.HELD_OUT - 1500 :],
        train_labels=mnist.train_labels[-training.HELD_OUT - 1500 :],
    )
    seen = training.begin(few)
    assert seen.steps * seen.batch_size == 1500
    made = training.train(few, tmp_path / "reader", Loop(epochs=6, batch_size=100), command="this")
    found = reader.load(tmp_path / "reader")
    assert found.manifest == made
    # As `test_task` counts them.
    assert (made.training["mixed"], made.training["no_digits"]) == (0.4, 0.1)
    right = (found.read(mnist.test_images).argmax(1) == mnist.test_labels).mean()
    assert right == pytest.approx(made.test.accuracy)
    assert right > 0.5
    with pytest.raises(OutputError, match="exists already"):
        files.check_output(tmp_path / "reader", overwrite=False)


def test_its_weights_keep_the_variance_behind_a_relu() -> None:
    network = build(torch.Generator().manual_seed(0))
    for name in ("first", "second", "third", "hidden", "classes"):
        weight = network.get_submodule(name).get_parameter("weight").detach()
        inputs = weight[0].numel()
        # He et al. 2015, equation 10.
        assert weight.var().item() == pytest.approx(2 / inputs, rel=0.2)
        assert not network.get_submodule(name).get_parameter("bias").any()
