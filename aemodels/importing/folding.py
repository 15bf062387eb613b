"""What changes numbers by a factor and a sum alone, put into the layer beside it.

Batch normalisation outside training is y = γ (x - mean) / √(variance + ε) + β, channel by channel
(Ioffe and Szegedy 2015, algorithm 2); the layer before it can have both in its weights and bias.
"""

from dataclasses import replace

import numpy as np

from aemodels.importing.layers import ForeignError, Step, Weighted


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
    if (variance < 0).any():
        raise ForeignError(f"a batch normalisation behind {before.words} has a negative variance")
    scale = statistics.get("weight", np.ones(outputs)) / np.sqrt(variance + eps)
    shift = statistics.get("bias", np.zeros(outputs)) - scale * statistics["running_mean"]
    axes = (
        (1, -1, 1, 1) if before.kind == "conv_transpose" else (-1, *[1] * (before.weight.ndim - 1))
    )
    return replace(
        before,
        weight=(before.weight * scale.reshape(axes)).astype(np.float32),
        bias=(before.bias * scale + shift).astype(np.float32),
    )


def normalised_input(first: Step | None, mean: float, std: float) -> Weighted:
    """The first layer of a network that takes (x - mean) / std, so that it takes x.

    Raises ForeignError unless it is a linear one: a convolution's padding would be another grey.
    """
    if not isinstance(first, Weighted) or first.kind != "linear":
        raise ForeignError(
            f"its input is normalised and goes into {first.words if first else 'nothing'}; "
            "needed is a linear layer, since the border of a convolution can't be normalised so"
        )
    weight = first.weight.astype(np.float64) / std
    bias = first.bias - mean * weight.sum(1)
    return replace(first, weight=weight.astype(np.float32), bias=bias.astype(np.float32))
