"""Encoder and decoder as ONNX graphs, for browsers and other runtimes. Loads no PyTorch.

    encoder, decoder = linked(config, weights, "weights.safetensors")

`linked` graphs hold no weights: each initialiser is ONNX external data that points at its bytes in
weights.safetensors, so a bundle stores nothing twice; one that is stored as float16 is named
`NAME.half`, and a Cast makes the float32 numbers of it. `standalone` graphs have theirs inside.

encoder: `images` (N, 784) -> `codes` (N, latent_dim) and, for a VAE, `log_var` (N, latent_dim).
decoder: `codes` (N, latent_dim) -> `images` (N, 784). N is free.

A graph follows from the settings alone, so that of a bundle from elsewhere can be written anew
without trusting the one that came with it.
"""

import json
import struct
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from aemodels.architecture import (
    CORNER,
    DECODED,
    GRU_HIDDEN,
    KERNEL,
    NARROW_DECODED,
    ROW,
    ROWS,
    SLOPES,
    AsymmetricConvNetwork,
    ConvNetwork,
    FullyConnected,
    NarrowConvNetwork,
    Network,
)
from aemodels.config import Config
from aemodels.data.images import PIXELS, SIDE
from aemodels.models.onnx_messages import FLOAT, FLOAT16, Node, Stored, model, rows, tensor

# Of safetensors.
KINDS = {"F32": FLOAT, "F16": FLOAT16}
OPERATORS = {
    "relu": "Relu",
    **dict.fromkeys(SLOPES, "LeakyRelu"),
    "gelu": "Gelu",
    "elu": "Elu",
    "selu": "Selu",
    "softplus": "Softplus",
    "tanh": "Tanh",
    "sigmoid": "Sigmoid",
}

# A layer: its name, the value in and the value out -> nodes.
Layer = Callable[[str, str, str], list[Node]]


def linked(config: Config, weights: bytes, location: str) -> tuple[bytes, bytes]:
    """Encoder and decoder with their weights in the safetensors file `location` next to them.

    `weights` is that file's content, checked against the settings; only its header is used.
    """
    (length,) = struct.unpack("<Q", weights[:8])
    header = json.loads(weights[8 : 8 + length])

    def stored(name: str) -> Stored:
        begin, end = header[name]["data_offsets"]
        return Stored(location, 8 + length + begin, end - begin, KINDS[header[name]["dtype"]])

    return _encoder(config, stored), _decoder(config, stored)


def standalone(config: Config, weights: Mapping[str, np.ndarray]) -> tuple[bytes, bytes]:
    """Encoder and decoder with their weights, float32 arrays by name, inside."""

    def values(name: str) -> bytes:
        return weights[name].astype("<f4").tobytes()

    return _encoder(config, values), _decoder(config, values)


Values = Callable[[str], bytes | Stored]


def _encoder(config: Config, values: Values) -> bytes:
    latents, variational = config.network.latent_dim, config.family.variational
    images, codes = rows("images", PIXELS), rows("codes", latents)
    nodes, tensors = _weights("encoder", config, values)
    if not variational:
        nodes += _body(config, "encoder", "images", "codes")
        return model("encoder", nodes, tensors, [images], [codes])
    nodes += _body(config, "encoder", "images", "head")
    nodes.append(Node("Split", ["head"], ["codes", "log_var"], {"axis": 1, "num_outputs": 2}))
    return model("encoder", nodes, tensors, [images], [codes, rows("log_var", latents)])


def _decoder(config: Config, values: Values) -> bytes:
    images, codes = rows("images", PIXELS), rows("codes", config.network.latent_dim)
    output = config.network.output_activation
    nodes, tensors = _weights("decoder", config, values)
    nodes += _body(config, "decoder", "codes", "images" if output == "linear" else "logits")
    if output != "linear":
        nodes.append(Node(OPERATORS[output], ["logits"], ["images"]))
    return model("decoder", nodes, tensors, [codes], [images])


def _weights(part: str, config: Config, values: Values) -> tuple[list[Node], list[bytes]]:
    """The tensors of one network, and the nodes that widen those of float16."""
    nodes, tensors = [], []
    for name, shape in config.network.tensor_shapes(config.family.variational).items():
        if not name.startswith(f"{part}."):
            continue
        found, stored = values(name), name
        if isinstance(found, Stored) and found.kind == FLOAT16:
            stored = f"{name}.half"
            nodes.append(Node("Cast", [stored], [name], {"to": FLOAT}))
        tensors.append(tensor(stored, shape, found))
    return nodes, tensors


