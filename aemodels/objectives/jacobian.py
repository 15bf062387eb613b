"""How strongly a code reacts to its input: the squared Frobenius norm of the encoder's Jacobian."""

from collections.abc import Callable

import torch
from torch import Tensor, nn
from torch.func import functional_call, jacrev, vmap

from aemodels.objectives.losses import at_least_float32

CHUNK = 128


def of_encoder(encoder: nn.Module, images: Tensor) -> Tensor:
    """(N, 784) -> (N,) ‖∂ code / ∂ image‖²_F; exact, and gradients go through it.

    In closed form for one sigmoid layer, by `torch.func` otherwise.
    """
    # Squares of small slopes: bf16 would lose them.
    with torch.autocast(images.device.type, enabled=False):
        layers = list(encoder.children())
        if len(layers) == 2:
            layer, activation = layers
            if isinstance(layer, nn.Linear) and isinstance(activation, nn.Sigmoid):
                return of_sigmoid_layer(layer, images)
        return by_differentiation(_in_float32(encoder), images)


def of_sigmoid_layer(layer: nn.Linear, images: Tensor) -> Tensor:
    """Σⱼ (hⱼ (1 - hⱼ))² Σᵢ Wⱼᵢ², h = sigmoid(W x + b): Rifai et al. 2011, section 3."""
    weight = at_least_float32(layer.weight)
    hidden = torch.sigmoid(_in_float32(layer)(images))  # (N, d)
    return (hidden * (1 - hidden)).square() @ weight.square().sum(1)


def by_differentiation(encode: Callable[[Tensor], Tensor], images: Tensor) -> Tensor:
    """The same for any encoder without recurrence; one backward pass for each latent."""

    def of_one(image: Tensor) -> Tensor:
        jacobian: Tensor = jacrev(lambda x: encode(x[None])[0])(image)  # (d, 784)
        return jacobian.square().sum()

    # A Jacobian has 784 numbers for each latent: a test batch's would take gigabytes.
    return vmap(of_one, chunk_size=CHUNK)(images)


def _in_float32(module: nn.Module) -> Callable[[Tensor], Tensor]:
    """The module, computed in float32 if its weights are bf16; gradients go to those weights."""
    parameters = dict(module.named_parameters())
    wide = {name: at_least_float32(parameter) for name, parameter in parameters.items()}
    return lambda images: functional_call(module, wide, (images,))
