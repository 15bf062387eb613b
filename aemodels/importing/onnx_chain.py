"""From an ONNX graph to layers: the graph must be a chain, which may end in two heads or halves."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from aemodels.architecture import SLOPES
from aemodels.bundles.checks import shown
from aemodels.importing import folding
from aemodels.importing.layers import (
    Activation,
    ForeignError,
    ForeignModel,
    Reshape,
    Step,
    Weighted,
    joined,
)
from aemodels.importing.onnx_file import Graph, Node

ACTIVATIONS = {
    "Relu": "relu",
    "Gelu": "gelu",
    "Elu": "elu",
    "Selu": "selu",
    "Softplus": "softplus",
    "Tanh": "tanh",
    "Sigmoid": "sigmoid",
}
# What an output for log σ² may be called.
VARIANCE = re.compile(r"log_?var|variance|log_?sigma")


@dataclass(frozen=True, eq=False)
class Flowing:
    """A value that is computed from the input: by these steps; `half` of the result, 0 or 1, or all
    of it; and whether a bias may still be added to the last of them.
    """

    steps: tuple[Step, ...] = ()
    half: int | None = None
    unbiased: bool = False


Given = list[Flowing | np.ndarray]
Values = dict[str, Flowing | np.ndarray]
Made = Sequence[Flowing | np.ndarray]


def model(encoder: Graph, decoder: Graph) -> ForeignModel:
    """The layers of both graphs.

    The encoder has one output, the codes, or two: μ and log σ², in this order unless their names
    say otherwise. Raises ForeignError if a graph isn't such a chain.
    """
    found = _outputs(encoder, "encoder")
    pictures = _outputs(decoder, "decoder")
    if len(found) not in (1, 2) or len(pictures) != 1:
        raise ForeignError(
            f"the encoder has {len(found)} outputs and the decoder {len(pictures)}; needed are the "
            "codes, or μ and log σ², and one for the pictures"
        )
    if [bool(VARIANCE.search(name.lower())) for name in encoder.outputs] == [True, False]:
        found.reverse()
    if any(each.half is not None for each in pictures):
        raise ForeignError("the decoder gives one half of a Split; needed are whole pictures")
    return ForeignModel(_head(found), pictures[0].steps, len(found) == 2)


def _head(found: list[Flowing]) -> tuple[Step, ...]:
    """The encoder's steps up to its head, which gives μ and log σ² side by side."""
    if len(found) == 1:
        if found[0].half is not None:
            raise ForeignError("the encoder gives one half of a Split; needed are both")
        return found[0].steps
    mean, log_var = found
    if mean.half is not None or log_var.half is not None:
        if (mean.half, log_var.half) != (0, 1) or mean.steps != log_var.steps:
            raise ForeignError("the encoder's outputs aren't the two halves of one Split, in order")
        return mean.steps
    before, heads = (mean.steps[:-1], log_var.steps[:-1]), (mean.steps[-1:], log_var.steps[-1:])
    layers = [each for head in heads for each in head if isinstance(each, Weighted)]
    if before[0] != before[1] or len(layers) != 2:
        raise ForeignError(
            "the encoder's outputs don't come from two layers that take the same value; "
            "needed are two heads on one chain"
        )
    return (*before[0], joined(*layers))


def _outputs(graph: Graph, part: str) -> list[Flowing]:
    """What each output of the graph is computed by."""
    if len(graph.inputs) != 1:
        raise ForeignError(f"the {part} has {len(graph.inputs)} inputs; needed is one")
    values: Values = {**graph.tensors, graph.inputs[0]: Flowing()}
    for node in graph.nodes:
        _run(node, values)
    found = []
    for name in graph.outputs:
        value = values.get(name)
        if not isinstance(value, Flowing):
            raise ForeignError(f"the {part}'s output {shown(name)} isn't computed from its input")
        found.append(value)
    return found


def _run(node: Node, values: Values) -> None:
    """Add the outputs of one operator to the values."""
    given: Given = []
    for name in node.inputs:
        if name and name not in values:
            raise ForeignError(
                f"{node.operator} takes {shown(name)}, which nothing before it gives; "
                "needed are operators in the order in which they are computed"
            )
        if name:
            given.append(values[name])
    made = _OPERATORS[node.operator](node, given)
    for name, value in zip(node.outputs, made, strict=False):
        if name in values:
            raise ForeignError(f"it gives the value {shown(name)} twice")
        values[name] = value


def _split_up(node: Node, given: Given, most: int) -> tuple[Flowing, list[np.ndarray]]:
    """The value on the chain, which comes first, and up to so many constants."""
    constants = [each for each in given[1:] if isinstance(each, np.ndarray)]
    flowing = given[0] if given else None
    whole = isinstance(flowing, Flowing) and flowing.half is None
    if not whole or len(constants) != len(given) - 1 or len(constants) > most:
        raise ForeignError(
            f"{node.operator} doesn't take one value and then weights; needed is a chain of layers"
        )
    assert isinstance(flowing, Flowing)
    return flowing, constants


