"""The shipped reader: its files, its numbers, and what it says of pictures that show no digit."""

import json
import shutil
from pathlib import Path

import numpy as np
import onnxruntime
import pytest
from sklearn.calibration import calibration_curve

from aemodels import data, paths, reader
from aemodels.bundles.manifest import WEIGHTS
from aemodels.data import Dataset
from aemodels.reader import files
from aemodels.reader.calibration import fit_temperature
from aemodels.reader.network import logits


@pytest.fixture(scope="module")
def shipped() -> reader.Reader:
    return reader.load()


@pytest.fixture(scope="module")
def probabilities(shipped: reader.Reader, mnist: Dataset) -> np.ndarray:
    return shipped.read(mnist.test_images)


def test_it_is_small() -> None:
    assert sum(path.stat().st_size for path in paths.reader().iterdir()) <= 300_000


def test_its_numbers_are_those_of_its_files(
    shipped: reader.Reader, probabilities: np.ndarray, mnist: Dataset
) -> None:
    found, labels = shipped.manifest.test, mnist.test_labels
    right = probabilities.argmax(1) == labels
    assert found.images == len(labels) == 10_000
    assert found.accuracy == pytest.approx(right.mean(), abs=1e-9)
    assert found.accuracy >= 0.992
    assert found.legible == pytest.approx((probabilities.max(1) >= 0.9).mean(), abs=1e-9)
    likelihoods = probabilities[np.arange(len(labels)), labels]
    assert found.negative_log_likelihood == pytest.approx(-np.log(likelihoods).mean(), rel=1e-4)


def test_its_calibration_error_is_that_of_scikit_learn_s_curve(
    shipped: reader.Reader, probabilities: np.ndarray, mnist: Dataset
) -> None:
    confidence = probabilities.max(1)
    right = probabilities.argmax(1) == mnist.test_labels
    shares, means = calibration_curve(right, confidence, n_bins=15)
    counts, _ = np.histogram(confidence, np.linspace(0, 1, 16))
    error = (np.abs(shares - means) * counts[counts > 0]).sum() / len(confidence)
    assert shipped.manifest.test.calibration_error == pytest.approx(error, abs=1e-6)
    assert error < 0.01


def test_it_is_calibrated_on_the_digits_that_were_held_out(
    shipped: reader.Reader, mnist: Dataset
) -> None:
    count = shipped.manifest.held_out
    images = data.to_vectors(mnist.train_images[-count:])
    found = logits(shipped.network, images)
    # The temperature is in its weights, so none is left to fit.
    assert fit_temperature(found, mnist.train_labels[-count:]) == pytest.approx(1, abs=0.01)


def test_onnx_runtime_reads_as_pytorch_does(
    shipped: reader.Reader, probabilities: np.ndarray, mnist: Dataset
) -> None:
    session = onnxruntime.InferenceSession(paths.reader() / files.GRAPH)
    images = data.to_vectors(mnist.test_images)
    (found,) = session.run(None, {"images": images})
    assert np.abs(found - probabilities).max() <= 1e-4
    # Grey levels of a linear decoder.
    beyond = (3 * images[:100] - 1).astype(np.float32)
    (found,) = session.run(None, {"images": beyond})
    assert np.abs(found - shipped.read(np.clip(beyond, 0, 1))).max() <= 1e-4
    assert np.abs(found - shipped.read(beyond)).max() <= 1e-4


def test_what_shows_no_digit_is_not_legible(shipped: reader.Reader, mnist: Dataset) -> None:
    generator = np.random.default_rng(1)
    empty = np.stack([np.full(784, level) for level in (0, 0.1, 0.5, 1)])
    assert (shipped.read(empty).max(1) < 0.5).all()
    assert (shipped.read(generator.random((500, 784))).max(1) < 0.9).mean() > 0.99
    images = data.to_vectors(mnist.test_images)
    halves = (images[:1000] + images[1000:2000]) / 2
    different = mnist.test_labels[:1000] != mnist.test_labels[1000:2000]
    assert (shipped.read(halves[different]).max(1) < 0.9).mean() > 0.9


def test_a_damaged_or_missing_file_is_named(tmp_path: Path) -> None:
    folder = tmp_path / "reader"
    shutil.copytree(paths.reader(), folder)
    weights = folder / WEIGHTS
    content = bytearray(weights.read_bytes())
    content[-1] ^= 1
    weights.write_bytes(content)
    with pytest.raises(reader.ReaderError, match="altered or damaged"):
        reader.load(folder)
    weights.unlink()
    with pytest.raises(reader.ReaderError, match=WEIGHTS):
        reader.load(folder)
    for text in ("{", "[]", "{}", json.dumps({"format": 1})):
        (folder / files.MANIFEST).write_text(text)
        with pytest.raises(reader.ReaderError, match="is damaged"):
            reader.load(folder)


def test_no_pictures_are_no_error(shipped: reader.Reader) -> None:
    assert shipped.read(np.empty((0, 784))).shape == (0, 10)
