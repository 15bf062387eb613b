"""Encoder and decoder as ONNX graphs, for browsers and other runtimes.

Inside a bundle the graphs hold no weights: each initialiser is ONNX external data that points at its bytes in
weights.safetensors, so nothing is stored twice. `standalone` gives graphs with their weights inside.

encoder: `images` (N, 784) -> `codes` (N, latent_dim) and, for a VAE, `log_var` (N, latent_dim).
decoder: `codes` (N, latent_dim) -> `images` (N, 784). N is free.
"""

import json
import struct

import numpy as np
from onnx import ModelProto, NodeProto, TensorProto, checker, helper, numpy_helper
from torch import nn

from aemodels.data import PIXELS
from aemodels.model import Autoencoder, tensors

# Gelu needs 20; IR version 10 goes with it. Newer ones shut out older runtimes for nothing.
OPSET, IR_VERSION = 20, 10


def graphs(model: Autoencoder, weights: bytes, location: str) -> tuple[bytes, bytes]:
    """Encoder and decoder whose weights are byte ranges of the safetensors file `weights`, named `location`."""
    (length,) = struct.unpack("<Q", weights[:8])
    header = json.loads(weights[8 : 8 + length])

    def reference(name: str, array: np.ndarray) -> TensorProto:
        begin, end = header[name]["data_offsets"]
        tensor = TensorProto(name=name, data_type=TensorProto.FLOAT, dims=array.shape)
        tensor.data_location = TensorProto.EXTERNAL
        place = {"location": location, "offset": 8 + length + begin, "length": end - begin}
        for key, value in place.items():
            tensor.external_data.add(key=key, value=str(value))
        return tensor

    arrays = tensors(model)
    proto = {name: reference(name, array) for name, array in arrays.items()}
    return _encoder(model, proto).SerializeToString(), _decoder(model, proto).SerializeToString()


def standalone(model: Autoencoder) -> tuple[bytes, bytes]:
    """Encoder and decoder with their weights inside."""
    proto = {name: numpy_helper.from_array(array, name) for name, array in tensors(model).items()}
    encoder, decoder = _encoder(model, proto), _decoder(model, proto)
    for graph in (encoder, decoder):
        checker.check_model(graph, full_check=True)
    return encoder.SerializeToString(), decoder.SerializeToString()


def _encoder(model: Autoencoder, weights: dict[str, TensorProto]) -> ModelProto:
    latent_dim = model.config.latent_dim
    if not model.variational:
        nodes = _nodes(model.encoder, "encoder", "images", "codes")
        return _model("encoder", nodes, weights, ("images", PIXELS), [("codes", latent_dim)])
    nodes = _nodes(model.encoder, "encoder", "images", "head")
    nodes.append(helper.make_node("Split", ["head"], ["codes", "log_var"], axis=1, num_outputs=2))
    outputs = [("codes", latent_dim), ("log_var", latent_dim)]
    return _model("encoder", nodes, weights, ("images", PIXELS), outputs)


def _decoder(model: Autoencoder, weights: dict[str, TensorProto]) -> ModelProto:
    if model.linear:
        nodes = _nodes(model.decoder, "decoder", "codes", "images")
    else:
        nodes = _nodes(model.decoder, "decoder", "codes", "logits")
        nodes.append(helper.make_node("Sigmoid", ["logits"], ["images"]))
    codes = ("codes", model.config.latent_dim)
    return _model("decoder", nodes, weights, codes, [("images", PIXELS)])


def _nodes(body: nn.Module, prefix: str, source: str, target: str) -> list[NodeProto]:
    """One body, layer by layer: the value `source` in, the value `target` out."""
    layers = [(prefix, body)]
    if isinstance(body, nn.Sequential):
        layers = [(f"{prefix}.{name}", layer) for name, layer in body.named_children()]
    nodes: list[NodeProto] = []
    for index, (name, layer) in enumerate(layers):
        output = target if index == len(layers) - 1 else f"{name}.output"
        nodes += _layer(layer, name, source, output)
        source = output
    return nodes


def _layer(layer: nn.Module, name: str, source: str, output: str) -> list[NodeProto]:
    match layer:
        case nn.Linear():
            inputs = [source, f"{name}.weight", f"{name}.bias"]
            return [helper.make_node("Gemm", inputs, [output], transB=1)]
        case nn.SiLU():
            gate = f"{name}.gate"
            return [
                helper.make_node("Sigmoid", [source], [gate]),
                helper.make_node("Mul", [source, gate], [output]),
            ]
        case nn.ReLU() | nn.GELU() | nn.ELU() | nn.Tanh():
            operator = {"ReLU": "Relu", "GELU": "Gelu", "ELU": "Elu", "Tanh": "Tanh"}
            return [helper.make_node(operator[type(layer).__name__], [source], [output])]
        case _:
            raise TypeError(f"no ONNX operator is known for a layer of type {type(layer).__name__}")


def _model(
    name: str,
    nodes: list[NodeProto],
    weights: dict[str, TensorProto],
    source: tuple[str, int],
    outputs: list[tuple[str, int]],
) -> ModelProto:
    def value(name: str, width: int):  # type: ignore[no-untyped-def]
        return helper.make_tensor_value_info(name, TensorProto.FLOAT, ["N", width])

    own = [tensor for key, tensor in weights.items() if key.split(".")[0] == name]
    graph = helper.make_graph(nodes, name, [value(*source)], [value(*out) for out in outputs], own)
    return helper.make_model(
        graph,
        producer_name="aemodels",
        ir_version=IR_VERSION,
        opset_imports=[helper.make_opsetid("", OPSET)],
    )
