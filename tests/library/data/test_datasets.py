"""The data sets: known facts, what happens when a file is not whole, which images are refused."""

import gzip
import hashlib
import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from time import perf_counter

import numpy as np
import pytest

from aemodels import data, paths


def test_known_facts(mnist: data.Dataset) -> None:
    # Counts from LeCun's page; mean and deviation as every tutorial normalises with.
    counts = [5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949]
    assert np.bincount(mnist.train_labels).tolist() == counts
    assert mnist.train_images.shape == (60_000, 28, 28)
    assert mnist.test_images.shape == (10_000, 28, 28)
    assert mnist.train_images.dtype == mnist.test_labels.dtype == np.uint8
    assert mnist.test_labels[:10].tolist() == [7, 2, 1, 0, 4, 1, 4, 9, 5, 9]
    pixels = data.to_vectors(mnist.train_images)
    assert pixels.mean(dtype=np.float64) == pytest.approx(0.1307, abs=1e-4)
    assert pixels.std(dtype=np.float64) == pytest.approx(0.3081, abs=1e-4)


def test_the_last_training_images_are_held_out(mnist: data.Dataset) -> None:
    packed = (paths.data() / "mnist" / "train-labels-idx1-ubyte.gz").read_bytes()
    labels = np.frombuffer(gzip.decompress(packed)[8:], np.uint8)
    packed = (paths.data() / "mnist" / "train-images-idx3-ubyte.gz").read_bytes()
    images = np.frombuffer(gzip.decompress(packed)[16:], np.uint8).reshape(-1, 28, 28)
    for count, held in ((10_000, data.hold_out(mnist)), (5_000, data.hold_out(mnist, 5_000))):
        assert np.array_equal(held.train_images, images[: 60_000 - count])
        assert np.array_equal(held.train_labels, labels[: 60_000 - count])
        assert np.array_equal(held.test_images, images[60_000 - count :])
        assert np.array_equal(held.test_labels, labels[60_000 - count :])
    alone = data.load_for_choices()
    assert np.array_equal(alone.test_images, data.hold_out(mnist).test_images)
    assert np.array_equal(alone.train_labels, data.hold_out(mnist).train_labels)
    for count in (0, 60_000, -1):
        with pytest.raises(ValueError, match=f"count={count}"):
            data.hold_out(mnist, count)


def test_arrays_can_be_shared(mnist: data.Dataset) -> None:
    with pytest.raises(ValueError, match="read-only"):
        mnist.test_images[0, 0, 0] = 1


def test_reads_in_less_than_a_second() -> None:
    def seconds() -> float:
        start = perf_counter()
        data.load()
        return perf_counter() - start

    assert min(seconds() for _ in range(3)) < 1


@pytest.mark.parametrize("name", data.SOURCES)
def test_hashes_are_those_of_the_sums_file(name: str) -> None:
    check = ["sha256sum", "--check", "--strict", "SHA256SUMS"]
    assert subprocess.run(check, cwd=paths.data() / name, capture_output=True).returncode == 0
    lines = (paths.data() / name / "SHA256SUMS").read_text("utf-8").splitlines()
    source = data.SOURCES[name]
    committed = {file: d for file, d in source.sha256.items() if file not in source.downloaded}
    assert {file: digest for digest, file in map(str.split, lines)} == committed


def test_known_facts_of_the_clothes() -> None:
    # MD5 as the authors' page gives them; labels and mean as everybody's first plot shows them.
    known = {
        "t10k-images-idx3-ubyte.gz": "bef4ecab320f06d8554ea6380940ec79",
        "t10k-labels-idx1-ubyte.gz": "bb300cfdad3c16e7a12a480ee83cd310",
    }
    for file, digest in known.items():
        content = (paths.data() / "fashion-mnist" / file).read_bytes()
        assert hashlib.md5(content).hexdigest() == digest
    clothes = data.load_test("fashion-mnist")
    assert clothes.images.shape == (10_000, 28, 28)
    assert np.bincount(clothes.labels).tolist() == [1000] * 10
    assert [clothes.class_names[label] for label in clothes.labels[:3]] == [
        "Ankle boot",
        "Pullover",
        "Trouser",
    ]
    assert data.to_vectors(clothes.images).mean(dtype=np.float64) == pytest.approx(0.2868, abs=1e-4)


def test_a_test_split_is_that_of_the_whole(mnist: data.Dataset) -> None:
    digits = data.load_test()
    assert np.array_equal(digits.images, mnist.test_images)
    assert np.array_equal(digits.labels, mnist.test_labels)
    assert digits.class_names[7] == "7"


@pytest.mark.parametrize("name", data.SOURCES)
def test_examples_are_the_first_test_image_of_each_class(name: str) -> None:
    labels = data.load_test(name).labels
    first = [int(np.flatnonzero(labels == label)[0]) for label in range(10)]
    assert list(data.SOURCES[name].example_digits) == first


