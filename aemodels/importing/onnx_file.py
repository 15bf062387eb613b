"""A graph in an ONNX file from elsewhere, of which nothing is run and nothing is trusted.

Operators, data outside the file and sizes are checked before any tensor is read. Field numbers are
those of onnx.proto, https://github.com/onnx/onnx/blob/main/onnx/onnx.proto.
"""

import math
import struct
from dataclasses import dataclass, field

import numpy as np

from aemodels.bundles.checks import shown
from aemodels.importing.layers import ForeignError
from aemodels.importing.tensors import MOST_AXES, checked
from aemodels.models import protobuf

# Those that the networks of this library are made of, those that change nothing, and one that goes
# into the weights before it.
OPERATORS = (
    *("Gemm", "MatMul", "Add", "Conv", "ConvTranspose", "BatchNormalization"),
    *("Relu", "LeakyRelu", "Gelu", "Elu", "Selu", "Softplus", "Tanh", "Sigmoid", "Mul"),
    *("Flatten", "Reshape", "Split", "Identity", "Dropout", "Constant"),
)
DOMAINS = ("", "ai.onnx")
MOST_NODES, MOST_TENSORS, MOST_NAMES, LARGEST_SHAPE = 1000, 1000, 100, 16
# TensorProto's types.
_FLOAT, _INT32, _INT64, _FLOAT16, _DOUBLE, _BFLOAT16 = 1, 6, 7, 10, 11, 16
_KINDS = {_FLOAT: "<f4", _FLOAT16: "<f2", _DOUBLE: "<f8", _INT64: "<i8", _INT32: "<i4"}
_FLOAT_DATA, _INT64_DATA = 4, 7

Attribute = int | float | bytes | list[int] | np.ndarray


@dataclass
class Node:
    """One operator: the names of its inputs and outputs, and its attributes."""

    operator: str = ""
    domain: str = ""
    inputs: list[str] = field(default_factory=list)
    outputs: list[str] = field(default_factory=list)
    attributes: dict[str, Attribute] = field(default_factory=dict)


@dataclass
class Graph:
    """The operators in their order, the tensors by name, the names of inputs and outputs."""

    nodes: list[Node] = field(default_factory=list)
    tensors: dict[str, np.ndarray] = field(default_factory=dict)
    inputs: list[str] = field(default_factory=list)
    outputs: list[str] = field(default_factory=list)


Value = int | memoryview


def parse(content: bytes) -> Graph:
    """The graph of an ONNX file.

    Raises ForeignError if it isn't one or is damaged, has other operators than `OPERATORS`, keeps
    tensors in other files, or holds numbers of another kind, NaN or infinity.
    """
    try:
        return _model(content)
    except (ValueError, struct.error):
        raise ForeignError("it isn't an ONNX file, or it is damaged") from None


def _model(content: bytes) -> Graph:
    graphs, functions = [], 0
    for number, value in protobuf.fields(content):
        if number == 7:
            graphs.append(_message(value))
        functions += number == 25
    if len(graphs) != 1:
        raise ForeignError(f"it isn't an ONNX file: it holds {len(graphs)} graphs")
    if functions:
        raise ForeignError("it defines operators of its own; needed is a graph without functions")
    found, tensors = Graph(), []
    for number, value in protobuf.fields(graphs[0]):
        if number == 1:
            found.nodes.append(_node(_message(value), len(found.nodes)))
        elif number == 5:
            tensors.append(_message(value))
        elif number == 11:
            found.inputs.append(_named(value))
        elif number == 12:
            found.outputs.append(_named(value))
        elif number == 15:
            raise ForeignError("it holds sparse tensors; needed are dense ones")
    # The operators were checked as they were read.
    if len(tensors) > MOST_TENSORS:
        raise ForeignError(f"it holds {len(tensors):,} tensors; the most are {MOST_TENSORS:,}")
    for each in tensors:
        name, array = _tensor(each)
        if name in found.tensors:
            raise ForeignError(f"it holds the tensor {shown(name)} twice")
        found.tensors[name] = array
    # Older files list their tensors as inputs too.
    found.inputs = [name for name in found.inputs if name not in found.tensors]
    return found