def _body(config: Config, part: str, source: str, target: str) -> list[Node]:
    """One network, layer by layer: the value `source` in, the value `target` out."""
    layers = LAYERS[config.network.kind](config.network, part)
    code = config.family.code_activation
    if part == "encoder" and code != "linear":
        layers[f"{part}.{len(layers)}"] = _activation(code)
    nodes: list[Node] = []
    for number, (name, layer) in enumerate(layers.items(), 1):
        output = target if number == len(layers) else f"{name}.output"
        nodes += layer(name, source, output)
        source = output
    return nodes


def _gemm(name: str, source: str, output: str) -> list[Node]:
    inputs = [source, f"{name}.weight", f"{name}.bias"]
    return [Node("Gemm", inputs, [output], {"transB": 1})]


def _flatten(name: str, source: str, output: str) -> list[Node]:
    return [Node("Flatten", [source], [output])]


def _activation(kind: str) -> Layer:
    def layer(name: str, source: str, output: str) -> list[Node]:
        if kind == "silu":
            gate = f"{name}.gate"
            return [Node("Sigmoid", [source], [gate]), Node("Mul", [source, gate], [output])]
        options = {"alpha": SLOPES[kind]} if kind in SLOPES else {}
        return [Node(OPERATORS[kind], [source], [output], options)]

    return layer


def _shape(*shape: int) -> Layer:
    """Reshape to (N, …)."""

    def layer(name: str, source: str, output: str) -> list[Node]:
        # 0 keeps N as it is.
        return _reshape(name, source, output, [0, *shape])

    return layer


def _convolution(operator: str, **more: Any) -> Layer:
    def layer(name: str, source: str, output: str) -> list[Node]:
        options = {
            "kernel_shape": [KERNEL, KERNEL],
            "strides": [2, 2],
            # Before, then after; PyTorch's is the same on both sides.
            "pads": [1, 1, 1, 1],
            **more,
        }
        return [Node(operator, [source, f"{name}.weight", f"{name}.bias"], [output], options)]

    return layer


def _numbered(part: str, layers: list[Layer]) -> dict[str, Layer]:
    return {f"{part}.{number}": layer for number, layer in enumerate(layers)}


def _linear(network: Network, part: str) -> dict[str, Layer]:
    return {part: _gemm}


def _fully_connected(network: Network, part: str) -> dict[str, Layer]:
    assert isinstance(network, FullyConnected)
    layers: list[Layer] = [_gemm]
    for _ in network.hidden_sizes[part == "decoder"]:
        layers += [_activation(network.hidden_activation), _gemm]
    return _numbered(part, layers)


def _convolutional(network: Network, part: str) -> dict[str, Layer]:
    assert isinstance(network, ConvNetwork)
    act = _activation(network.activation)
    if part == "encoder":
        conv = _convolution("Conv")
        start, middle = [_shape(1, SIDE, SIDE)], [conv, act, conv, act]
        return _numbered(part, [*start, *middle, _flatten, _gemm, act, _gemm])
    conv = _convolution("ConvTranspose", output_padding=[1, 1])
    return _numbered(part, [_gemm, act, _gemm, act, _shape(*CORNER), conv, act, conv, _flatten])


def _asymmetric(network: Network, part: str) -> dict[str, Layer]:
    assert isinstance(network, AsymmetricConvNetwork)
    act = _activation(network.activation)
    if part == "encoder":
        conv = _convolution("Conv", pads=[0, 0, 0, 0])
        return _numbered(part, [_shape(1, SIDE, SIDE), conv, act, conv, act, _flatten, _gemm])
    # The last row and the last column are cut off.
    doubling = _convolution("ConvTranspose", pads=[0, 0, 1, 1])
    last = _convolution("ConvTranspose", strides=[1, 1])
    start = [_gemm, act, _shape(*DECODED[0])]
    return _numbered(part, [*start, doubling, act, doubling, act, last, _flatten])


def _narrow(network: Network, part: str) -> dict[str, Layer]:
    assert isinstance(network, NarrowConvNetwork)
    act = _activation(network.activation)
    if part == "encoder":
        conv = _convolution("Conv")
        start = [_shape(1, SIDE, SIDE), conv, act, conv, act]
        return _numbered(part, [*start, _flatten, _gemm, act, _gemm])
    doubling = _convolution("ConvTranspose", output_padding=[1, 1])
    last = _convolution("ConvTranspose", strides=[1, 1])
    start = [_gemm, act, _shape(*NARROW_DECODED[0])]
    return _numbered(part, [*start, doubling, act, doubling, act, last, _flatten])


