"""What changes numbers by a factor and a sum alone, put into the layer beside it.

Batch normalisation outside training is y = γ (x - mean) / √(variance + ε) + β, channel by channel
(Ioffe and Szegedy 2015, algorithm 2); the layer before it can have both in its weights and bias.
"""

from dataclasses import replace

import numpy as np

from aemodels.importing.layers import ForeignError, Step, Weighted
from aemodels.importing.tensors import checked


def batch_norm(before: Step | None, statistics: dict[str, np.ndarray], eps: float) -> Weighted:
    """The layer before a batch normalisation, with that in its weights.

    `statistics` are `running_mean` and `running_var`, and `weight` and `bias` where it has them,
    (outputs,) each. Raises ForeignError if there is no layer, or a size is another.
    """
    if not isinstance(before, Weighted):
        raise ForeignError(
            "a batch normalisation stands behind "
            f"{before.words if before else 'nothing'}; needed is a layer with weights"
        )
    outputs = before.outputs
    for name, array in statistics.items():
        if array.shape != (outputs,):
            raise ForeignError(
                f"a batch normalisation behind {before.words} has a {name} of the shape "
                f"{array.shape}; needed is ({outputs},)"
            )
    variance = statistics["running_var"].astype(np.float64)
    if not (variance + eps > 0).all():
        raise ForeignError(
            f"a batch normalisation behind {before.words} has a variance that isn't above 0"
        )
    scale = statistics.get("weight", np.ones(outputs)) / np.sqrt(variance + eps)
    shift = statistics.get("bias", np.zeros(outputs)) - scale * statistics["running_mean"]
    axes = (
        (1, -1, 1, 1) if before.kind == "conv_transpose" else (-1, *[1] * (before.weight.ndim - 1))
    )
    return _replaced(before, before.weight * scale.reshape(axes), before.bias * scale + shift)


def normalised_input(first: Step | None, mean: float, std: float) -> Weighted:
    """The first layer of a network that takes (x - mean) / std, so that it takes x.

    Raises ForeignError unless it is a linear one: a convolution's padding would be another grey.
    """
    if not isinstance(first, Weighted) or first.kind != "linear":
        raise ForeignError(
            f"its input is normalised and goes into {first.words if first else 'nothing'}; "
            "needed is a linear layer, since the border of a convolution can't be normalised so"
        )
    with np.errstate(over="ignore", invalid="ignore"):
        weight = first.weight.astype(np.float64) / std
        return _replaced(first, weight, first.bias - mean * weight.sum(1))


def _replaced(layer: Weighted, weight: np.ndarray, bias: np.ndarray) -> Weighted:
    """The layer with other weights. Raises ForeignError if they don't fit into float32."""
    name = f"the layer {layer.words} with its normalisation"
    return replace(layer, weight=checked(name, weight), bias=checked(name, bias))
