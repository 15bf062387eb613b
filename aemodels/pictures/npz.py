"""NumPy's .npz files: Keras' mnist.npz, Kuzushiji's, or any with pictures and labels.

Neither pickled objects nor a header that claims more than the file holds are read.
"""

import io
from pathlib import Path
from typing import Literal

import numpy as np

from aemodels.bundles import zips
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

# The names that pictures and labels have: of the training split, then of the test split.
SPLITS = (
    (("x_train", "y_train"), ("x_test", "y_test")),
    (("train_images", "train_labels"), ("test_images", "test_labels")),
    (("images_train", "labels_train"), ("images_test", "labels_test")),
    (("images", "labels"), None),
    (("images", "target"), None),
    (("x", "y"), None),
    (("X", "y"), None),
    (("data", "target"), None),
    (("data", "labels"), None),
    (("arr_0", ""), None),
)
# kmnist-train-imgs.npz lies beside three others; each holds arr_0.
TRAIN, TEST, PICTURES, LABELS = "-train-", "-test-", "-imgs", "-labels"
MOST_MEMBERS = 100


def read(path: Path, budget: Budget) -> Raw:
    """The pictures and labels of an .npz file. Raises PicturesError."""
    arrays = _arrays(path, budget)
    for train, test in SPLITS:
        if train[0] not in arrays:
            continue
        if train[0] == "arr_0":
            return _one_array_a_file(path, arrays["arr_0"], budget)
        first = _part(arrays, train, path)
        second = _part(arrays, test, path) if test and test[0] in arrays else None
        return Raw(first, second)
    listed = ", ".join(sorted(arrays)[:5]) or "nothing"
    raise PicturesError(
        f"{shown(path)}: holds {listed}; x_train, y_train, x_test and y_test, or images and "
        "labels, are needed"
    )


def _part(arrays: dict[str, np.ndarray], names: tuple[str, str], path: Path) -> Part:
    what = f"{names[0]} of {shown(path)}"
    images = _square(arrays[names[0]], what)
    labels = arrays.get(names[1])
    return Part(
        levels_of(images, what),
        None if labels is None else labels_of(labels, f"{names[1]} of {shown(path)}"),
    )


def _one_array_a_file(path: Path, images: np.ndarray, budget: Budget) -> Raw:
    """Kuzushiji's four files; or one file of pictures without labels."""
    first = _sibling(path, images, budget)
    other = path.with_name(path.name.replace(TRAIN, TEST))
    if other == path or not other.is_file():
        return Raw(first)
    return Raw(first, _sibling(other, _only(other, budget), budget))


def _sibling(path: Path, images: np.ndarray, budget: Budget) -> Part:
    beside = path.with_name(path.name.replace(PICTURES, LABELS))
    labels = None
    if beside != path and beside.is_file():
        labels = labels_of(_only(beside, budget), shown(beside))
    return Part(levels_of(_square(images, shown(path)), shown(path)), labels)


def _only(path: Path, budget: Budget) -> np.ndarray:
    """The one array of a file, under the name that NumPy gives to it."""
    arrays = _arrays(path, budget)
    if "arr_0" not in arrays:
        raise PicturesError(f"{shown(path)}: has no array arr_0")
    return arrays["arr_0"]


def _square(images: np.ndarray, what: str) -> np.ndarray:
    """Rows of a square's pixels as squares."""
    if images.ndim != 2:
        return images
    side = round(images.shape[1] ** 0.5)
    if side * side != images.shape[1]:
        raise PicturesError(f"{what}: rows of {images.shape[1]} numbers, which make no square")
    return images.reshape(len(images), side, side)


def _arrays(path: Path, budget: Budget) -> dict[str, np.ndarray]:
    """The arrays of a file by name."""

    def is_array(parts: zips.Parts) -> bool:
        if not parts[-1].endswith(".npy"):
            raise PicturesError(f"{shown(path)}: holds {shown(parts[-1])}, which is no array")
        return True

    found = {}
    try:
        for parts, content in zips.checked_zip(
            read_bytes(path), most_bytes=budget.room, most_files=MOST_MEMBERS, wanted=is_array
        ):
            budget.unpack(len(content), path)
            name = "/".join(parts).removesuffix(".npy")
            found[name] = _array(content, f"{shown(name)} of {shown(path)}")
    except zips.TooLargeError:
        # Other files were read before it, so the sentence gives the room of all.
        budget.unpack(budget.room + 1, path)
    except zips.ZipError as error:
        raise PicturesError(
            f"{shown(path)}: {error}; an .npz file is a zip, so save it anew with "
            "numpy.savez_compressed"
        ) from None
    return found


def _array(content: bytes, what: str) -> np.ndarray:
    stream = io.BytesIO(content)
    try:
        version = np.lib.format.read_magic(stream)
        if version == (1, 0):
            shape, by_column, kind = np.lib.format.read_array_header_1_0(stream)
        else:
            shape, by_column, kind = np.lib.format.read_array_header_2_0(stream)
        if kind.hasobject:
            raise PicturesError(
                f"{what}: holds pickled objects, which can run code on this machine; save it as "
                "plain numbers"
            )
        count = 1
        for size in shape:
            count *= size
        if count * kind.itemsize != len(content) - stream.tell():
            raise PicturesError(f"{what}: claims the shape {shape}, which its bytes don't fill")
        if shape and shape[0] > MOST_PICTURES:
            raise PicturesError(f"{what}: more than {MOST_PICTURES:,} pictures")
        # Its bytes as they are: a copy would take as much memory again.
        order: Literal["F", "C"] = "F" if by_column else "C"
        return np.ndarray(shape, kind, content, stream.tell(), order=order)
    except (ValueError, TypeError, SyntaxError, MemoryError, OverflowError):
        raise PicturesError(f"{what}: is no array, or it is damaged") from None
