"""Bodies of encoders and decoders. Their weights come from the generator that is passed in."""

from collections.abc import Sequence
from itertools import pairwise
from math import prod
from typing import Any

import torch
from torch import nn

from aemodels import architecture

ACTIVATIONS: dict[str, type[nn.Module]] = {
    "relu": nn.ReLU,
    "gelu": nn.GELU,
    "silu": nn.SiLU,
    "elu": nn.ELU,
    "tanh": nn.Tanh,
    "sigmoid": nn.Sigmoid,
}


def mlp(sizes: Sequence[int], activation: str, generator: torch.Generator) -> nn.Sequential:
    """Linear layers of the given sizes with an activation between them, none after the last."""
    layers: list[nn.Module] = []
    for wide_in, wide_out in pairwise(sizes):
        layers += [linear(wide_in, wide_out, generator), ACTIVATIONS[activation]()]
    return nn.Sequential(*layers[:-1])


class TiedLinear(nn.Module):
    """The linear layer back through `layer`: its weights transposed, a bias of its own."""

    def __init__(self, layer: nn.Linear, generator: torch.Generator) -> None:
        super().__init__()
        # In a tuple, so that the weights are counted once.
        self._layer = (layer,)
        bound = layer.out_features**-0.5
        values = torch.empty(layer.in_features).uniform_(-bound, bound, generator=generator)
        self.bias = nn.Parameter(values)

    @property
    def weight(self) -> torch.Tensor:
        return self._layer[0].weight.t()

    def forward(self, values: torch.Tensor) -> torch.Tensor:
        return nn.functional.linear(values, self.weight, self.bias)


def tied(encoder: nn.Sequential, activation: str, generator: torch.Generator) -> nn.Sequential:
    """The decoder whose layers are those of the encoder, backwards and transposed."""
    layers: list[nn.Module] = []
    for layer in reversed([part for part in encoder if isinstance(part, nn.Linear)]):
        layers += [TiedLinear(layer, generator), ACTIVATIONS[activation]()]
    return nn.Sequential(*layers[:-1])


def conv_encoder(head: int, activation: str, generator: torch.Generator) -> nn.Sequential:
    """(N, 784) -> two convolutions of stride 2 -> a hidden linear layer -> (N, head)."""
    first, second = architecture.FILTERS
    act, stride = ACTIVATIONS[activation], {"stride": 2, "padding": 1}
    return nn.Sequential(
        nn.Unflatten(1, (1, 28, 28)),
        _convolution(nn.Conv2d, 1, first, generator, **stride),
        act(),
        _convolution(nn.Conv2d, first, second, generator, **stride),
        act(),
        nn.Flatten(),
        linear(prod(architecture.CORNER), architecture.CONV_HIDDEN, generator),
        act(),
        linear(architecture.CONV_HIDDEN, head, generator),
    )


def conv_decoder(latent_dim: int, activation: str, generator: torch.Generator) -> nn.Sequential:
    """(N, latent_dim) -> the way back, with transposed convolutions -> (N, 784)."""
    first, second = architecture.FILTERS
    act, stride = ACTIVATIONS[activation], {"stride": 2, "padding": 1, "output_padding": 1}
    return nn.Sequential(
        linear(latent_dim, architecture.CONV_HIDDEN, generator),
        act(),
        linear(architecture.CONV_HIDDEN, prod(architecture.CORNER), generator),
        act(),
        nn.Unflatten(1, architecture.CORNER),
        _convolution(nn.ConvTranspose2d, second, first, generator, **stride),
        act(),
        _convolution(nn.ConvTranspose2d, first, 1, generator, **stride),
        nn.Flatten(),
    )


class GRUEncoder(nn.Module):
    """(N, 784) as 28 rows of 28 -> a GRU's last state -> (N, head)."""

    def __init__(self, head: int, generator: torch.Generator) -> None:
        super().__init__()
        self.gru = _gru(architecture.ROW, generator)
        self.head = linear(architecture.GRU_HIDDEN, head, generator)

    def forward(self, images: torch.Tensor) -> torch.Tensor:
        states, _ = self.gru(images.reshape(len(images), architecture.ROWS, architecture.ROW))
        return self.head(states[:, -1])


class GRUDecoder(nn.Module):
    """(N, latent_dim), shown to a GRU at each of 28 steps -> a row from each state -> (N, 784)."""

    def __init__(self, latent_dim: int, generator: torch.Generator) -> None:
        super().__init__()
        self.start = linear(latent_dim, architecture.GRU_HIDDEN, generator)
        self.gru = _gru(architecture.GRU_HIDDEN, generator)
        self.row = linear(architecture.GRU_HIDDEN, architecture.ROW, generator)

    def forward(self, codes: torch.Tensor) -> torch.Tensor:
        shown = self.start(codes)[:, None].expand(-1, architecture.ROWS, -1)
        states, _ = self.gru(shown.contiguous())
        return self.row(states).flatten(1)


def _gru(wide_in: int, generator: torch.Generator) -> nn.GRU:
    """Cho et al. 2014, as PyTorch has it: the reset gate after the matrix product."""
    layer = nn.GRU(wide_in, architecture.GRU_HIDDEN, batch_first=True, device="meta")
    _draw(layer, architecture.GRU_HIDDEN**-0.5, generator)
    return layer


def _convolution(
    kind: type[nn.Conv2d] | type[nn.ConvTranspose2d],
    channels_in: int,
    channels_out: int,
    generator: torch.Generator,
    **options: Any,
) -> nn.Conv2d | nn.ConvTranspose2d:
    layer = kind(channels_in, channels_out, architecture.KERNEL, device="meta", **options)
    # The size that PyTorch counts: of a transposed convolution it is the outputs.
    bound = (layer.weight.shape[1] * architecture.KERNEL**2) ** -0.5
    _draw(layer, bound, generator)
    return layer


def channels_last(body: nn.Module) -> None:
    """Keep the channels of a pixel side by side, which makes convolutions about twice as fast.

    The numbers and their order in a file stay as they are.
    """
    for parameter in body.parameters():
        if parameter.dim() == 4:
            parameter.data = parameter.data.contiguous(memory_format=torch.channels_last)


def linear(wide_in: int, wide_out: int, generator: torch.Generator) -> nn.Linear:
    """A layer with PyTorch's default weights U(-1/√wide_in, 1/√wide_in), from `generator`."""
    layer = nn.Linear(wide_in, wide_out, device="meta")
    _draw(layer, wide_in**-0.5, generator)
    return layer


@torch.no_grad()
def widen_for_relu(layer: nn.Linear) -> None:
    """Weights as drawn by `linear` become U(-√(6/n), √(6/n)) of n inputs, the biases zero.

    He et al. 2015, "Delving deep into rectifiers", equation 10. Fed by pixels with the narrower
    ones, a code's ReLU more often ends off for every picture, and such a latent learns no more.
    """
    layer.weight.mul_(6**0.5)
    layer.bias.zero_()


def _draw(layer: nn.Module, bound: float, generator: torch.Generator) -> None:
    # It was made without memory, as it would draw from PyTorch's global generator. What does the
    # same, nn.utils.skip_init, takes half a second to import what it needs.
    for name, empty in list(layer.named_parameters()):
        values = torch.empty(empty.shape).uniform_(-bound, bound, generator=generator)
        setattr(layer, name, nn.Parameter(values))
