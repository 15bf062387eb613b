"""Loads a bundle's model: the one place where bundles need PyTorch."""

from pathlib import Path

import torch

from aemodels.bundles import bundle
from aemodels.models.autoencoder import Autoencoder


def load(source: bundle.Bundle | Path | str) -> Autoencoder:
    """The trained model of a bundle, on the CPU. Raises BundleError if the bundle is damaged."""
    found = source if isinstance(source, bundle.Bundle) else bundle.read(source)
    model = Autoencoder(found.config)
    state = {name: torch.tensor(array) for name, array in found.weights().items()}
    model.load_state_dict({name: state[name] for name in model.state_dict()})
    return model.eval()
