"""The denoising autoencoder: spoil the picture, ask for the clean one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aemodels.families.base import Batch, Family

if TYPE_CHECKING:
    import torch

    from aemodels.families.base import Terms
    from aemodels.models.autoencoder import Autoencoder


class Denoising(Family):
    """Vincent et al. 2008, "Extracting and composing robust features"."""

    name = "denoising"
    title = "Denoising autoencoder"
    meaning = "denoising autoencoder, which repairs corrupted pictures"
    settings = (*Family.settings, "corruption", "level")
    defaults = {"latent_dim": 32}

    def objective(self, model: Autoencoder, batch: Batch, generator: torch.Generator) -> Terms:
        """E over x̃ ~ q(x̃|x) of error(x, dec(enc(x̃))): Vincent et al. 2008, equation 5."""
        from aemodels.objectives.corruption import corrupt

        config = model.config
        spoilt = corrupt(batch.images, config.corruption, config.level, generator)
        codes, _ = model.head(spoilt)
        error = model.error(codes, batch.images).mean()
        return {"loss": error, "reconstruction": error}
