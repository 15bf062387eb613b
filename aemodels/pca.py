"""PCA as an autoencoder of two linear layers, fitted in closed form by scikit-learn."""

import numpy as np
import torch
from sklearn.decomposition import PCA

from aemodels.config import Config
from aemodels.model import Autoencoder


def fit(config: Config, images: np.ndarray) -> Autoencoder:
    """Images (N, 784) float32 in [0, 1] -> the model whose decoder spans the leading principal directions.

    encode: z = W (x - m); decode: x̂ = Wᵀ z + m, with W the (latent_dim, 784) components and m the mean image.
    Pearson 1901; Hotelling 1933. Signs are scikit-learn's deterministic ones.
    """
    # The covariance loses half the digits of the data, so it is summed in float64.
    found = PCA(config.latent_dim, svd_solver="covariance_eigh").fit(images.astype(np.float64))
    model = Autoencoder(config)
    weights = {
        "encoder.weight": found.components_,
        "encoder.bias": -found.components_ @ found.mean_,
        "decoder.weight": found.components_.T,
        "decoder.bias": found.mean_,
    }
    model.load_state_dict(
        {name: torch.tensor(array, dtype=torch.float32) for name, array in weights.items()}
    )
    return model.eval()
