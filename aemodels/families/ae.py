"""The plain autoencoder: redraw the picture from its code."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aemodels.families.base import Batch, Family

if TYPE_CHECKING:
    import torch

    from aemodels.families.base import Terms
    from aemodels.models.autoencoder import Autoencoder


class Plain(Family):
    """Hinton & Salakhutdinov 2006, "Reducing the dimensionality of data with neural networks"."""

    name = "ae"
    title = "Autoencoder"
    meaning = "plain autoencoder"

    def objective(self, model: Autoencoder, batch: Batch, generator: torch.Generator) -> Terms:
        """min Σ error(x, dec(enc(x)))."""
        codes, _ = model.head(batch.images)
        error = model.error(codes, batch.images).mean()
        return {"loss": error, "reconstruction": error}
