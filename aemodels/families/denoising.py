"""The denoising autoencoder: corrupt the input, reconstruct the clean image."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from aemodels.families.base import (
    CORRUPTED,
    Batch,
    Family,
    code_activation_setting,
    corruption_setting,
)
from aemodels.setting import setting

if TYPE_CHECKING:
    import torch

    from aemodels.families.base import Model, Terms


@dataclass(frozen=True)
class Denoising(Family):
    """Vincent et al. 2008, "Extracting and composing robust features"."""

    corruption: str = corruption_setting()
    corruption_level: float = setting(
        0.3, "share of corrupted pixels, or standard deviation of the noise", low=0, high=1
    )
    code_activation: str = code_activation_setting()

    name: ClassVar[str] = "denoising"
    title: ClassVar[str] = "Denoising autoencoder"
    meaning: ClassVar[str] = "denoising autoencoder, which reconstructs clean images"
    defaults: ClassVar[Mapping[str, Any]] = {"latent_dim": 32}

    @property
    def objective_note(self) -> str:
        return CORRUPTED if self.corruption_level else ""

    def objective(self, model: Model, batch: Batch, generator: torch.Generator) -> Terms:
        """E over x̃ ~ q(x̃|x) of error(x, dec(enc(x̃))): Vincent et al. 2008, equation 5."""
        from aemodels.objectives.corruption import corrupt

        corrupted = corrupt(batch.images, self.corruption, self.corruption_level, generator)
        codes, _ = model.encode_parameters(corrupted)  # (N, d)
        error = model.reconstruction_error(codes, batch.images).mean()
        return {"loss": error, "reconstruction": error}
