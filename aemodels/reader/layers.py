"""The layers of the reader's network, and its ONNX graph. Loads no PyTorch."""

import struct
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from aemodels.data.images import PIXELS, SIDE
from aemodels.models.onnx_messages import Node, Stored, model, rows, tensor

CLASSES = 10  # of digits
INPUT, OUTPUT = "images", "probabilities"


class Layer(NamedTuple):
    """A convolution, or without a kernel a linear layer."""

    wide_in: int
    wide_out: int
    kernel: int = 0
    stride: int = 1
    padding: int = 0

    @property
    def shape(self) -> tuple[int, ...]:
        """The shape of its weight."""
        return (self.wide_out, self.wide_in, *[self.kernel] * (2 if self.kernel else 0))

    @property
    def inputs(self) -> int:
        """How many numbers each of its outputs is a sum of."""
        return self.wide_in * max(self.kernel, 1) ** 2


def layers(classes: int = CLASSES) -> dict[str, Layer]:
    """The layers by name, in their order, with a ReLU between every two."""
    # Strides take the place of pooling: 0.8 million multiplications a picture, few enough for a
    # browser to read several in each frame.
    return {
        "first": Layer(1, 16, kernel=5, stride=2, padding=2),  # 16 x 14 x 14
        "second": Layer(16, 32, kernel=3, stride=2, padding=1),  # 32 x 7 x 7
        "third": Layer(32, 32, kernel=3, stride=1, padding=1),  # 32 x 7 x 7
        "hidden": Layer(32 * 7 * 7, 32),
        "classes": Layer(32, classes),
    }


def shapes(classes: int = CLASSES) -> dict[str, tuple[int, ...]]:
    """The shapes of all tensors by name."""
    found: dict[str, tuple[int, ...]] = {}
    for name, layer in layers(classes).items():
        found |= {f"{name}.weight": layer.shape, f"{name}.bias": (layer.wide_out,)}
    return found


def graph(stored: Mapping[str, Stored], classes: int = CLASSES) -> bytes:
    """`images` (N, 784) -> `probabilities` (N, classes); each tensor is where `stored` says.

    Grey levels beyond 0 and 1 are clipped, as they are on a screen.
    """
    nodes = [
        Node("Clip", [INPUT, "paper", "ink"], ["clipped"]),
        # 0 keeps N as it is.
        Node("Constant", [], ["shape"], {"value_ints": [0, 1, SIDE, SIDE]}),
        Node("Reshape", ["clipped", "shape"], ["picture"]),
    ]
    source, flat = "picture", False
    for name, layer in layers(classes).items():
        inputs = [source, f"{name}.weight", f"{name}.bias"]
        output = f"{name}.output"
        if layer.kernel:
            options: dict[str, int | Sequence[int]] = {
                "kernel_shape": [layer.kernel] * 2,
                "strides": [layer.stride] * 2,
                "pads": [layer.padding] * 4,
            }
            nodes.append(Node("Conv", inputs, [output], options))
        else:
            if not flat:
                nodes.append(Node("Flatten", [source], ["flat"]))
                inputs[0], flat = "flat", True
            nodes.append(Node("Gemm", inputs, [output], {"transB": 1}))
        if name != "classes":
            nodes.append(Node("Relu", [output], [f"{name}.relu"]))
        source = f"{name}.relu"
    nodes.append(Node("Softmax", ["classes.output"], [OUTPUT], {"axis": 1}))
    limits = [tensor("paper", (), struct.pack("<f", 0)), tensor("ink", (), struct.pack("<f", 1))]
    weights = [tensor(name, shape, stored[name]) for name, shape in shapes(classes).items()]
    tensors = [*limits, *weights]
    return model("reader", nodes, tensors, [rows(INPUT, PIXELS)], [rows(OUTPUT, classes)])
