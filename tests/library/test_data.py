"""The four MNIST files: known facts of the data set, and what happens when a file is not whole."""

import gzip
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from time import perf_counter

import numpy as np
import pytest

from aemodels import data


def test_known_facts(mnist: data.MNIST) -> None:
    # Counts from LeCun's page; mean and deviation as every tutorial normalises with.
    counts = [5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949]
    assert np.bincount(mnist.train_labels).tolist() == counts
    assert mnist.train_images.shape == (60_000, 28, 28)
    assert mnist.test_images.shape == (10_000, 28, 28)
    assert mnist.train_images.dtype == mnist.test_labels.dtype == np.uint8
    assert mnist.test_labels[:10].tolist() == [7, 2, 1, 0, 4, 1, 4, 9, 5, 9]
    pixels = data.vectors(mnist.train_images)
    assert pixels.mean(dtype=np.float64) == pytest.approx(0.1307, abs=1e-4)
    assert pixels.std(dtype=np.float64) == pytest.approx(0.3081, abs=1e-4)


def test_arrays_can_be_shared(mnist: data.MNIST) -> None:
    with pytest.raises(ValueError, match="read-only"):
        mnist.test_images[0, 0, 0] = 1


def test_reads_in_less_than_a_second() -> None:
    def seconds() -> float:
        start = perf_counter()
        data.load()
        return perf_counter() - start

    assert min(seconds() for _ in range(3)) < 1


def test_hashes_are_those_of_the_sums_file() -> None:
    check = ["sha256sum", "--check", "--strict", "SHA256SUMS"]
    assert subprocess.run(check, cwd=data.FOLDER, capture_output=True).returncode == 0
    lines = (data.FOLDER / "SHA256SUMS").read_text().splitlines()
    assert {name: digest for digest, name in map(str.split, lines)} == data.SHA256


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
    damage: Callable[[Path], None], says: str, name: str, tmp_path: Path
) -> None:
    folder = Path(shutil.copytree(data.FOLDER, tmp_path / "mnist"))
    damage(folder / name)
    with pytest.raises(data.DataError) as caught:
        data.load(folder)
    message = str(caught.value)
    assert name in message
    assert says in message
    assert "git checkout -- data/mnist" in message
    assert "\n" not in message


@pytest.mark.parametrize(
    "content",
    [b"", b"\0\0\x08", b"\0\0\x09\1\0\0\0\1x", b"\0\0\x08\3\0\0", b"\0\0\x08\1\0\0\0\2x"],
    ids=["empty", "no rank", "not bytes", "no sizes", "too short"],
)
def test_idx_that_is_none_is_refused(content: bytes) -> None:
    with pytest.raises(data.DataError, match="some-file"):
        data.parse_idx(content, "some-file")
