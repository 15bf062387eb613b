"""Layers with weights from a generator passed in, and the non-linearities between them."""

from collections.abc import Callable
from functools import partial

import torch
from torch import Tensor, nn

from aemodels.architecture import SLOPES
from aemodels.data.images import SIDE

ACTIVATIONS: dict[str, Callable[[], nn.Module]] = {
    "relu": nn.ReLU,
    **{name: partial(nn.LeakyReLU, slope) for name, slope in SLOPES.items()},
    "gelu": nn.GELU,
    "silu": nn.SiLU,
    "elu": nn.ELU,
    "selu": nn.SELU,
    "softplus": nn.Softplus,
    "tanh": nn.Tanh,
    "sigmoid": nn.Sigmoid,
}


def linear(wide_in: int, wide_out: int, generator: torch.Generator) -> nn.Linear:
    """A layer with PyTorch's default weights U(-1/√wide_in, 1/√wide_in), from `generator`."""
    layer = nn.Linear(wide_in, wide_out, device="meta")
    draw_uniform(layer, wide_in**-0.5, generator)
    return layer


@torch.no_grad()
def widen_for_relu(layer: nn.Linear) -> None:
    """Weights as drawn by `linear` become U(-√(6/n), √(6/n)) of n inputs, the biases zero.

    He et al. 2015, "Delving deep into rectifiers", equation 10. With the narrower weights, a
    ReLU code fed by pixels more often ends up 0 for every image, and such a latent stops learning.
    """
    layer.weight.mul_(6**0.5)
    layer.bias.zero_()


def draw_uniform(layer: nn.Module, bound: float, generator: torch.Generator) -> None:
    """Give a layer without memory weights and biases U(-bound, bound)."""
    # It was made without memory, as it would draw from PyTorch's global generator. What does the
    # same, nn.utils.skip_init, takes half a second to import what it needs.
    for name, empty in list(layer.named_parameters()):
        values = torch.empty(empty.shape).uniform_(-bound, bound, generator=generator)
        setattr(layer, name, nn.Parameter(values))


def channels_last(body: nn.Module) -> None:
    """Keep the channels of a pixel side by side, which makes convolutions about twice as fast.

    The numbers and their order in a file stay as they are.
    """
    for parameter in body.parameters():
        if parameter.dim() == 4:
            parameter.data = parameter.data.contiguous(memory_format=torch.channels_last)


class ToPictures(nn.Module):
    """(N, 784) -> (N, 1, 28, 28), the channels of a pixel side by side, of which there is one.

    `nn.Unflatten` gives the same numbers in the same places, but strides that PyTorch takes for the
    other layout; convolutions then go on in that, and are copied from one to the other and back.
    """

    def forward(self, vectors: Tensor) -> Tensor:
        return vectors.reshape(-1, SIDE, SIDE, 1).permute(0, 3, 1, 2)
