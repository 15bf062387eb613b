"""The sparse autoencoder: few latents speak for each picture, though there may be many."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aemodels.families.base import Batch, Family

if TYPE_CHECKING:
    import torch

    from aemodels.config import Config
    from aemodels.families.base import Terms
    from aemodels.models.autoencoder import Autoencoder


class Sparse(Family):
    """Ng 2011, "Sparse autoencoder", CS294A lecture notes."""

    name = "sparse"
    title = "Sparse autoencoder"
    meaning = "sparse autoencoder, whose latents are mostly silent"
    settings = (*Family.settings, "sparsity", "penalty", "target")
    defaults = {"body": "shallow", "latent_dim": 196, "code": "sigmoid", "penalty": 8.0}

    def check(self, config: Config) -> str | None:
        if config.sparsity == "kl" and config.code != "sigmoid":
            return (
                f"code={config.code}: the KL penalty compares activations between 0 and 1; "
                "use --code sigmoid or --sparsity l1"
            )
        from aemodels.config import SETTINGS

        if config.sparsity == "l1" and config.target != SETTINGS["target"].default:
            return (
                f"target={config.target:g}: has no effect on the L1 penalty; leave --target out "
                "or use --sparsity kl"
            )
        return None

    def objective(self, model: Autoencoder, batch: Batch, generator: torch.Generator) -> Terms:
        """Σ error + λ Ω; Ω = Σⱼ |hⱼ| (Olshausen & Field 1996, equation 2) or Ω = Σⱼ KL(ρ ‖ ρ̂ⱼ), ρ̂ⱼ
        the mean activation of latent j over the batch (Ng 2011, section 3).
        """
        from aemodels.objectives.losses import kl_to_target

        codes, _ = model.head(batch.images)
        error = model.error(codes, batch.images).mean()
        if model.config.sparsity == "l1":
            penalty = codes.abs().sum(1).mean()
        else:
            penalty = kl_to_target(codes.mean(0), model.config.target).sum()
        loss = error + model.config.penalty * penalty
        return {"loss": loss, "reconstruction": error, "penalty": penalty}
