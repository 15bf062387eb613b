"""The reader: a small classifier that says which digit a picture shows, and how sure it is.

    from aemodels import reader

    probabilities = reader.load().read(images)      # (N, 10), calibrated
    legible = probabilities.max(1) >= reader.LEGIBLE

    mine = reader.load(reader.folder_of("kuzushiji"))   # once `train-reader` has trained it

It measures how legible decoded pictures are, so its confidence has to be honest also where a
picture is no digit: it is trained to be unsure about blends and about pictures that show none.

Importing this loads no PyTorch; `load` does.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from aemodels.reader.eligible import check
from aemodels.reader.files import (
    FOLDER,
    LEGIBLE,
    Manifest,
    ReaderError,
    find,
    folder_of,
    read_manifest,
)

if TYPE_CHECKING:
    from pathlib import Path

    from aemodels.reader.network import Reader

__all__ = [
    "FOLDER",
    "LEGIBLE",
    "Manifest",
    "Reader",
    "ReaderError",
    "check",
    "find",
    "folder_of",
    "load",
    "read_manifest",
]


def load(folder: Path | str | None = None) -> Reader:
    """The reader that comes with this project, or that of a folder, on the CPU.

    Raises ReaderError if its files are missing or damaged.
    """
    from aemodels.reader.network import load

    return load(folder)


def __getattr__(name: str) -> Any:
    if name != "Reader":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from aemodels.reader.network import Reader

    return Reader
