"""Encoders and decoders of each kind of network. Weights come from a generator passed in."""

from collections.abc import Callable, Sequence
from itertools import pairwise

import torch
from torch import nn

from aemodels.architecture import (
    GRU_HIDDEN,
    MLP,
    ROW,
    ROWS,
    AsymmetricConvNetwork,
    ConvNetwork,
    NarrowConvNetwork,
    Network,
    ShallowNetwork,
)
from aemodels.data.images import PIXELS
from aemodels.models.convolutional import (
    asymmetric_decoder,
    asymmetric_encoder,
    conv_decoder,
    conv_encoder,
    narrow_decoder,
    narrow_encoder,
)
from aemodels.models.dropout import DropoutActivation
from aemodels.models.layers import ACTIVATIONS, draw_uniform, linear, widen_for_relu


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
    encoder = mlp(network.encoder_sizes(variational), activation, generator, network.dropout)
    if network.tied:
        return encoder, tied(encoder, network.latent_dim, activation, generator)
    return encoder, mlp(network.decoder_sizes(), activation, generator)


def _convolutional(network: Network, variational: bool, generator: torch.Generator) -> Built:
    assert isinstance(network, ConvNetwork)
    encoder = conv_encoder(network.head(variational), network.activation, generator)
    return encoder, conv_decoder(network.latent_dim, network.activation, generator)


def _asymmetric(network: Network, variational: bool, generator: torch.Generator) -> Built:
    assert isinstance(network, AsymmetricConvNetwork)
    encoder = asymmetric_encoder(network.head(variational), network.activation, generator)
    return encoder, asymmetric_decoder(network.latent_dim, network.activation, generator)


def _narrow(network: Network, variational: bool, generator: torch.Generator) -> Built:
    assert isinstance(network, NarrowConvNetwork)
    encoder = narrow_encoder(network.head(variational), network.activation, generator)
    return encoder, narrow_decoder(network.latent_dim, network.activation, generator)


def _recurrent(network: Network, variational: bool, generator: torch.Generator) -> Built:
    encoder = GRUEncoder(network.head(variational), generator)
    return encoder, GRUDecoder(network.latent_dim, generator)


BUILDERS: dict[str, Callable[[Network, bool, torch.Generator], Built]] = {
    "linear": _linear_network,
    "shallow": _fully_connected,
    "mlp": _fully_connected,
    "conv": _convolutional,
    "conv-asymmetric": _asymmetric,
    "conv-narrow": _narrow,
    "gru": _recurrent,
}


def mlp(
    sizes: Sequence[int], activation: str, generator: torch.Generator, dropout: float = 0.0
) -> nn.Sequential:
    """Linear layers of the given sizes with an activation between them, none after the last.

    In training each activation drops that share of its outputs.
    """
    layers: list[nn.Module] = []
    for wide_in, wide_out in pairwise(sizes):
        act = ACTIVATIONS[activation]()
        layers += [
            linear(wide_in, wide_out, generator),
            DropoutActivation(act, dropout) if dropout else act,
        ]
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
