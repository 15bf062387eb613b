"""The wire format of Protocol Buffers, as far as an ONNX graph needs it: numbers and bytes.

The package onnx writes the same bytes (a test compares them), but it isn't built for every machine
that can show models, and a server would load it for a few hundred bytes a model.
https://protobuf.dev/programming-guides/encoding
"""

import struct
from collections.abc import Iterator

_VARINT, _FIXED64, _LENGTH_DELIMITED, _FIXED32 = 0, 1, 2, 5
_FIXED = {_FIXED64: 8, _FIXED32: 4}
_WORD = (1 << 64) - 1
_LONGEST_VARINT, _MOST_FIELDS = 10, 100_000


def number(field: int, value: int) -> bytes:
    """The field of that number as an int64."""
    # A negative one is written as its two's complement.
    return _varint(field << 3) + _varint(value & _WORD)


def real(field: int, value: float) -> bytes:
    """The field of that number as a float32."""
    return _varint(field << 3 | _FIXED32) + struct.pack("<f", value)


def content(field: int, value: bytes | str) -> bytes:
    """The field of that number as bytes, a text in UTF-8, or a message inside this one."""
    data = value.encode() if isinstance(value, str) else value
    return _varint(field << 3 | _LENGTH_DELIMITED) + _varint(len(data)) + data


def fields(message: bytes | memoryview) -> Iterator[tuple[int, int | memoryview]]:
    """The fields of a message from elsewhere in their order: their number, and the whole number or
    the bytes that they hold; a message inside is its bytes.

    Nothing is copied. Raises ValueError where the bytes are no such message, or have too many
    fields.
    """
    data, place, count = memoryview(message), 0, 0
    while place < len(data):
        count += 1
        if count > _MOST_FIELDS:
            raise ValueError("too many fields")
        tag, place = _read_varint(data, place)
        kind = tag & 7
        if kind == _VARINT:
            value, place = _read_varint(data, place)
            yield tag >> 3, value
            continue
        if kind == _LENGTH_DELIMITED:
            length, place = _read_varint(data, place)
        elif kind in _FIXED:
            length = _FIXED[kind]
        else:
            raise ValueError(f"a field of the unknown kind {kind}")
        if length > len(data) - place:
            raise ValueError("a field that is longer than its message")
        yield tag >> 3, data[place : place + length]
        place += length


def numbers(value: int | memoryview, most: int = 16) -> list[int]:
    """The int64s of a repeated field: one, or up to `most` packed into bytes. Raises ValueError."""
    if isinstance(value, int):
        return [_signed(value)]
    found: list[int] = []
    place = 0
    while place < len(value):
        if len(found) == most:
            raise ValueError(f"more than {most} numbers")
        one, place = _read_varint(value, place)
        found.append(_signed(one))
    return found


def _signed(value: int) -> int:
    return value - (1 << 64) if value >> 63 else value


def _read_varint(data: memoryview, place: int) -> tuple[int, int]:
    """The number that starts at that place, and the place behind it."""
    value = 0
    for index, byte in enumerate(data[place : place + _LONGEST_VARINT]):
        value |= (byte & 0x7F) << 7 * index
        if byte < 0x80:
            return value & _WORD, place + index + 1
    raise ValueError("a number that doesn't end")


def _varint(value: int) -> bytes:
    """Seven bits a byte, the lowest first; the eighth says that more follow."""
    found = bytearray()
    while value > 0x7F:
        found.append(value & 0x7F | 0x80)
        value >>= 7
    found.append(value)
    return bytes(found)
