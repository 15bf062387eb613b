"""Pictures as a model was trained to see them: grey, or black and white."""

import numpy as np

from aemodels.data import vectors

SEED = 0


def seen(images: np.ndarray, pixels: str) -> np.ndarray:
    """(N, 28, 28) uint8 -> (N, 784) float32 in [0, 1], as the setting `pixels` says.

    `dynamic` is one draw with a fixed seed, each pixel white with the probability of its grey level
    (Salakhutdinov & Murray 2008); in training it is another one at each step.
    """
    grey = vectors(images)
    if pixels == "threshold":
        return (grey > 0.5).astype(np.float32)
    if pixels == "dynamic":
        noise = np.random.default_rng(SEED).random(grey.shape, np.float32)
        return (noise < grey).astype(np.float32)
    return grey
