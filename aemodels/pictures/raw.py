"""What the readers of files give: pictures of one size or several, with labels or without."""

import os
import stat
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from aemodels.data import DataError

# Of one file, packed and unpacked; EMNIST's largest has 550 MB unpacked.
LARGEST_FILE = 1 << 30
MOST_PICTURES = 1_000_000
LARGEST_SIDE = 4096
# Numbers that become grey levels at once.
BLOCK = 1 << 20


class PicturesError(DataError):
    """Pictures can't be used; the message is one sentence: what was found and what is needed."""


@dataclass(frozen=True, eq=False)
class Part:
    """Pictures, (N, H, W) or (N, H, W, 3) uint8, and a label each, or None; `brought` if the reader
    has brought them to 28x28 already, since they had several sizes.
    """

    images: np.ndarray
    labels: Sequence[int] | None
    brought: bool = False


@dataclass(frozen=True, eq=False)
class Raw:
    """The pictures of one source: all of them, or those to train on and those to test on.

    `names` are those of classes by label, as far as the files tell; `notes` say what was done.
    """

    train: Part
    test: Part | None = None
    names: dict[int, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()


def read_bytes(path: Path) -> bytes:
    """A file, unless it is a link, no ordinary file, or too large. Raises PicturesError."""
    try:
        found = path.lstat()
        if stat.S_ISLNK(found.st_mode):
            raise PicturesError(f"{shown(path)}: is a symbolic link; give the file itself")
        if not stat.S_ISREG(found.st_mode):
            raise PicturesError(f"{shown(path)}: is no ordinary file")
        if found.st_size > LARGEST_FILE:
            raise PicturesError(
                f"{shown(path)}: has {found.st_size:,} bytes; the limit is {LARGEST_FILE:,}"
            )
        # A link that took the file's place since.
        opened = os.open(path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0))
        with os.fdopen(opened, "rb") as stream:
            # Python sets aside as many bytes as it is asked for.
            return stream.read(found.st_size)
    except OSError as error:
        raise PicturesError(f"{shown(path)}: can't be read ({error.strerror})") from None


def shown(path: Path | str) -> str:
    """The name of a file, as a sentence can quote it."""
    name = Path(path).name[:60]
    return "".join(letter if letter.isprintable() else "?" for letter in name)


def labels_of(array: np.ndarray, what: str) -> list[int]:
    """Labels (N,) or (N, 1), whole numbers from 0, of any numeric type. Raises PicturesError."""
    flat = array.reshape(-1) if array.shape[1:] in ((), (1,)) else None
    if flat is None or array.dtype.kind not in "uif":
        raise PicturesError(
            f"{what}: labels of shape {array.shape} and type {array.dtype}; one whole number a "
            "picture is needed"
        )
    values = flat.astype(np.float64)
    wrong = ~np.isfinite(values) | (values != np.round(values)) | (values < 0) | (values > 2**31)
    if wrong.any():
        k = int(np.flatnonzero(wrong)[0])
        found = "nothing" if np.isnan(values[k]) else f"{values[k]:g}"
        raise PicturesError(
            f"{what}: picture {k + 1} has the label {found}; labels are whole numbers from 0"
        )
    return [int(value) for value in values]


def levels_of(array: np.ndarray, what: str) -> np.ndarray:
    """Pictures (N, H, W), (N, H, W, 1 or 3) of numbers -> uint8, without a last 1.

    Whole numbers are grey levels from 0 to 255, and so are fractions, unless none is above 1: these
    are from 0 to 1. Raises PicturesError.
    """
    if array.ndim == 4 and array.shape[-1] == 1:
        array = array[..., 0]
    if array.ndim not in (3, 4) or (array.ndim == 4 and array.shape[-1] != 3):
        raise PicturesError(
            f"{what}: pictures of shape {array.shape}; (N, height, width) is needed"
        )
    if not array.size or max(array.shape[1:3]) > LARGEST_SIDE:
        raise PicturesError(
            f"{what}: {array.shape[0]:,} pictures of {array.shape[1]} x {array.shape[2]} pixels; "
            f"sides of 1 to {LARGEST_SIDE} are needed"
        )
    if array.dtype == np.uint8:
        return array
    if array.dtype == np.bool_:
        return array.astype(np.uint8) * np.uint8(255)
    if array.dtype.kind not in "uif":
        raise PicturesError(f"{what}: pictures of type {array.dtype}; numbers are needed")
    low, high = float(array.min()), float(array.max())
    if not 0 <= low <= high <= 255:
        raise PicturesError(
            f"{what}: grey levels from {low:g} to {high:g}; 0 to 255, or fractions from 0 to 1, "
            "are needed"
        )
    scale = 255 if array.dtype.kind == "f" and high <= 1 else 1
    levels = np.empty(array.shape, np.uint8)
    # Some at a time, since fractions of all take many times the memory of their levels.
    step = max(1, BLOCK // array[0].size)
    for start in range(0, len(array), step):
        some = slice(start, start + step)
        levels[some] = np.rint(array[some] * scale)
    return levels
