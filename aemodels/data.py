"""MNIST from the four IDX files in `data/mnist`, whole and checked, or an error with its remedy.

    from aemodels import data
    mnist = data.load()
    images = data.vectors(mnist.test_images)   # (10000, 784) float32 in [0, 1]

Reading all 70,000 images takes about 0.2 s.
"""

import gzip
import hashlib
import struct
import zlib
from dataclasses import dataclass
from pathlib import Path

import numpy as np

FOLDER = Path(__file__).resolve().parent.parent / "data" / "mnist"
PIXELS = 28 * 28
RESTORE = "get it back with: git checkout -- data/mnist"

# Of the compressed files, as in data/mnist/SHA256SUMS.
SHA256 = {
    "train-images-idx3-ubyte.gz": "0b367032e93c5d0cea0925647cfdb18614af8ee15f83e6f2fc2ad904a6835971",  # noqa: E501
    "train-labels-idx1-ubyte.gz": "1787548bbe0bff1ec2ecdc0ef292b02df999e2d1a6002d27500982c652b17203",  # noqa: E501
    "t10k-images-idx3-ubyte.gz": "1a1a05eab793c14bb050b398624a11b0ffd1a2953baed553b1b9bd079e2a20be",
    "t10k-labels-idx1-ubyte.gz": "b91679a0acfe4ba0e50a2437a903084cba1f5f92592b016a25a7dfd00455798b",
}


class DataError(Exception):
    """A data file is missing or not the one we know; the message names it and the remedy."""


@dataclass(frozen=True)
class MNIST:
    """Images (N, 28, 28) uint8, 0 paper to 255 ink; labels (N,) uint8, 0 to 9; read-only."""

    train_images: np.ndarray
    train_labels: np.ndarray
    test_images: np.ndarray
    test_labels: np.ndarray


def load(folder: Path | str = FOLDER) -> MNIST:
    """Read all 60,000 training and 10,000 test digits.

    Raises DataError if a file is missing, cut short or altered (SHA-256 of the compressed file).
    """
    files = {name: _read(Path(folder) / name, digest) for name, digest in SHA256.items()}
    train_images, train_labels, test_images, test_labels = (
        parse_idx(content, name) for name, content in files.items()
    )
    return MNIST(train_images, train_labels, test_images, test_labels)


def vectors(images: np.ndarray) -> np.ndarray:
    """(N, 28, 28) uint8 -> (N, 784) float32 in [0, 1], row by row."""
    return images.reshape(len(images), PIXELS).astype(np.float32) / np.float32(255)


def parse_idx(content: bytes, name: str) -> np.ndarray:
    """Uncompressed IDX bytes -> read-only uint8 array of the shape that its header gives.

    The header is big-endian: 0, 0, type 8, rank, sizes. Raises DataError, naming
    `name`, if the header or the length is wrong.
    """
    if len(content) < 4 or content[:3] != b"\x00\x00\x08":
        raise DataError(f"{name}: not an IDX file of bytes; {RESTORE}")
    header = 4 + 4 * content[3]
    if len(content) < header:
        raise DataError(f"{name}: ends inside its header; {RESTORE}")
    shape = struct.unpack(f">{content[3]}I", content[4:header])
    expected = header + int(np.prod(shape, dtype=np.int64))
    if len(content) != expected:
        raise DataError(f"{name}: {len(content)} bytes where {expected} were expected; {RESTORE}")
    return np.frombuffer(content, np.uint8, offset=header).reshape(shape)


def _read(path: Path, digest: str) -> bytes:
    try:
        packed = path.read_bytes()
    except FileNotFoundError:
        raise DataError(f"{path.name}: missing from {path.parent.name}; {RESTORE}") from None
    except OSError as error:
        raise DataError(f"{path.name}: can't be read ({error.strerror}); {RESTORE}") from None
    found = hashlib.sha256(packed).hexdigest()
    if found != digest:
        raise DataError(
            f"{path.name}: cut short or altered, {len(packed):,} bytes with SHA-256 {found[:12]}…, "
            f"expected {digest[:12]}…; {RESTORE}"
        )
    try:
        return gzip.decompress(packed)
    except (OSError, EOFError, zlib.error) as error:
        raise DataError(f"{path.name}: can't be unpacked ({error}); {RESTORE}") from None
