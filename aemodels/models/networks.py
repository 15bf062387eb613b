"""Encoders and decoders of each kind of network. Weights come from a generator passed in."""

from collections.abc import Callable, Sequence
from itertools import pairwise
from math import prod
from typing import Any

import torch
from torch import nn

from aemodels.architecture import (
    CONV_HIDDEN,
    CORNER,
    FILTERS,
    GRU_HIDDEN,
    KERNEL,
    MLP,
    ROW,
    ROWS,
    ConvNetwork,
    Network,
    ShallowNetwork,
)
from aemodels.data.images import PIXELS

ACTIVATIONS: dict[str, type[nn.Module]] = {
    "relu": nn.ReLU,
    "gelu": nn.GELU,
    "silu": nn.SiLU,
    "elu": nn.ELU,
    "tanh": nn.Tanh,
    "sigmoid": nn.Sigmoid,
}


def build(
    network: Network, variational: bool, code_activation: str, generator: torch.Generator
) -> tuple[nn.Module, nn.Module]:
    """Encoder (N, 784) -> (N, head) and decoder (N, latent_dim) -> (N, 784), drawn in this order.

    The encoder ends with the code's activation, the decoder before the output's.
    """
    encoder, decoder = BUILDERS[network.kind](network, variational, generator)
    if code_activation != "linear":
        assert isinstance(encoder, nn.Sequential)
        head = encoder[0]
        if code_activation == "relu" and len(encoder) == 1 and isinstance(head, nn.Linear):
            widen_for_relu(head)
        encoder.append(ACTIVATIONS[code_activation]())
    return encoder, decoder


Built = tuple[nn.Module, nn.Module]


def _linear_network(network: Network, variational: bool, generator: torch.Generator) -> Built:
    encoder = linear(PIXELS, network.head(variational), generator)
    return encoder, linear(network.latent_dim, PIXELS, generator)


def _fully_connected(network: Network, variational: bool, generator: torch.Generator) -> Built:
    assert isinstance(network, MLP | ShallowNetwork)
    activation = network.hidden_activation
    encoder = mlp(network.encoder_sizes(variational), activation, generator)
    if network.tied:
        return encoder, tied(encoder, network.latent_dim, activation, generator)
    return encoder, mlp(network.decoder_sizes(), activation, generator)


def _convolutional(network: Network, variational: bool, generator: torch.Generator) -> Built:
    assert isinstance(network, ConvNetwork)
    encoder = conv_encoder(network.head(variational), network.activation, generator)
    return encoder, conv_decoder(network.latent_dim, network.activation, generator)


def _recurrent(network: Network, variational: bool, generator: torch.Generator) -> Built:
    encoder = GRUEncoder(network.head(variational), generator)
    return encoder, GRUDecoder(network.latent_dim, generator)


BUILDERS: dict[str, Callable[[Network, bool, torch.Generator], Built]] = {
    "linear": _linear_network,
    "shallow": _fully_connected,
    "mlp": _fully_connected,
    "conv": _convolutional,
    "gru": _recurrent,
}


def mlp(sizes: Sequence[int], activation: str, generator: torch.Generator) -> nn.Sequential:
    """Linear layers of the given sizes with an activation between them, none after the last."""
    layers: list[nn.Module] = []
    for wide_in, wide_out in pairwise(sizes):
        layers += [linear(wide_in, wide_out, generator), ACTIVATIONS[activation]()]
    return nn.Sequential(*layers[:-1])


class TiedLinear(nn.Module):
    """The linear layer back through the first `outputs` outputs of `layer`: their weights
    transposed, with its own bias. A VAE's head has twice as many outputs, of which the first are μ.
    """

    def __init__(self, layer: nn.Linear, outputs: int, generator: torch.Generator) -> None:
        super().__init__()
        # In a tuple, so that the weights are counted once.
        self._layer = (layer,)
        self._outputs = outputs
        bound = outputs**-0.5
        values = torch.empty(layer.in_features).uniform_(-bound, bound, generator=generator)
        self.bias = nn.Parameter(values)

    @property
    def weight(self) -> torch.Tensor:
        return self._layer[0].weight[: self._outputs].t()

    def forward(self, values: torch.Tensor) -> torch.Tensor:
        return nn.functional.linear(values, self.weight, self.bias)