def _check(node: Node, **needed: Any) -> None:
    """Raise ForeignError if an attribute is another than here; one that is missing is right."""
    for name, value in needed.items():
        found = node.attributes.get(name, value)
        if found != value:
            raise ForeignError(
                f"{node.operator} has {name} {shown(str(found))}; needed is {shown(str(value))}"
            )


def _name(node: Node) -> str:
    """What a sentence calls the layer: the name of its weights."""
    return shown(node.inputs[1]) if len(node.inputs) > 1 else node.operator


def _linear(node: Node, weight: np.ndarray, bias: np.ndarray | None) -> Weighted:
    if weight.ndim != 2:
        raise ForeignError(f"{_name(node)} has the shape {weight.shape}; needed are two axes")
    return Weighted(_name(node), "linear", weight, _bias(node, bias, len(weight)))


def _bias(node: Node, bias: np.ndarray | None, outputs: int) -> np.ndarray:
    if bias is None:
        return np.zeros(outputs, np.float32)
    if bias.size != 1 and (bias.size, bias.shape[-1]) != (outputs, outputs):
        raise ForeignError(
            f"{_name(node)} has a bias of the shape {bias.shape}; needed is ({outputs},)"
        )
    return np.broadcast_to(bias.reshape(-1), (outputs,)).astype(np.float32)


def _gemm(node: Node, given: Given) -> list[Flowing]:
    flowing, constants = _split_up(node, given, 2)
    _check(node, alpha=1.0, beta=1.0, transA=0)
    if not constants:
        raise ForeignError("Gemm has no weights inside the file")
    weight = constants[0] if node.attributes.get("transB", 0) else constants[0].T
    layer = _linear(node, weight, constants[1] if len(constants) > 1 else None)
    return [Flowing((*flowing.steps, layer))]


def _matmul(node: Node, given: Given) -> list[Flowing]:
    flowing, constants = _split_up(node, given, 1)
    if not constants:
        raise ForeignError("MatMul has no weights inside the file")
    return [Flowing((*flowing.steps, _linear(node, constants[0].T, None)), unbiased=True)]


def _add(node: Node, given: Given) -> list[Flowing]:
    if given and isinstance(given[0], np.ndarray):
        given = given[::-1]
    flowing, constants = _split_up(node, given, 1)
    last = flowing.steps[-1] if flowing.steps else None
    if not flowing.unbiased or not constants or not isinstance(last, Weighted):
        raise ForeignError("Add doesn't add a bias to a MatMul; needed is a chain of layers")
    bias = _bias(node, constants[0], last.outputs)
    layer = Weighted(last.name, last.kind, last.weight, bias, last.stride, last.padding)
    return [Flowing((*flowing.steps[:-1], layer))]


def _convolution(kind: Literal["conv", "conv_transpose"]) -> Callable[[Node, Given], list[Flowing]]:
    def made(node: Node, given: Given) -> list[Flowing]:
        flowing, constants = _split_up(node, given, 2)
        if not constants or constants[0].ndim != 4:
            raise ForeignError(f"{node.operator} has no weights of four axes inside the file")
        weight = constants[0]
        _check(
            node,
            group=1,
            dilations=[1, 1],
            auto_pad=b"NOTSET",
            kernel_shape=list(weight.shape[2:]),
            output_shape=None,
        )
        strides = _numbers(node, "strides", 2, 1)
        above, left, below, right = _numbers(node, "pads", 4, 0)
        more_below, more_right = _numbers(node, "output_padding", 2, 0)
        outputs = weight.shape[1 if kind == "conv_transpose" else 0]
        bias = _bias(node, constants[1] if len(constants) > 1 else None, outputs)
        padding = (above, left, below - more_below, right - more_right)
        layer = Weighted(_name(node), kind, weight, bias, (strides[0], strides[1]), padding)
        return [Flowing((*flowing.steps, layer))]

    return made


def _batch_norm(node: Node, given: Given) -> list[Flowing]:
    flowing, constants = _split_up(node, given, 4)
    _check(node, training_mode=0)
    if len(constants) != 4:
        raise ForeignError("BatchNormalization doesn't have its four tensors inside the file")
    parts = ("weight", "bias", "running_mean", "running_var")
    eps = node.attributes.get("epsilon", 1e-5)
    if not isinstance(eps, float):
        raise ForeignError("BatchNormalization has an epsilon that is no number")
    last = flowing.steps[-1] if flowing.steps else None
    layer = folding.batch_norm(last, dict(zip(parts, constants, strict=True)), eps)
    return [Flowing((*flowing.steps[:-1], layer))]


