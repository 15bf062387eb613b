"""The contractive autoencoder: the code shall hardly move when the picture is nudged."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aemodels.families.base import Batch, Family

if TYPE_CHECKING:
    import torch

    from aemodels.families.base import Terms
    from aemodels.models.autoencoder import Autoencoder


class Contractive(Family):
    """Rifai et al. 2011, "Contractive auto-encoders"."""

    name = "contractive"
    title = "Contractive autoencoder"
    meaning = "contractive autoencoder, whose code hardly moves when the picture is nudged"
    settings = (*Family.settings, "penalty")
    defaults = {"body": "shallow", "latent_dim": 128, "code": "sigmoid", "penalty": 0.1}

    def objective(self, model: Autoencoder, batch: Batch, generator: torch.Generator) -> Terms:
        """Σ error + λ ‖J(x)‖²_F, J the encoder's Jacobian: J_CAE of Rifai et al. 2011."""
        from aemodels.objectives.jacobian import squared_norm

        codes, _ = model.head(batch.images)
        error = model.error(codes, batch.images).mean()
        penalty = squared_norm(model, batch.images).mean()
        loss = error + model.config.penalty * penalty
        return {"loss": loss, "reconstruction": error, "penalty": penalty}
