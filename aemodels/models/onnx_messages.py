"""ONNX's messages as bytes: nodes, tensors, values and the model around them.

Field numbers are those of onnx.proto, https://github.com/onnx/onnx/blob/main/onnx/onnx.proto.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from aemodels.models.protobuf import content, number, real

# Gelu asks for 20, and IR version 10 came with it. Newer ones would exclude runtimes for no gain.
OPSET, IR_VERSION = 20, 10
PRODUCER = "aemodels"

FLOAT, FLOAT16 = 1, 10  # TensorProto.FLOAT, .FLOAT16
_EXTERNAL = 1  # TensorProto.EXTERNAL
_FLOAT, _INT, _INTS = 1, 2, 7  # AttributeProto.FLOAT, .INT, .INTS


Attribute = int | float | Sequence[int]


class Node(NamedTuple):
    """One operator: the names of its inputs and outputs, and its attributes."""

    operator: str
    inputs: Sequence[str]
    outputs: Sequence[str]
    attributes: Mapping[str, Attribute] = {}


class Stored(NamedTuple):
    """The place of a tensor's bytes in a file next to the graph; `kind` is FLOAT or FLOAT16."""

    location: str
    offset: int
    length: int
    kind: int = FLOAT


def node(made: Node) -> bytes:
    """NodeProto."""
    return b"".join(
        [
            *(content(1, name) for name in made.inputs),
            *(content(2, name) for name in made.outputs),
            content(4, made.operator),
            *(content(5, _attribute(key, made.attributes[key])) for key in sorted(made.attributes)),
        ]
    )


def tensor(name: str, shape: Sequence[int], values: bytes | Stored) -> bytes:
    """TensorProto, little endian: its bytes of float32, or where they are stored."""
    kind = FLOAT if isinstance(values, bytes) else values.kind
    start = b"".join(number(1, size) for size in shape) + number(2, kind) + content(8, name)
    if isinstance(values, bytes):
        return start + content(9, values)
    entries = ((key, str(getattr(values, key))) for key in ("location", "offset", "length"))
    place = b"".join(content(13, content(1, key) + content(2, value)) for key, value in entries)
    return start + place + number(14, _EXTERNAL)


def rows(name: str, width: int) -> bytes:
    """ValueInfoProto of float32 (N, width)."""
    shape = content(1, content(2, "N")) + content(1, number(1, width))
    return content(1, name) + content(2, content(1, number(1, FLOAT) + content(2, shape)))


def model(
    name: str,
    nodes: Sequence[Node],
    tensors: Sequence[bytes],
    inputs: Sequence[bytes],
    outputs: Sequence[bytes],
) -> bytes:
    """ModelProto around one graph."""
    graph = b"".join(
        [
            *(content(1, node(made)) for made in nodes),
            content(2, name),
            *(content(5, each) for each in tensors),
            *(content(11, each) for each in inputs),
            *(content(12, each) for each in outputs),
        ]
    )
    opset = content(1, "") + number(2, OPSET)
    return number(1, IR_VERSION) + content(2, PRODUCER) + content(7, graph) + content(8, opset)


def _attribute(name: str, value: Attribute) -> bytes:
    if isinstance(value, float):
        return content(1, name) + real(2, value) + number(20, _FLOAT)
    if isinstance(value, int):
        return content(1, name) + number(3, value) + number(20, _INT)
    return content(1, name) + b"".join(number(8, each) for each in value) + number(20, _INTS)
