"""Encoder and decoder as ONNX graphs, for browsers and other runtimes.

`linked` graphs hold no weights: each initialiser is ONNX external data that points at its bytes in
weights.safetensors, so a bundle stores nothing twice. `standalone` graphs have theirs inside.

encoder: `images` (N, 784) -> `codes` (N, latent_dim) and, for a VAE, `log_var` (N, latent_dim).
decoder: `codes` (N, latent_dim) -> `images` (N, 784). N is free.

The graphs are built layer by layer; torch.onnx.export would bring one more dependency, seconds of
work and warnings, for the same few nodes.
"""

import json
import struct
from typing import Any

from onnx import (
    ModelProto,
    NodeProto,
    TensorProto,
    ValueInfoProto,
    checker,
    helper,
    numpy_helper,
)
from torch import nn

from aemodels.architecture import GRU_HIDDEN, ROW, ROWS
from aemodels.data.images import PIXELS
from aemodels.models.autoencoder import Autoencoder, tensors
from aemodels.models.networks import GRUDecoder, GRUEncoder, TiedLinear

# Gelu asks for 20, and IR version 10 came with it. Newer ones would exclude runtimes for no gain.
OPSET, IR_VERSION = 20, 10

OPERATORS: dict[type[nn.Module], str] = {
    nn.ReLU: "Relu",
    nn.GELU: "Gelu",
    nn.ELU: "Elu",
    nn.Tanh: "Tanh",
    nn.Sigmoid: "Sigmoid",
}


def linked(model: Autoencoder, weights: bytes, location: str) -> tuple[bytes, bytes]:
    """Encoder and decoder with their weights in the safetensors file `location` next to them.

    `weights` is that file's content; only its header is used.
    """
    (length,) = struct.unpack("<Q", weights[:8])
    header = json.loads(weights[8 : 8 + length])

    def reference(name: str, shape: tuple[int, ...]) -> TensorProto:
        begin, end = header[name]["data_offsets"]
        place = {"location": location, "offset": 8 + length + begin, "length": end - begin}
        tensor = TensorProto(name=name, data_type=TensorProto.FLOAT, dims=shape)
        tensor.data_location = TensorProto.EXTERNAL
        for key, value in place.items():
            tensor.external_data.add(key=key, value=str(value))
        return tensor

    protos = [reference(name, array.shape) for name, array in tensors(model).items()]
    return _encoder(model, protos).SerializeToString(), _decoder(model, protos).SerializeToString()


def standalone(model: Autoencoder) -> tuple[bytes, bytes]:
    """Encoder and decoder with their weights inside."""
    protos = [numpy_helper.from_array(array, name) for name, array in tensors(model).items()]
    encoder, decoder = _encoder(model, protos), _decoder(model, protos)
    for graph in (encoder, decoder):
        checker.check_model(graph, full_check=True)
    return encoder.SerializeToString(), decoder.SerializeToString()


def _encoder(model: Autoencoder, weights: list[TensorProto]) -> ModelProto:
    images, codes = _value("images", PIXELS), _value("codes", model.latent_dim)
    if not model.variational:
        nodes = _nodes(model.encoder, "encoder", "images", "codes")
        return _model("encoder", nodes, weights, images, [codes])
    nodes = _nodes(model.encoder, "encoder", "images", "head")
    nodes.append(helper.make_node("Split", ["head"], ["codes", "log_var"], axis=1, num_outputs=2))
    outputs = [codes, _value("log_var", model.latent_dim)]
    return _model("encoder", nodes, weights, images, outputs)


def _decoder(model: Autoencoder, weights: list[TensorProto]) -> ModelProto:
    images, codes = _value("images", PIXELS), _value("codes", model.latent_dim)
    plain = model.output == "linear"
    nodes = _nodes(model.decoder, "decoder", "codes", "images" if plain else "logits")
    if not plain:
        operator = "Relu" if model.output == "relu" else "Sigmoid"
        nodes.append(helper.make_node(operator, ["logits"], ["images"]))
    return _model("decoder", nodes, weights, codes, [images])


def _nodes(body: nn.Module, prefix: str, source: str, target: str) -> list[NodeProto]:
    """One network, layer by layer: the value `source` in, the value `target` out."""
    if isinstance(body, GRUEncoder | GRUDecoder):
        write = _gru_encoder if isinstance(body, GRUEncoder) else _gru_decoder
        return write(prefix, source, target)
    layers = {prefix: body}
    if isinstance(body, nn.Sequential):
        layers = {f"{prefix}.{name}": layer for name, layer in body.named_children()}
    nodes: list[NodeProto] = []
    for name, layer in layers.items():
        output = target if layer is list(layers.values())[-1] else f"{name}.output"
        nodes += _layer(layer, name, source, output)
        source = output
    return nodes


def _layer(layer: nn.Module, name: str, source: str, output: str) -> list[NodeProto]:
    if isinstance(layer, nn.Linear | TiedLinear):
        return [_gemm(name, source, output)]
    if isinstance(layer, nn.Conv2d | nn.ConvTranspose2d):
        return [_convolution(layer, name, source, output)]
    if isinstance(layer, nn.Flatten):
        return [helper.make_node("Flatten", [source], [output])]
    if isinstance(layer, nn.Unflatten):
        # 0 keeps N as it is.
        return _reshape(name, source, output, [0, *layer.unflattened_size])
    if isinstance(layer, nn.SiLU):
        gate = f"{name}.gate"
        return [
            helper.make_node("Sigmoid", [source], [gate]),
            helper.make_node("Mul", [source, gate], [output]),
        ]
    return [helper.make_node(OPERATORS[type(layer)], [source], [output])]


