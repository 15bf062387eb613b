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

from aemodels.data import PIXELS
from aemodels.model import Autoencoder, tensors

# Gelu asks for 20, and IR version 10 came with it. Newer ones would shut out runtimes for nothing.
OPSET, IR_VERSION = 20, 10

OPERATORS: dict[type[nn.Module], str] = {
    nn.ReLU: "Relu",
    nn.GELU: "Gelu",
    nn.ELU: "Elu",
    nn.Tanh: "Tanh",
}


def linked(model: Autoencoder, weights: bytes, location: str) -> tuple[bytes, bytes]:
    """Encoder and decoder that read their weights from the safetensors file `location` beside them.

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
    images, codes = _value("images", PIXELS), _value("codes", model.config.latent_dim)
    if not model.variational:
        nodes = _nodes(model.encoder, "encoder", "images", "codes")
        return _model("encoder", nodes, weights, images, [codes])
    nodes = _nodes(model.encoder, "encoder", "images", "head")
    nodes.append(helper.make_node("Split", ["head"], ["codes", "log_var"], axis=1, num_outputs=2))
    outputs = [codes, _value("log_var", model.config.latent_dim)]
    return _model("encoder", nodes, weights, images, outputs)


def _decoder(model: Autoencoder, weights: list[TensorProto]) -> ModelProto:
    images, codes = _value("images", PIXELS), _value("codes", model.config.latent_dim)
    nodes = _nodes(model.decoder, "decoder", "codes", "images" if model.linear else "logits")
    if not model.linear:
        nodes.append(helper.make_node("Sigmoid", ["logits"], ["images"]))
    return _model("decoder", nodes, weights, codes, [images])


def _nodes(body: nn.Module, prefix: str, source: str, target: str) -> list[NodeProto]:
    """One body, layer by layer: the value `source` in, the value `target` out."""
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
    if isinstance(layer, nn.Linear):
        inputs = [source, f"{name}.weight", f"{name}.bias"]
        return [helper.make_node("Gemm", inputs, [output], transB=1)]
    if isinstance(layer, nn.Conv2d | nn.ConvTranspose2d):
        return [_convolution(layer, name, source, output)]
    if isinstance(layer, nn.Flatten):
        return [helper.make_node("Flatten", [source], [output])]
    if isinstance(layer, nn.Unflatten):
        shape = f"{name}.shape"
        return [
            # 0 keeps N as it is.
            helper.make_node("Constant", [], [shape], value_ints=[0, *layer.unflattened_size]),
            helper.make_node("Reshape", [source, shape], [output]),
        ]
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