def _numbers(node: Node, name: str, count: int, usual: int) -> list[int]:
    found = node.attributes.get(name, [usual] * count)
    if not isinstance(found, list) or len(found) != count:
        raise ForeignError(f"{node.operator} has {name} {shown(str(found))}; needed are {count}")
    return found


def _activation(node: Node, given: Given) -> list[Flowing]:
    flowing, _ = _split_up(node, given, 0)
    _check(node, approximate=b"none")
    if node.operator == "Elu":
        _check(node, alpha=1.0)
    return [Flowing((*flowing.steps, Activation(ACTIVATIONS[node.operator])))]


def _leaky_relu(node: Node, given: Given) -> list[Flowing]:
    flowing, _ = _split_up(node, given, 0)
    alpha = node.attributes.get("alpha", 0.01)
    for name, slope in SLOPES.items():
        # The file has 24 bits of it.
        if isinstance(alpha, float) and np.float32(alpha) == np.float32(slope):
            return [Flowing((*flowing.steps, Activation(name)))]
    raise ForeignError(
        f"LeakyRelu has alpha {shown(f'{alpha:.4g}' if isinstance(alpha, float) else str(alpha))}; "
        f"needed is {' or '.join(map(str, SLOPES.values()))}"
    )


def _mul(node: Node, given: Given) -> list[Flowing]:
    """SiLU is x times its sigmoid."""
    if len(given) == 2 and all(isinstance(each, Flowing) and each.half is None for each in given):
        short, long = sorted(
            (each for each in given if isinstance(each, Flowing)), key=lambda one: len(one.steps)
        )
        *before, last = long.steps or (None,)
        if tuple(before) == short.steps and last == Activation("sigmoid"):
            return [Flowing((*short.steps, Activation("silu")))]
    raise ForeignError("Mul isn't the one of SiLU, x times its sigmoid; needed is a chain")


def _flatten(node: Node, given: Given) -> list[Flowing]:
    flowing, _ = _split_up(node, given, 0)
    _check(node, axis=1)
    return [Flowing((*flowing.steps, Reshape()))]


def _reshape(node: Node, given: Given) -> list[Flowing]:
    flowing, constants = _split_up(node, given, 1)
    sizes = [int(size) for size in constants[0].reshape(-1)] if constants else []
    if not 2 <= len(sizes) <= 4 or any(size < 1 for size in sizes[1:] if sizes[1:] != [-1]):
        raise ForeignError(
            f"Reshape has the sizes {sizes[:9]}; needed are those of a batch and of one image"
        )
    return [Flowing((*flowing.steps, Reshape(None if sizes[1:] == [-1] else tuple(sizes[1:]))))]


def _split(node: Node, given: Given) -> list[Flowing]:
    flowing, constants = _split_up(node, given, 1)
    last = flowing.steps[-1] if flowing.steps else None
    if node.attributes.get("axis", 0) not in (1, -1) or not isinstance(last, Weighted):
        raise ForeignError("Split doesn't halve the result of a layer; needed are μ and log σ²")
    sizes = constants[0].reshape(-1).tolist() if constants else node.attributes.get("split")
    halves = [last.outputs // 2] * 2
    if len(node.outputs) != 2 or last.outputs % 2 or (sizes is not None and sizes != halves):
        raise ForeignError(f"Split doesn't give two halves of {last.outputs} numbers")
    return [Flowing(flowing.steps, half) for half in (0, 1)]


def _same(node: Node, given: Given) -> Made:
    """Identity, and Dropout, which does nothing outside training."""
    if node.operator == "Identity" and len(given) == 1 and isinstance(given[0], np.ndarray):
        return [given[0]]
    flowing, _ = _split_up(node, given, 2)
    return [flowing]


def _constant(node: Node, given: Given) -> list[np.ndarray]:
    for name in ("value", "value_ints", "value_int", "value_float"):
        if name in node.attributes:
            return [np.asarray(node.attributes[name])]
    raise ForeignError("Constant holds no numbers")


_OPERATORS: dict[str, Callable[[Node, Given], Made]] = {
    "Gemm": _gemm,
    "MatMul": _matmul,
    "Add": _add,
    "Conv": _convolution("conv"),
    "ConvTranspose": _convolution("conv_transpose"),
    "BatchNormalization": _batch_norm,
    **dict.fromkeys(ACTIVATIONS, _activation),
    "LeakyRelu": _leaky_relu,
    "Mul": _mul,
    "Flatten": _flatten,
    "Reshape": _reshape,
    "Split": _split,
    "Identity": _same,
    "Dropout": _same,
    "Constant": _constant,
}
