"""The corruption of a denoising autoencoder's input."""

import torch
from torch import Tensor

KINDS = ("masking", "salt-pepper", "gaussian")


def corrupt(values: Tensor, kind: str, level: float, generator: torch.Generator) -> Tensor:
    """(N, d) in [0, 1] -> the same shape, corrupted to a `level` from 0 to 1.

    `masking` sets each value to 0 with that probability; `salt-pepper` to 0 or 1, with equal
    probability; `gaussian` adds noise of that standard deviation, unclipped. Vincent et al. 2010,
    section 3.3. Raises ValueError for another kind.
    """
    shape, device = values.shape, values.device
    if kind == "gaussian":
        return values + level * torch.randn(shape, generator=generator, device=device)
    hit = torch.rand(shape, generator=generator, device=device) < level
    if kind == "masking":
        return values.masked_fill(hit, 0)
    if kind == "salt-pepper":
        white = torch.rand(shape, generator=generator, device=device) < 0.5
        return torch.where(hit, white.to(values), values)
    raise ValueError(f"kind={kind}: must be {', '.join(KINDS[:-1])} or {KINDS[-1]}")
