"""The variational autoencoder, and with β other than 1 the β-VAE."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aemodels.families.base import ALWAYS, BODY, LOOP, MACHINE, Batch, Family

if TYPE_CHECKING:
    import torch

    from aemodels.families.base import Terms
    from aemodels.models.autoencoder import Autoencoder


class Variational(Family):
    """Kingma & Welling 2014, "Auto-encoding variational Bayes"."""

    name = "vae"
    title = "VAE"
    meaning = "variational autoencoder, whose codes are small clouds that overlap"
    variational = True
    settings = (*ALWAYS, *BODY, "beta", *LOOP, *MACHINE)

    def objective(self, model: Autoencoder, batch: Batch, generator: torch.Generator) -> Terms:
        """The negative ELBO with its KL term weighted by β, and one sample of z for each image.

        Kingma & Welling 2014, equation 10 (β = 1); Higgins et al. 2017, "β-VAE", equation 4.
        """
        from aemodels.objectives.losses import kl_to_standard_normal, reparameterise

        mean, log_var = model.head(batch.images)
        assert log_var is not None
        codes = reparameterise(mean, log_var, generator)
        error = model.error(codes, batch.images).mean()
        kl = kl_to_standard_normal(mean, log_var).sum(1).mean()
        return {"loss": error + model.config.beta * kl, "reconstruction": error, "kl": kl}
