"""Dropout: units that are left out at random while a network is trained."""

import copy

import torch
from torch import Tensor, nn


class DropoutActivation(nn.Module):
    """An activation that in training sets each output to 0 with the probability `share` and divides
    the others by 1 - share; otherwise the activation alone.

    Srivastava et al. 2014, "Dropout: a simple way to prevent neural networks from overfitting",
    section 10. One module, so that the layers around it keep their numbers. Its noise comes from
    `generator`, which `draw_from` sets and copies share.
    """

    def __init__(self, activation: nn.Module, share: float) -> None:
        super().__init__()
        self.activation = activation
        self.share = share
        self.generator: torch.Generator | None = None

    def forward(self, values: Tensor) -> Tensor:
        hidden: Tensor = self.activation(values)
        if not self.training:
            return hidden
        if self.generator is None:
            raise RuntimeError("dropout without a generator: call draw_from first")
        kept = 1 - self.share
        mask = _coins(hidden, kept, self.generator) * (1 / kept)
        return hidden * mask.to(hidden.dtype)

    def __deepcopy__(self, memo: dict[int, object]) -> "DropoutActivation":
        other = DropoutActivation(copy.deepcopy(self.activation, memo), self.share)
        other.generator = self.generator
        return other.train(self.training)


def _coins(like: Tensor, share: float, generator: torch.Generator) -> Tensor:
    """True with that probability, to within 2⁻¹⁷ on a CPU; of the same shape, on the same device.

    A CPU draws 64 bits nearly as fast as one number, and 16 are enough for a coin.
    """
    if like.device.type != "cpu":
        return torch.rand(like.shape, generator=generator, device=like.device) < share
    count = like.numel()
    bits = torch.empty(-(-count // 4), dtype=torch.int64).random_(
        -(2**63), None, generator=generator
    )
    coins = bits.view(torch.int16)[:count].view(like.shape)
    # A share that rounds to 1 would overflow.
    return coins < min(round(share * 2**16) - 2**15, 2**15 - 1)


def draw_from(generator: torch.Generator, model: nn.Module) -> None:
    """Let every dropout in `model` draw from this generator, on the model's device."""
    for part in model.modules():
        if isinstance(part, DropoutActivation):
            part.generator = generator
