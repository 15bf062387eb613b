"""What makes each kind of model itself: the objective that training minimises.

A new family is one function here, its line in OBJECTIVES, and its line in `config.FAMILIES`. The
training loop knows none of them.
"""

from collections.abc import Callable

import torch
from torch import Tensor

from aemodels.model import Autoencoder
from aemodels.objectives import bce, kl_to_standard_normal, reparameterise, squared_error

# Takes the model, images (N, 784) float32 in [0, 1] and the generator of its noise; returns terms,
# each a scalar, mean over the images. `loss` is what to minimise, the others are its parts.
Terms = dict[str, Tensor]
Objective = Callable[[Autoencoder, Tensor, torch.Generator], Terms]


def autoencoder(model: Autoencoder, images: Tensor, generator: torch.Generator) -> Terms:
    """The reconstruction error.

    Hinton & Salakhutdinov 2006, "Reducing the dimensionality of data with neural networks".
    """
    codes, _ = model.head(images)
    error = reconstruction_error(model, codes, images).mean()
    return {"loss": error, "reconstruction": error}


def variational(model: Autoencoder, images: Tensor, generator: torch.Generator) -> Terms:
    """The negative ELBO with its KL term weighted by β, and one sample of z for each image.

    Kingma & Welling 2014, equation 10 (β = 1); Higgins et al. 2017, "β-VAE", equation 4.
    """
    mean, log_var = model.head(images)
    assert log_var is not None
    codes = reparameterise(mean, log_var, generator)
    error = reconstruction_error(model, codes, images).mean()
    kl = kl_to_standard_normal(mean, log_var).sum(1).mean()
    return {"loss": error + model.config.beta * kl, "reconstruction": error, "kl": kl}


def reconstruction_error(model: Autoencoder, codes: Tensor, images: Tensor) -> Tensor:
    """Cross-entropy or squared error of the decoded codes, as the settings choose; (N,)."""
    logits = model.logits(codes)
    if model.config.objective == "bce":
        return bce(logits, images)
    return squared_error(model.picture(logits), images)


OBJECTIVES: dict[str, Objective] = {"vae": variational, "ae": autoencoder}
