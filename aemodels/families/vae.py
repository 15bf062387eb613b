"""The variational autoencoder, and with β other than 1 the β-VAE."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from aemodels.families.base import Batch, Family
from aemodels.setting import setting

if TYPE_CHECKING:
    import torch

    from aemodels.families.base import Model, Terms


@dataclass(frozen=True)
class VAE(Family):
    """Kingma & Welling 2014, "Auto-encoding variational Bayes"."""

    beta: float = setting(1.0, "weight of the KL term", title="β", low=0, high=1000)

    name: ClassVar[str] = "vae"
    title: ClassVar[str] = "VAE"
    meaning: ClassVar[str] = "variational autoencoder, which encodes each image as a distribution"
    variational: ClassVar[bool] = True

    def objective(self, model: Model, batch: Batch, generator: torch.Generator) -> Terms:
        """The negative ELBO with its KL term weighted by β, and one sample of z for each image.

        Kingma & Welling 2014, equation 10 (β = 1); Higgins et al. 2017, "β-VAE", equation 4.
        """
        from aemodels.objectives.divergences import kl_to_standard_normal, reparameterise

        mean, log_var = model.encode_parameters(batch.images)  # (N, d), (N, d)
        assert log_var is not None
        codes = reparameterise(mean, log_var, generator)  # (N, d)
        error = model.reconstruction_error(codes, batch.images).mean()
        kl = kl_to_standard_normal(mean, log_var).sum(1).mean()
        return {"loss": error + self.beta * kl, "reconstruction": error, "kl": kl}

    def cost(self, terms: Mapping[str, float]) -> float:
        """The error plus the KL, weighted by at most 1: with a small β, the KL can be large."""
        return super().cost(terms) + min(1.0, self.beta) * terms.get("kl", 0.0)
