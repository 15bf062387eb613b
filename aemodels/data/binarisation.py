"""Binarisation: images as a model was trained on them, grey or black and white."""

import numpy as np

from aemodels.data.images import to_vectors

SEED = 0


def binarise(images: np.ndarray, binarisation: str) -> np.ndarray:
    """(N, 28, 28) uint8 -> (N, 784) float32 in [0, 1], by the setting `binarisation`.

    `stochastic` is one draw with a fixed seed, each pixel white with the probability of its grey
    level (Salakhutdinov & Murray 2008); in training, a new one is drawn at each step.
    """
    grey = to_vectors(images)
    if binarisation == "threshold":
        return (grey > 0.5).astype(np.float32)
    if binarisation == "stochastic":
        noise = np.random.default_rng(SEED).random(grey.shape, np.float32)
        return (noise < grey).astype(np.float32)
    return grey