def test_data_set_that_is_none_is_refused() -> None:
    with pytest.raises(data.DataError, match="kmnist: must be mnist or fashion-mnist"):
        data.load("kmnist")


def damage_cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-1000])


def damage_altered(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


def damage_repacked(path: Path) -> None:
    path.write_bytes(gzip.compress(gzip.decompress(path.read_bytes())[:-784], 1))


def damage_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


def test_the_other_data_set_is_named() -> None:
    with pytest.raises(data.DataError, match="belongs to mnist, not fashion-mnist; give the"):
        data.load("fashion-mnist", paths.data() / "mnist")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("damage", "says"),
    [
        (damage_cut, "cut short or altered"),
        (damage_altered, "cut short or altered"),
        (damage_repacked, "cut short or altered"),
        (Path.unlink, "missing"),
        (damage_folder, "can't be read"),
    ],
)
@pytest.mark.parametrize("name", ["t10k-images-idx3-ubyte.gz", "t10k-labels-idx1-ubyte.gz"])
def test_damaged_file_is_named_with_the_remedy(
    damage: Callable[[Path], None],
    says: str,
    name: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    folder = Path(shutil.copytree((paths.data() / "mnist"), tmp_path / "mnist"))
    damage(folder / name)
    monkeypatch.setenv("LATENT_LAB_DATA", str(tmp_path))
    for named, remedy in (
        (None, "git checkout -- data/mnist"),
        (folder, "copy the data set's four files there, or leave the folder out to use data/mnist"),
    ):
        with pytest.raises(data.DataError) as caught:
            data.load(folder=named)
        message = str(caught.value)
        assert name in message
        assert says in message
        assert remedy in message
        assert "\n" not in message


@pytest.mark.parametrize(
    "content",
    [b"", b"\0\0\x08", b"\0\0\x09\1\0\0\0\1x", b"\0\0\x08\3\0\0", b"\0\0\x08\1\0\0\0\2x"],
    ids=["empty", "no rank", "not bytes", "no sizes", "too short"],
)
def test_idx_that_is_none_is_refused(content: bytes) -> None:
    with pytest.raises(data.DataError, match="some-file"):
        data.parse_idx(content, "some-file")


def test_images_that_are_taken(mnist: data.Dataset) -> None:
    pictures = mnist.test_images[:3]
    expected = pictures.reshape(3, 784) / 255
    squares = expected.reshape(3, 28, 28)
    for images in (
        pictures,
        pictures.reshape(3, 784),
        expected,
        squares,
        squares.astype(np.float32),
        expected.astype(np.float16),
    ):
        checked = data.to_vectors(images)
        assert checked.shape == (3, 784)
        assert checked.dtype == np.float32
        assert checked == pytest.approx(expected, abs=1e-3)
    assert data.to_vectors(np.zeros((0, 784))).shape == (0, 784)
    # Bytes and the floats they stand for are the same to the last bit.
    assert np.array_equal(data.to_vectors(pictures), data.to_vectors(expected))
    ready = expected.astype(np.float32)
    assert np.shares_memory(data.to_vectors(ready), ready), "no copy where none is needed"
    noisy = ready + np.float32(2)
    assert np.array_equal(data.to_vectors(noisy, in_range=False), noisy)


@pytest.mark.parametrize(
    ("images", "says"),
    [
        ([[0.5] * 784], "type list: must be a NumPy array"),
        (np.zeros(784), "(784,) and type float64: must be (N, 784) or.*images[None]"),
        (np.zeros((28, 28), np.uint8), "(28, 28) and type uint8.*images[None]"),
        (np.zeros((5, 784), np.int32), "type int32.*turn them into floats from 0 to 1, or into"),
        (np.zeros((5, 28, 28), np.int64), "type int64.*turn them into floats from 0 to 1, or into"),
        (np.zeros((5, 1, 28, 28), np.float32), "(5, 1, 28, 28).*write images.reshape(5, 784)"),
        (np.zeros((5, 784), bool), "type bool.*turn them into floats"),
        (np.zeros((5, 32, 32)), "(5, 32, 32).*resize them to 28x28 grey pixels"),
        (np.zeros((5, 28, 28, 3), np.uint8), "(5, 28, 28, 3).*resize them to 28x28 grey pixels"),
        (np.full((5, 784), 255.0), "values up to 255: must be from 0 to 1; divide by 255"),
        (np.full((5, 784), 1.25), "values up to 1.25: must be from 0 to 1; clip them"),
        (np.full((5, 784), np.inf), "values of nan or infinity: must be finite"),
        (np.full((5, 784), -0.424), "values down to -0.424: must be from 0 to 1; undo"),
        (np.full((5, 784), np.nan), "values of nan or infinity: must be finite"),
    ],
)
def test_images_that_are_refused(images: np.ndarray, says: str) -> None:
    pattern = re.escape(says).replace(r"\.\*", ".*")
    with pytest.raises(data.ImageError, match=pattern) as caught:
        data.to_vectors(images)
    assert "\n" not in str(caught.value)