def _recurrent(network: Network, part: str) -> dict[str, Layer]:
    return {part: _gru_encoder if part == "encoder" else _gru_decoder}


LAYERS: dict[str, Callable[[Network, str], dict[str, Layer]]] = {
    "linear": _linear,
    "shallow": _fully_connected,
    "mlp": _fully_connected,
    "conv": _convolutional,
    "conv-asymmetric": _asymmetric,
    "conv-narrow": _narrow,
    "gru": _recurrent,
}


def _gru_encoder(prefix: str, source: str, target: str) -> list[Node]:
    return [
        *_reshape(f"{prefix}.image", source, f"{prefix}.rows", [-1, ROWS, ROW]),
        Node("Transpose", [f"{prefix}.rows"], [f"{prefix}.steps"], {"perm": [1, 0, 2]}),
        *_gru(f"{prefix}.gru", f"{prefix}.steps", last=f"{prefix}.last"),
        *_reshape(f"{prefix}.state", f"{prefix}.last", f"{prefix}.code", [-1, GRU_HIDDEN]),
        *_gemm(f"{prefix}.head", f"{prefix}.code", target),
    ]


def _gru_decoder(prefix: str, source: str, target: str) -> list[Node]:
    steps, wide = ROWS, GRU_HIDDEN
    shape, states = f"{prefix}.repeat.shape", f"{prefix}.states"
    return [
        *_gemm(f"{prefix}.start", source, f"{prefix}.shown"),
        Node("Constant", [], [shape], {"value_ints": [steps, 1, 1]}),
        # (N, H) is taken as (1, N, H).
        Node("Expand", [f"{prefix}.shown", shape], [f"{prefix}.steps"]),
        *_gru(f"{prefix}.gru", f"{prefix}.steps", every=states),
        # From (28, 1, N, H): the one is the direction.
        Node("Transpose", [states], [f"{states}.turned"], {"perm": [2, 0, 1, 3]}),
        *_reshape(f"{prefix}.state", f"{states}.turned", f"{prefix}.flat", [-1, wide]),
        *_gemm(f"{prefix}.row", f"{prefix}.flat", f"{prefix}.rows"),
        *_reshape(f"{prefix}.image", f"{prefix}.rows", target, [-1, PIXELS]),
    ]


def _gru(name: str, source: str, every: str = "", last: str = "") -> list[Node]:
    """Steps (28, N, wide) -> the states of all of them (28, 1, N, H), or the last one (1, N, H).

    ONNX keeps the gates as update, reset, new; PyTorch as reset, update, new.
    """
    nodes: list[Node] = []
    for kind in ("weight_ih_l0", "weight_hh_l0", "bias_ih_l0", "bias_hh_l0"):
        weights = f"{name}.{kind}"
        gates = [f"{weights}.{gate}" for gate in ("reset", "update", "new")]
        reset, update, new = gates
        nodes += [
            Node("Split", [weights], gates, {"axis": 0, "num_outputs": 3}),
            Node("Concat", [update, reset, new], [f"{weights}.gates"], {"axis": 0}),
        ]
    both = f"{name}.biases"
    biases = [f"{name}.bias_ih_l0.gates", f"{name}.bias_hh_l0.gates"]
    nodes.append(Node("Concat", biases, [both], {"axis": 0}))
    direction = f"{name}.direction"
    nodes.append(Node("Constant", [], [direction], {"value_ints": [0]}))
    inputs = [source]
    for weights in (f"{name}.weight_ih_l0.gates", f"{name}.weight_hh_l0.gates", both):
        inputs.append(f"{weights}.stacked")
        nodes.append(Node("Unsqueeze", [weights, direction], [inputs[-1]]))
    outputs = [every, last] if last else [every]
    options: dict[str, Any] = {"hidden_size": GRU_HIDDEN, "linear_before_reset": 1}
    return [*nodes, Node("GRU", inputs, outputs, options)]


def _reshape(name: str, source: str, output: str, shape: list[int]) -> list[Node]:
    return [
        Node("Constant", [], [f"{name}.shape"], {"value_ints": shape}),
        Node("Reshape", [source, f"{name}.shape"], [output]),
    ]
