"""Bodies of encoders and decoders. Their weights come from the generator that is passed in."""

from collections.abc import Sequence
from itertools import pairwise

import torch
from torch import nn

ACTIVATIONS: dict[str, type[nn.Module]] = {
    "relu": nn.ReLU,
    "gelu": nn.GELU,
    "silu": nn.SiLU,
    "elu": nn.ELU,
    "tanh": nn.Tanh,
}


def mlp(sizes: Sequence[int], activation: str, generator: torch.Generator) -> nn.Sequential:
    """Linear layers of the given sizes with an activation between them, none after the last."""
    layers: list[nn.Module] = []
    for wide_in, wide_out in pairwise(sizes):
        layers += [linear(wide_in, wide_out, generator), ACTIVATIONS[activation]()]
    return nn.Sequential(*layers[:-1])


def linear(wide_in: int, wide_out: int, generator: torch.Generator) -> nn.Linear:
    """A layer with PyTorch's default weights U(-1/√wide_in, 1/√wide_in), from `generator`."""
    # nn.Linear alone would draw from PyTorch's global generator.
    layer = nn.utils.skip_init(nn.Linear, wide_in, wide_out)
    bound = wide_in**-0.5
    nn.init.uniform_(layer.weight, -bound, bound, generator=generator)
    nn.init.uniform_(layer.bias, -bound, bound, generator=generator)
    return layer
