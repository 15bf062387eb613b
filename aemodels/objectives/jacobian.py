"""How strongly a code answers to its picture: the squared Frobenius norm of its Jacobian."""

import torch
from torch import Tensor, nn
from torch.func import jacrev, vmap

from aemodels.models.autoencoder import Autoencoder

CHUNK = 128


def squared_norm(model: Autoencoder, images: Tensor) -> Tensor:
    """(N, 784) -> (N,) ‖∂ code / ∂ image‖²_F; exact, and gradients go through it.

    In closed form for one sigmoid layer, by `torch.func` otherwise.
    """
    # Squares of small slopes: bf16 would lose them.
    with torch.autocast(images.device.type, enabled=False):
        if model.config.network == "shallow" and model.config.code == "sigmoid":
            return of_sigmoid_layer(model, images)
        return by_differentiation(model, images)


def of_sigmoid_layer(model: Autoencoder, images: Tensor) -> Tensor:
    """Σⱼ (hⱼ (1 - hⱼ))² Σᵢ Wⱼᵢ², h = sigmoid(W x + b): Rifai et al. 2011, section 3."""
    assert isinstance(model.encoder, nn.Sequential)
    layer = model.encoder[0]
    assert isinstance(layer, nn.Linear)
    hidden = torch.sigmoid(layer(images))
    return (hidden * (1 - hidden)).square() @ layer.weight.square().sum(1)


def by_differentiation(model: Autoencoder, images: Tensor) -> Tensor:
    """The same for any encoder without recurrence; one backward pass for each latent."""

    def of_one(image: Tensor) -> Tensor:
        return jacrev(lambda x: model.head(x[None])[0][0])(image).square().sum()

    # A Jacobian has 784 numbers for each latent: a test batch's would take gigabytes.
    return vmap(of_one, chunk_size=CHUNK)(images)