def _node(message: memoryview, before: int) -> Node:
    if before >= MOST_NODES:
        raise ForeignError(f"it has more than {MOST_NODES:,} operators")
    found, attributes = Node(), []
    for number, value in protobuf.fields(message):
        if number in (1, 2):
            names = found.inputs if number == 1 else found.outputs
            names.append(_text(value))
            if len(names) > MOST_NAMES:
                raise ForeignError(f"an operator has more than {MOST_NAMES} inputs or outputs")
        elif number == 4:
            found.operator = _text(value)
        elif number == 5:
            attributes.append(_message(value))
        elif number == 7:
            found.domain = _text(value)
    if found.domain not in DOMAINS or found.operator not in OPERATORS:
        name = ".".join(filter(None, (found.domain, found.operator)))
        raise ForeignError(
            f"it has the operator {shown(name)}; needed are {', '.join(OPERATORS)} alone"
        )
    if len(attributes) > MOST_NAMES:
        raise ForeignError(f"an operator has more than {MOST_NAMES} attributes")
    for each in attributes:
        _add_attribute(found, each)
    return found


def _add_attribute(node: Node, message: memoryview) -> None:
    name, ints, found = "", [], None
    for number, value in protobuf.fields(message):
        if number == 1:
            name = _text(value)
        elif number == 2:
            (found,) = struct.unpack("<f", _message(value))
        elif number == 3:
            (found,) = protobuf.numbers(value)
        elif number == 4:
            found = bytes(_message(value)[:100])
        elif number == 5:
            _, found = _tensor(_message(value))
        elif number == 8:
            ints += protobuf.numbers(value)
            if len(ints) > LARGEST_SHAPE:
                raise ForeignError(f"{node.operator} has an attribute of more than 16 numbers")
        elif number in (6, 10, 11, 21):
            raise ForeignError(
                f"{node.operator} has a graph or a reference as an attribute; needed are numbers"
            )
    node.attributes[name] = ints if found is None else found


def _tensor(message: memoryview) -> tuple[str, np.ndarray]:
    """A tensor's name and its numbers: float32, or int64 of whole ones."""
    name, shape, kind, raw = "", [], 0, None
    typed: dict[int, list[Value]] = {}
    for number, value in protobuf.fields(message):
        if number == 1:
            shape += protobuf.numbers(value)
            if len(shape) > LARGEST_SHAPE:
                raise ForeignError(f"a tensor has {len(shape)} axes; needed are up to {MOST_AXES}")
        elif number == 2:
            (kind,) = protobuf.numbers(value)
        elif number == 8:
            name = _text(value)
        elif number == 9:
            raw = _message(value)
        elif number == 13 or (number == 14 and value):
            raise ForeignError(
                "it keeps its tensors in other files (external data); needed is one file with "
                "the tensors inside, as onnx.save writes it"
            )
        else:
            typed.setdefault(number, []).append(value)
    name_shown = shown(name)
    if len(shape) > MOST_AXES or any(size < 1 for size in shape):
        raise ForeignError(
            f"{name_shown} has the shape {tuple(shape[:9])}; needed are up to 4 axes"
        )
    if kind not in (*_KINDS, _BFLOAT16):
        raise ForeignError(f"{name_shown} holds numbers of ONNX's type {kind}; needed are floats")
    data = _typed(kind, typed) if raw is None else raw
    width = 2 if kind == _BFLOAT16 else np.dtype(_KINDS[kind]).itemsize
    if len(data) != width * math.prod(shape):
        raise ForeignError(
            f"{name_shown} has the shape {tuple(shape)} and {len(data):,} bytes of numbers; "
            f"needed are {width} for each"
        )
    if kind in (_INT32, _INT64):
        return name, np.frombuffer(data, _KINDS[kind]).astype(np.int64).reshape(shape)
    if kind == _BFLOAT16:
        wide = (np.frombuffer(data, "<u2").astype("<u4") << 16).view("<f4")
        return name, checked(name, wide.reshape(shape))
    return name, checked(name, np.frombuffer(data, _KINDS[kind]).reshape(shape))


def _typed(kind: int, found: dict[int, list[Value]]) -> bytes:
    """The bytes of numbers that aren't kept as raw data: floats and whole numbers only."""
    if kind == _FLOAT:
        return b"".join(bytes(_message(value)) for value in found.get(_FLOAT_DATA, []))
    if kind == _INT64:
        ints = [one for value in found.get(_INT64_DATA, []) for one in protobuf.numbers(value)]
        return b"".join(struct.pack("<q", one) for one in ints)
    return b""


def _message(value: Value) -> memoryview:
    if isinstance(value, int):
        raise ValueError("a number where a message is needed")
    return value


def _text(value: Value) -> str:
    return bytes(_message(value)).decode("utf-8")


def _named(value: Value) -> str:
    """The name of a ValueInfoProto."""
    return "".join(
        _text(inner) for number, inner in protobuf.fields(_message(value)) if number == 1
    )