def _convolution(
    layer: nn.Conv2d | nn.ConvTranspose2d, name: str, source: str, output: str
) -> NodeProto:
    options: dict[str, Any] = {
        "kernel_shape": layer.kernel_size,
        "strides": layer.stride,
        # Before, then after; PyTorch's is the same on both sides.
        "pads": [*layer.padding, *layer.padding],
    }
    if isinstance(layer, nn.ConvTranspose2d):
        options["output_padding"] = layer.output_padding
    kind = "ConvTranspose" if isinstance(layer, nn.ConvTranspose2d) else "Conv"
    inputs = [source, f"{name}.weight", f"{name}.bias"]
    return helper.make_node(kind, inputs, [output], **options)


def _gru_encoder(prefix: str, source: str, target: str) -> list[NodeProto]:
    return [
        *_reshape(f"{prefix}.image", source, f"{prefix}.rows", [-1, ROWS, ROW]),
        helper.make_node("Transpose", [f"{prefix}.rows"], [f"{prefix}.steps"], perm=[1, 0, 2]),
        *_gru(f"{prefix}.gru", f"{prefix}.steps", last=f"{prefix}.last"),
        *_reshape(f"{prefix}.state", f"{prefix}.last", f"{prefix}.code", [-1, GRU_HIDDEN]),
        _gemm(f"{prefix}.head", f"{prefix}.code", target),
    ]


def _gru_decoder(prefix: str, source: str, target: str) -> list[NodeProto]:
    steps, wide = ROWS, GRU_HIDDEN
    shape, states = f"{prefix}.repeat.shape", f"{prefix}.states"
    return [
        _gemm(f"{prefix}.start", source, f"{prefix}.shown"),
        helper.make_node("Constant", [], [shape], value_ints=[steps, 1, 1]),
        # (N, H) is taken as (1, N, H).
        helper.make_node("Expand", [f"{prefix}.shown", shape], [f"{prefix}.steps"]),
        *_gru(f"{prefix}.gru", f"{prefix}.steps", every=states),
        # From (28, 1, N, H): the one is the direction.
        helper.make_node("Transpose", [states], [f"{states}.turned"], perm=[2, 0, 1, 3]),
        *_reshape(f"{prefix}.state", f"{states}.turned", f"{prefix}.flat", [-1, wide]),
        _gemm(f"{prefix}.row", f"{prefix}.flat", f"{prefix}.rows"),
        *_reshape(f"{prefix}.image", f"{prefix}.rows", target, [-1, PIXELS]),
    ]


def _gru(name: str, source: str, every: str = "", last: str = "") -> list[NodeProto]:
    """Steps (28, N, wide) -> the states of all of them (28, 1, N, H), or the last one (1, N, H).

    ONNX keeps the gates as update, reset, new; PyTorch as reset, update, new.
    """
    nodes: list[NodeProto] = []
    for kind in ("weight_ih_l0", "weight_hh_l0", "bias_ih_l0", "bias_hh_l0"):
        tensor = f"{name}.{kind}"
        gates = [f"{tensor}.{gate}" for gate in ("reset", "update", "new")]
        reset, update, new = gates
        nodes += [
            helper.make_node("Split", [tensor], gates, axis=0, num_outputs=3),
            helper.make_node("Concat", [update, reset, new], [f"{tensor}.gates"], axis=0),
        ]
    both = f"{name}.biases"
    biases = [f"{name}.bias_ih_l0.gates", f"{name}.bias_hh_l0.gates"]
    nodes.append(helper.make_node("Concat", biases, [both], axis=0))
    direction = f"{name}.direction"
    nodes.append(helper.make_node("Constant", [], [direction], value_ints=[0]))
    inputs = [source]
    for tensor in (f"{name}.weight_ih_l0.gates", f"{name}.weight_hh_l0.gates", both):
        inputs.append(f"{tensor}.stacked")
        nodes.append(helper.make_node("Unsqueeze", [tensor, direction], [inputs[-1]]))
    options: dict[str, Any] = {"hidden_size": GRU_HIDDEN, "linear_before_reset": 1}
    return [*nodes, helper.make_node("GRU", inputs, [every, last] if last else [every], **options)]


def _gemm(name: str, source: str, output: str) -> NodeProto:
    return helper.make_node("Gemm", [source, f"{name}.weight", f"{name}.bias"], [output], transB=1)


def _reshape(name: str, source: str, output: str, shape: list[int]) -> list[NodeProto]:
    return [
        helper.make_node("Constant", [], [f"{name}.shape"], value_ints=shape),
        helper.make_node("Reshape", [source, f"{name}.shape"], [output]),
    ]


def _value(name: str, width: int) -> ValueInfoProto:
    return helper.make_tensor_value_info(name, TensorProto.FLOAT, ["N", width])


def _model(
    name: str,
    nodes: list[NodeProto],
    weights: list[TensorProto],
    source: ValueInfoProto,
    outputs: list[ValueInfoProto],
) -> ModelProto:
    own = [tensor for tensor in weights if tensor.name.startswith(f"{name}.")]
    return helper.make_model(
        helper.make_graph(nodes, name, [source], outputs, own),
        producer_name="aemodels",
        ir_version=IR_VERSION,
        opset_imports=[helper.make_opsetid("", OPSET)],
    )
