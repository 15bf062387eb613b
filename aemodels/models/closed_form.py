"""Models of families that are solved, not trained."""

import numpy as np
import torch

from aemodels.config import Config
from aemodels.models.autoencoder import Autoencoder


def solve(config: Config, images: np.ndarray) -> Autoencoder:
    """Images (N, 784) float32 in [0, 1] -> the model with the weights that the family finds."""
    model = Autoencoder(config)
    weights = config.family.solve(config.network.latent_dim, images)
    model.load_state_dict(
        {name: torch.tensor(array, dtype=torch.float32) for name, array in weights.items()}
    )
    return model.eval()
