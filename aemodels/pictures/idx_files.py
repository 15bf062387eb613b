"""IDX files, packed with gzip or not: MNIST's names, EMNIST's, or others that differ alike.

`train-images-idx3-ubyte.gz` has its labels in `train-labels-idx1-ubyte.gz` and its test pictures in
`t10k-images-idx3-ubyte.gz`; EMNIST's are `emnist-letters-train-images-idx3-ubyte.gz` and
`emnist-letters-test-images-idx3-ubyte.gz`, with the letters in `emnist-letters-mapping.txt`.
"""

import hashlib
import io
import re
import struct
import zlib
from pathlib import Path

import numpy as np

from aemodels.data import SOURCES, parse_idx
from aemodels.pictures import image_folder
from aemodels.pictures.budget import Budget
from aemodels.pictures.raw import (
    MOST_PICTURES,
    Part,
    PicturesError,
    Raw,
    labels_of,
    levels_of,
    read_bytes,
    shown,
)

IMAGES = re.compile(r"(.*)images?([-_.]?)(idx3)?(.*)")
# What the names of test files have where those of training files have "train".
TESTS = ("t10k", "test")
# Cohen et al. 2017, arXiv:1702.05373: the files hold the pictures of NIST column by column.
TRANSPOSED, MAPPING = "emnist-", "-mapping.txt"
LARGEST_MAPPING = 10_000
# Bytes that are unpacked at once.
PIECE = 1 << 16
# Clanuwat et al. 2018, arXiv:1812.01718; by the MD5 of the published training labels.
KUZUSHIJI = "e144d726b3acfaa3e44228e80efcd344"
HIRAGANA = ("お", "き", "す", "つ", "な", "は", "ま", "や", "れ", "を")


def is_idx(path: Path) -> bool:
    """Whether a file's name is that of an IDX file."""
    name = path.name.lower().removesuffix(".gz")
    return not name.endswith(image_folder.ENDINGS) and ("idx" in name or name.endswith("ubyte"))


def is_mapping(name: str) -> bool:
    """Whether a file of this name has EMNIST's names of classes."""
    return name.lower().startswith(TRANSPOSED) and name.lower().endswith(MAPPING)


def read(path: Path, budget: Budget) -> Raw:
    """The data set that a folder holds, or that a file of training pictures belongs to.

    Raises PicturesError.
    """
    images = _images(path) if path.is_dir() else path
    train = _part(images, budget)
    tests = (_beside(images, images.name.replace("train", word)) for word in TESTS)
    found = next((each for each in tests if each), None)
    test = _part(found, budget) if found else None
    notes = ("EMNIST's pictures are transposed, so that letters stand upright",)
    transposed = images.name.lower().startswith(TRANSPOSED)
    return Raw(train, test, _names(images), notes if transposed else ())


def _images(folder: Path) -> Path:
    """The one file of training pictures in a folder."""
    names = sorted(each for each in folder.iterdir() if each.is_file() and is_idx(each))
    images = [each for each in names if "image" in each.name.lower()]
    training = [each for each in images if not any(word in each.name for word in TESTS)] or images
    stems = {each.name.removesuffix(".gz") for each in training}
    if len(stems) > 1:
        listed = ", ".join(sorted(map(shown, training))[:3])
        raise PicturesError(f"{shown(folder)}: holds several data sets, {listed}, …; give one file")
    if not training:
        raise PicturesError(f"{shown(folder)}: holds IDX files, but none of images")
    return training[0]


def _labels(images: Path) -> Path | None:
    """The file of labels beside a file of pictures, packed or not."""
    name = images.name.replace("images", "labels").replace("image", "label")
    return _beside(images, name.replace("idx3", "idx1"))


def _beside(images: Path, name: str) -> Path | None:
    """The other file of that name in the same folder, packed or not."""
    bare = name.removesuffix(".gz")
    if bare == images.name.removesuffix(".gz"):
        return None
    found = (images.with_name(each) for each in (name, bare, f"{bare}.gz"))
    return next((each for each in found if each.is_file()), None)


def _part(path: Path, budget: Budget) -> Part:
    images = _array(path, budget)
    if images.ndim != 3:
        words = "x".join(map(str, images.shape))
        raise PicturesError(
            f"{shown(path)}: holds {words} numbers; count x height x width is needed"
        )
    images = levels_of(images, shown(path))
    if path.name.lower().startswith(TRANSPOSED):
        images = images.transpose(0, 2, 1)
    labels = _labels(path)
    if labels is None:
        return Part(images, None)
    return Part(images, labels_of(_array(labels, budget), shown(labels)))


def _array(path: Path, budget: Budget) -> np.ndarray:
    content = unpacked(path, budget)
    if len(content) >= 8 and struct.unpack(">I", content[4:8])[0] > MOST_PICTURES:
        raise PicturesError(f"{shown(path)}: more than {MOST_PICTURES:,} pictures")
    try:
        return parse_idx(content, shown(path))
    except ValueError:
        raise PicturesError(f"{shown(path)}: its header can't be right") from None


def unpacked(path: Path, budget: Budget) -> bytes:
    """The bytes of a file, unpacked if it is gzip. Raises PicturesError."""
    content = read_bytes(path)
    if not content.startswith(b"\x1f\x8b"):
        budget.unpack(len(content), path)
        return content
    try:
        found, whole = _gunzip(content, budget.room + 1)
    except zlib.error as error:
        raise PicturesError(f"{shown(path)}: can't be unpacked ({error})") from None
    budget.unpack(len(found), path)
    if not whole:
        raise PicturesError(f"{shown(path)}: is cut short; copy it again from its source")
    return found


def _gunzip(content: bytes, most: int) -> tuple[bytes, bool]:
    """At most so many bytes of what gzip has packed, and whether that is all of it.

    Piece by piece, since zlib by itself takes twice the room. Raises zlib.error.
    """
    packed = zlib.decompressobj(wbits=31)
    found = io.BytesIO()
    for start in range(0, len(content), PIECE):
        found.write(packed.decompress(content[start : start + PIECE], most - found.tell()))
        if packed.eof or found.tell() >= most:
            break
    return found.getvalue(), packed.eof


def _names(images: Path) -> dict[int, str]:
    """The names of the classes, of EMNIST by its mapping, of known files by their hash."""
    labels = _labels(images)
    if labels is None:
        return {}
    content = read_bytes(labels)
    if hashlib.md5(content, usedforsecurity=False).hexdigest() == KUZUSHIJI:
        return dict(enumerate(HIRAGANA))
    digest = hashlib.sha256(content).hexdigest()
    for source in SOURCES.values():
        if digest in source.sha256.values():
            return dict(enumerate(source.class_names))
    mapping = images.with_name(f"{images.name.split('-train-')[0]}{MAPPING}")
    if not images.name.lower().startswith(TRANSPOSED) or not mapping.is_file():
        return {}
    return _mapping(read_bytes(mapping)[:LARGEST_MAPPING])


def _mapping(content: bytes) -> dict[int, str]:
    """Lines of a label and the codes of its letters: `10 65`, or `1 65 97` for both cases."""
    found = {}
    for line in content.decode("ascii", "replace").splitlines():
        numbers = [int(word) for word in line.split() if word.isdecimal() and len(word) < 10]
        letters = [chr(number) for number in numbers[1:] if 32 < number < 127]
        if letters:
            found[numbers[0]] = "".join(letters)
    return found
