"""ONNX graphs as others export them, with random weights: a VAE's encoder and decoder."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from tests.library.importing.files import Tensors

DRAW = np.random.default_rng(1)


def weight(*shape: int) -> np.ndarray:
    return DRAW.normal(0, 0.2, shape).astype(np.float32)


ARRAYS = {
    "w1": weight(784, 9),
    "b1": weight(9),
    "w2": weight(9, 3),
    "b2": weight(3),
    "w3": weight(9, 3),
    "b3": weight(3),
    "v1": weight(11, 3),
    "c1": weight(11),
    "v2": weight(11, 784),
    "c2": weight(784),
}


def node(operator: str, inputs: str, outputs: str, **attributes: Any) -> onnx.NodeProto:
    return helper.make_node(operator, inputs.split(), outputs.split(), **attributes)


def graph(
    nodes: Sequence[onnx.NodeProto],
    into: tuple[str, int],
    out: Sequence[tuple[str, int]],
    arrays: Tensors = ARRAYS,
) -> onnx.ModelProto:
    """A graph from (N, width) to outputs (N, width), with the tensors that its nodes name."""
    used = {name for each in nodes for name in each.input}

    def value(name: str, width: int) -> onnx.ValueInfoProto:
        return helper.make_tensor_value_info(name, TensorProto.FLOAT, ["N", width])

    made = helper.make_graph(
        nodes,
        "g",
        [value(*into)],
        [value(*each) for each in out],
        [numpy_helper.from_array(array, name) for name, array in arrays.items() if name in used],
    )
    return helper.make_model(made, opset_imports=[helper.make_opsetid("", 20)], ir_version=10)


ENCODER = [
    node("MatMul", "x w1", "m"),
    node("Add", "m b1", "h"),
    node("Relu", "h", "r"),
    node("Gemm", "r w2 b2", "mu"),
    node("Gemm", "r w3 b3", "logvar"),
]
DECODER = [
    node("Identity", "z", "i"),
    node("Gemm", "i v1 c1", "h", transB=1),
    node("Dropout", "h", "d"),
    node("Relu", "d", "r"),
    node("MatMul", "r v2", "m"),
    node("Add", "c2 m", "a"),
    node("Sigmoid", "a", "y"),
]
HEADS = [("mu", 3), ("logvar", 3)]


def saved(folder: Path, encoder: onnx.ModelProto, decoder: onnx.ModelProto) -> tuple[Path, Path]:
    paths = folder / "encoder.onnx", folder / "decoder.onnx"
    for path, made in zip(paths, (encoder, decoder), strict=True):
        path.write_bytes(made.SerializeToString())
    return paths