def tied(
    encoder: nn.Sequential, latent_dim: int, activation: str, generator: torch.Generator
) -> nn.Sequential:
    """The decoder whose layers are those of the encoder, backwards and transposed."""
    layers: list[nn.Module] = []
    outputs = latent_dim
    for layer in reversed([part for part in encoder if isinstance(part, nn.Linear)]):
        layers += [TiedLinear(layer, outputs, generator), ACTIVATIONS[activation]()]
        outputs = layer.in_features
    return nn.Sequential(*layers[:-1])


def conv_encoder(head: int, activation: str, generator: torch.Generator) -> nn.Sequential:
    """(N, 784) -> two convolutions of stride 2 -> a hidden linear layer -> (N, head)."""
    first, second = FILTERS
    act, stride = ACTIVATIONS[activation], {"stride": 2, "padding": 1}
    return nn.Sequential(
        nn.Unflatten(1, (1, 28, 28)),
        _convolution(nn.Conv2d, 1, first, generator, **stride),
        act(),
        _convolution(nn.Conv2d, first, second, generator, **stride),
        act(),
        nn.Flatten(),
        linear(prod(CORNER), CONV_HIDDEN, generator),
        act(),
        linear(CONV_HIDDEN, head, generator),
    )


def conv_decoder(latent_dim: int, activation: str, generator: torch.Generator) -> nn.Sequential:
    """(N, latent_dim) -> two linear layers -> two transposed convolutions -> (N, 784)."""
    first, second = FILTERS
    act, stride = ACTIVATIONS[activation], {"stride": 2, "padding": 1, "output_padding": 1}
    return nn.Sequential(
        linear(latent_dim, CONV_HIDDEN, generator),
        act(),
        linear(CONV_HIDDEN, prod(CORNER), generator),
        act(),
        nn.Unflatten(1, CORNER),
        _convolution(nn.ConvTranspose2d, second, first, generator, **stride),
        act(),
        _convolution(nn.ConvTranspose2d, first, 1, generator, **stride),
        nn.Flatten(),
    )


class GRUEncoder(nn.Module):
    """(N, 784) as 28 rows of 28 -> a GRU's last state -> (N, head)."""

    def __init__(self, head: int, generator: torch.Generator) -> None:
        super().__init__()
        self.gru = _gru(ROW, generator)
        self.head = linear(GRU_HIDDEN, head, generator)

    def forward(self, images: torch.Tensor) -> torch.Tensor:
        states, _ = self.gru(images.reshape(len(images), ROWS, ROW))
        code: torch.Tensor = self.head(states[:, -1])
        return code


class GRUDecoder(nn.Module):
    """(N, latent_dim), shown to a GRU at each of 28 steps -> a row from each state -> (N, 784)."""

    def __init__(self, latent_dim: int, generator: torch.Generator) -> None:
        super().__init__()
        self.start = linear(latent_dim, GRU_HIDDEN, generator)
        self.gru = _gru(GRU_HIDDEN, generator)
        self.row = linear(GRU_HIDDEN, ROW, generator)

    def forward(self, codes: torch.Tensor) -> torch.Tensor:
        shown = self.start(codes)[:, None].expand(-1, ROWS, -1)
        states, _ = self.gru(shown.contiguous())
        rows: torch.Tensor = self.row(states)
        return rows.flatten(1)


def _gru(wide_in: int, generator: torch.Generator) -> nn.GRU:
    """Cho et al. 2014, as PyTorch has it: the reset gate after the matrix product."""
    layer = nn.GRU(wide_in, GRU_HIDDEN, batch_first=True, device="meta")
    draw_uniform(layer, GRU_HIDDEN**-0.5, generator)
    return layer


def _convolution(
    kind: type[nn.Conv2d] | type[nn.ConvTranspose2d],
    channels_in: int,
    channels_out: int,
    generator: torch.Generator,
    **options: Any,
) -> nn.Conv2d | nn.ConvTranspose2d:
    layer = kind(channels_in, channels_out, KERNEL, device="meta", **options)
    # The size that PyTorch counts: of a transposed convolution it is the outputs.
    bound = (layer.weight.shape[1] * KERNEL**2) ** -0.5
    draw_uniform(layer, bound, generator)
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
