"""CSV files as MNIST's: one picture a line, its label and the grey levels of a square, row by row.

A header is left out. Without labels, a line holds the grey levels alone.
"""

import io
import re
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from aemodels.pictures.budget import Budget
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

BYTES_A_NUMBER = 4
NOT_BLANK = re.compile(rb"\S")
BYTE_ORDER_MARK = b"\xef\xbb\xbf"


def read(path: Path, budget: Budget) -> Raw:
    """The pictures of a CSV file, packed with gzip or not. Raises PicturesError."""
    content = unpacked(path, budget)
    stream = io.BytesIO(content)
    first = stream.readline().removeprefix(BYTE_ORDER_MARK)
    columns = first.count(b",") + 1
    labelled = _labelled(columns, path)
    lines = content.count(b"\n") + (not content.endswith(b"\n"))
    most = budget.most_bytes // BYTES_A_NUMBER
    if lines > MOST_PICTURES + 1:
        raise PicturesError(
            f"{shown(path)}: {lines:,} lines, where at most {MOST_PICTURES:,} pictures are read; "
            "leave some out"
        )
    if lines * columns > most:
        raise PicturesError(
            f"{shown(path)}: {lines:,} lines of {columns} numbers, where at most {most:,} numbers "
            f"are read; {budget.remedy}"
        )
    if all(map(_is_number, _cells(first))):
        stream.seek(0)
    elif not NOT_BLANK.search(content, stream.tell()):
        raise PicturesError(f"{shown(path)}: has a header and no picture")
    try:
        table = np.loadtxt(
            stream,
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


def _cells(line: bytes) -> Iterator[bytes]:
    """What lies between the commas, one by one, since a line can have millions of them."""
    start = 0
    while (end := line.find(b",", start)) >= 0:
        yield line[start:end]
        start = end + 1
    yield line[start:]


def _is_number(cell: bytes) -> bool:
    try:
        float(cell)
    except ValueError:
        return False
    return True
