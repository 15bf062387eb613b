"""Safetensors files as others save them, with random weights; no PyTorch."""

from collections.abc import Mapping

import numpy as np
import safetensors.numpy

Tensors = dict[str, np.ndarray]
PYTORCH = {
    "fc1": (8, 784),
    "fc21": (3, 8),
    "fc22": (3, 8),
    "fc3": (8, 3),
    "fc4": (784, 8),
}


def tensors(layers: Mapping[str, tuple[int, ...]] = PYTORCH, seed: int = 0) -> Tensors:
    """Weights and biases of these layers, (outputs, inputs)."""
    draw = np.random.default_rng(seed)
    found: Tensors = {}
    for name, shape in layers.items():
        found[f"{name}.weight"] = draw.normal(0, 0.1, shape).astype(np.float32)
        found[f"{name}.bias"] = draw.normal(0, 0.1, shape[0]).astype(np.float32)
    return found


def packed(found: Tensors) -> bytes:
    """The bytes of the file."""
    return safetensors.numpy.save(found)
