"""Loads a bundle's model: the one place where bundles need PyTorch."""

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import torch

from aemodels.bundles import bundle
from aemodels.config import Config
from aemodels.models.autoencoder import Autoencoder


def load(source: bundle.Bundle | Path | str) -> Autoencoder:
    """The trained model of a bundle, on the CPU. Raises BundleError if the bundle is damaged."""
    found = source if isinstance(source, bundle.Bundle) else bundle.read(source)
    return restore(found.config, found.weights())


def restore(config: Config, weights: Mapping[str, np.ndarray]) -> Autoencoder:
    """The model with these weights by name, float32 or float16, on the CPU."""
    model = Autoencoder(config)
    state = {name: torch.tensor(array, dtype=torch.float32) for name, array in weights.items()}
    model.load_state_dict({name: state[name] for name in model.state_dict()})
    return model.eval()
