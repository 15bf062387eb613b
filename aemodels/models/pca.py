"""PCA as an autoencoder of two linear layers, fitted in closed form by scikit-learn."""

import numpy as np
import torch

from aemodels.config import Config
from aemodels.models.autoencoder import Autoencoder


def fit(config: Config, images: np.ndarray) -> Autoencoder:
    """Images (N, 784) float32 in [0, 1] -> a model that spans their leading principal directions.

    encode: z = W (x - m); decode: x̂ = Wᵀ z + m, with W the components (latent_dim, 784) and m the
    mean image. Hotelling 1933; signs are scikit-learn's deterministic ones.
    """
    # It takes a second to import, which training needn't wait for.
    from sklearn.decomposition import PCA

    # A covariance has half the digits of its data, so it is summed in float64.
    fitted = PCA(config.network.latent_dim, svd_solver="covariance_eigh").fit(
        images.astype(np.float64)
    )
    model = Autoencoder(config)
    weights = {
        "encoder.weight": fitted.components_,
        "encoder.bias": -fitted.components_ @ fitted.mean_,
        "decoder.weight": fitted.components_.T,
        "decoder.bias": fitted.mean_,
    }
    model.load_state_dict(
        {name: torch.tensor(array, dtype=torch.float32) for name, array in weights.items()}
    )
    return model.eval()
