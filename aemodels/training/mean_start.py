"""Biases with which a network starts at the mean image, so that it need not learn that first."""

import numpy as np
import torch
from torch import nn

from aemodels.models.autoencoder import Autoencoder
from aemodels.models.networks import TiedLinear

# From here to 1 minus this, a mean pixel has a logit; elsewhere it gets that of the nearer end.
LEAST = 1e-3


@torch.no_grad()
def set_biases(model: Autoencoder, mean: np.ndarray) -> None:
    """Have the first layer see pixels less their `mean` (784,), and the output start there.

    LeCun et al. 1998, "Efficient backprop", section 4.3, asks for inputs whose mean is 0; as
    W (x - mean) + b is W x + (b - W mean), the first bias does that. The last one is the logit of
    the mean, or the mean itself if the output has no sigmoid.
    """
    layers = [part for part in model.modules() if isinstance(part, nn.Linear | TiedLinear)]
    first, last = layers[0], layers[-1]
    # On the CPU: Apple's GPUs have no float64.
    level = torch.tensor(mean, dtype=torch.float64)
    first.bias.sub_((first.weight.cpu().double() @ level).to(first.bias))
    if model.output == "sigmoid":
        level = level.clamp(LEAST, 1 - LEAST).logit()
    last.bias.copy_(level)
