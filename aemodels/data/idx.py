"""The format of MNIST's files: IDX bytes <-> array."""

import struct

import numpy as np


class DataError(Exception):
    """A data file is missing or isn't the known one; the message gives its name and the remedy."""


def parse_idx(content: bytes, name: str) -> np.ndarray:
    """Uncompressed IDX bytes -> read-only uint8 array of the shape that its header gives.

    The header is big-endian: 0, 0, type 8, rank, sizes. Raises DataError, naming
    `name`, if the header or the length is wrong.
    """
    remedy = "copy it again from its source"
    if len(content) < 4 or content[:3] != b"\x00\x00\x08":
        raise DataError(f"{name}: not an IDX file of bytes; {remedy}")
    header = 4 + 4 * content[3]
    if len(content) < header:
        raise DataError(f"{name}: ends inside its header; {remedy}")
    shape = struct.unpack(f">{content[3]}I", content[4:header])
    expected = header + int(np.prod(shape, dtype=np.int64))
    if len(content) != expected:
        raise DataError(f"{name}: {len(content)} bytes where {expected} were expected; {remedy}")
    return np.frombuffer(content, np.uint8, offset=header).reshape(shape)


def to_idx(array: np.ndarray) -> bytes:
    """A uint8 array as the bytes of an IDX file, which `parse_idx` reads."""
    header = struct.pack(f">4B{array.ndim}I", 0, 0, 8, array.ndim, *array.shape)
    return header + np.ascontiguousarray(array, np.uint8).tobytes()
