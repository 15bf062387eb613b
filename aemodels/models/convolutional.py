"""Encoders and decoders of convolutions."""

from math import prod
from typing import Any

import torch
from torch import Tensor, nn

from aemodels.architecture import (
    CONV_HIDDEN,
    CORNER,
    DECODED,
    ENCODED,
    FILTERS,
    KERNEL,
    NARROW_DECODED,
    NARROW_HIDDEN,
)
from aemodels.models.layers import ACTIVATIONS, ToPictures, draw_uniform, linear


def conv_encoder(
    head: int, activation: str, generator: torch.Generator, hidden: int = CONV_HIDDEN
) -> nn.Sequential:
    """(N, 784) -> two convolutions of stride 2 -> a hidden linear layer -> (N, head)."""
    first, second = FILTERS
    act, stride = ACTIVATIONS[activation], {"stride": 2, "padding": 1}
    return nn.Sequential(
        ToPictures(),
        _convolution(nn.Conv2d, 1, first, generator, **stride),
        act(),
        _convolution(nn.Conv2d, first, second, generator, **stride),
        # Before the activation, so that it and its gradient see one order of the numbers.
        nn.Flatten(),
        act(),
        linear(prod(CORNER), hidden, generator),
        act(),
        linear(hidden, head, generator),
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
        _convolution(TransposedConvolution, second, first, generator, **stride),
        act(),
        _convolution(TransposedConvolution, first, 1, generator, **stride),
        nn.Flatten(),
    )


def asymmetric_encoder(head: int, activation: str, generator: torch.Generator) -> nn.Sequential:
    """(N, 784) -> two convolutions of stride 2 without padding -> (N, head)."""
    first, second = FILTERS
    act = ACTIVATIONS[activation]
    return nn.Sequential(
        ToPictures(),
        _convolution(nn.Conv2d, 1, first, generator, stride=2),
        act(),
        _convolution(nn.Conv2d, first, second, generator, stride=2),
        # Before the activation, so that it and its gradient see one order of the numbers.
        nn.Flatten(),
        act(),
        linear(prod(ENCODED[-1]), head, generator),
    )


def asymmetric_decoder(
    latent_dim: int, activation: str, generator: torch.Generator
) -> nn.Sequential:
    """(N, latent_dim) -> a linear layer -> three transposed convolutions -> (N, 784)."""
    start, middle, end = (channels for channels, *_ in DECODED)
    act = ACTIVATIONS[activation]
    return nn.Sequential(
        linear(latent_dim, prod(DECODED[0]), generator),
        act(),
        nn.Unflatten(1, DECODED[0]),
        _convolution(DoublingConvTranspose2d, start, middle, generator, stride=2),
        act(),
        _convolution(DoublingConvTranspose2d, middle, end, generator, stride=2),
        act(),
        _convolution(TransposedConvolution, end, 1, generator, padding=1),
        nn.Flatten(),
    )


def narrow_encoder(head: int, activation: str, generator: torch.Generator) -> nn.Sequential:
    """(N, 784) -> two convolutions of stride 2 -> 16 numbers -> (N, head)."""
    return conv_encoder(head, activation, generator, NARROW_HIDDEN)


def narrow_decoder(latent_dim: int, activation: str, generator: torch.Generator) -> nn.Sequential:
    """(N, latent_dim) -> a linear layer -> three transposed convolutions -> (N, 784)."""
    start, middle, end = (channels for channels, *_ in NARROW_DECODED)
    act, doubling = ACTIVATIONS[activation], {"stride": 2, "padding": 1, "output_padding": 1}
    return nn.Sequential(
        linear(latent_dim, prod(NARROW_DECODED[0]), generator),
        act(),
        nn.Unflatten(1, NARROW_DECODED[0]),
        _convolution(TransposedConvolution, start, middle, generator, **doubling),
        act(),
        _convolution(TransposedConvolution, middle, end, generator, **doubling),
        act(),
        _convolution(TransposedConvolution, end, 1, generator, padding=1),
        nn.Flatten(),
    )


class TransposedConvolution(nn.ConvTranspose2d):
    """PyTorch's, with the bias added to its result: as a part of it, on a CPU, the bias takes two
    fifths of the backward pass in bf16.
    """

    def forward(self, values: Tensor, output_size: list[int] | None = None) -> Tensor:
        assert self.bias is not None
        result = nn.functional.conv_transpose2d(
            values,
            self.weight,
            stride=self.stride,
            padding=self.padding,  # type: ignore[arg-type]
            output_padding=self.output_padding,
        )
        return result + self.bias.to(result.dtype)[:, None, None]


class DoublingConvTranspose2d(TransposedConvolution):
    """A transposed convolution of kernel 3 and stride 2 with Keras' padding "same".

    (N, C, h, w) -> (N, C', 2h, 2w): of the 2h + 1 rows and 2w + 1 columns the last ones are cut
    off. PyTorch's `padding=1, output_padding=1` cuts off the first ones.
    """

    def forward(self, values: Tensor, output_size: list[int] | None = None) -> Tensor:
        return super().forward(values, output_size)[..., :-1, :-1]


def _convolution(
    kind: type[nn.Conv2d] | type[TransposedConvolution],
    channels_in: int,
    channels_out: int,
    generator: torch.Generator,
    **options: Any,
) -> nn.Conv2d | TransposedConvolution:
    layer = kind(channels_in, channels_out, KERNEL, device="meta", **options)
    # The size that PyTorch counts: of a transposed convolution it is the outputs.
    bound = (layer.weight.shape[1] * KERNEL**2) ** -0.5
    draw_uniform(layer, bound, generator)
    return layer
