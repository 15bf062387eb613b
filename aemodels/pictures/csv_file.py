"""CSV files as MNIST's: one picture a line, its label and the grey levels of a square, row by row.

A header is left out. Without labels, a line holds the grey levels alone.
"""

import io
from pathlib import Path

import numpy as np

from aemodels.pictures.idx_files import unpacked
from aemodels.pictures.raw import (
    LARGEST_SIDE,
    MOST_PICTURES,
    Part,
    PicturesError,
    Raw,
    labels_of,
    levels_of,
    shown,
)

LARGEST_CELLS = 1 << 28


def read(path: Path) -> Raw:
    """The pictures of a CSV file, packed with gzip or not. Raises PicturesError."""
    content = unpacked(path)
    first, _, rest = content.partition(b"\n")
    cells = first.decode("utf-8-sig", "replace").strip().split(",")
    header = not all(map(_is_number, cells))
    columns = len(cells)
    labelled = _labelled(columns, path)
    lines = content.count(b"\n") + (not content.endswith(b"\n"))
    if lines > MOST_PICTURES + 1 or lines * columns > LARGEST_CELLS:
        raise PicturesError(
            f"{shown(path)}: {lines:,} lines of {columns} numbers; at most {MOST_PICTURES:,} "
            f"pictures and {LARGEST_CELLS:,} numbers are read"
        )
    if header and not rest.strip():
        raise PicturesError(f"{shown(path)}: has a header and no picture")
    try:
        table = np.loadtxt(
            io.BytesIO(rest if header else content),
            np.float32,
            delimiter=",",
            comments=None,
            ndmin=2,
            encoding="utf-8-sig",
            converters=None,
        )
    except (ValueError, UnicodeDecodeError) as error:
        words = str(error).splitlines()[0].rstrip(".").split(";")[0][:120]
        raise PicturesError(
            f"{shown(path)}: isn't a table of numbers with {columns} columns: {words}"
        ) from None
    if table.shape[1] != columns:
        raise PicturesError(
            f"{shown(path)}: its first line has {columns} columns, the next {table.shape[1]}"
        )
    labels = labels_of(table[:, 0], shown(path)) if labelled else None
    pixels = table[:, 1:] if labelled else table
    if not np.isfinite(pixels).all():
        raise PicturesError(
            f"{shown(path)}: has grey levels that are no numbers; 0 to 255 are needed"
        )
    side = round(pixels.shape[1] ** 0.5)
    return Raw(Part(levels_of(pixels.reshape(-1, side, side), shown(path)), labels))


def _labelled(columns: int, path: Path) -> bool:
    """Whether lines of so many numbers begin with a label."""
    for extra in (1, 0):
        side = round(max(columns - extra, 0) ** 0.5)
        if side * side == columns - extra and 2 <= side <= LARGEST_SIDE:
            return bool(extra)
    raise PicturesError(
        f"{shown(path)}: has {columns} columns; a label and the pixels of a square are needed, "
        "such as 1 + 784 for 28 x 28"
    )


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True
