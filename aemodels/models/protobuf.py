"""The wire format of Protocol Buffers, as far as an ONNX graph needs it: whole numbers and bytes.

The package onnx writes the same bytes (a test compares them), but it isn't built for every machine
that can show models, and a server would load it for a few hundred bytes a model.
https://protobuf.dev/programming-guides/encoding
"""

_LENGTH_DELIMITED = 2
_WORD = (1 << 64) - 1


def number(field: int, value: int) -> bytes:
    """The field of that number as an int64."""
    # A negative one is written as its two's complement.
    return _varint(field << 3) + _varint(value & _WORD)


def content(field: int, value: bytes | str) -> bytes:
    """The field of that number as bytes, a text in UTF-8, or a message inside this one."""
    data = value.encode() if isinstance(value, str) else value
    return _varint(field << 3 | _LENGTH_DELIMITED) + _varint(len(data)) + data


def _varint(value: int) -> bytes:
    """Seven bits a byte, the lowest first; the eighth says that more follow."""
    found = bytearray()
    while value > 0x7F:
        found.append(value & 0x7F | 0x80)
        value >>= 7
    found.append(value)
    return bytes(found)
