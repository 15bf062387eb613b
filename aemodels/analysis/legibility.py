"""How legible a model's random pictures are, and what the reader says of pictures in general.

    legible_share(aemodels.load("vae-2"), codes, reader.load())     # of 1,000 draws

A measure of holes: in a space without them, every code decodes to something that can be read.
"""

import numpy as np

from aemodels.models.autoencoder import Autoencoder
from aemodels.reader import LEGIBLE, Reader

DRAWS = 1000


def legible_share(
    model: Autoencoder, codes: np.ndarray, reader: Reader, draws: int = DRAWS, seed: int = 0
) -> float:
    """The share of decoded random codes that the reader reads with at least 90 %.

    Codes (N, d) of images; `draw_codes` says how random ones are drawn.
    """
    images = model.decode(draw_codes(model, codes, draws, seed))
    return float(legible(reader.read(images)).mean())


def draw_codes(model: Autoencoder, codes: np.ndarray, draws: int, seed: int = 0) -> np.ndarray:
    """(draws, d) float32 from a VAE's prior N(0, I); for others from the Gaussian fitted to codes.

    Codes (N, d) of images; the Gaussian has their mean and covariance.
    """
    generator = np.random.default_rng(seed)
    if model.variational:
        return generator.standard_normal((draws, model.latent_dim)).astype(np.float32)
    codes = codes.astype(np.float64)
    covariance = np.atleast_2d(np.cov(codes, rowvar=False))
    # By eigenvectors, since inactive latents make it singular.
    found = generator.multivariate_normal(codes.mean(0), covariance, draws, method="eigh")
    return found.astype(np.float32)


def legible(probabilities: np.ndarray) -> np.ndarray:
    """(N, 10) from the reader -> (N,) bool: whether one class has at least 90 %."""
    found: np.ndarray = probabilities.max(1) >= LEGIBLE
    return found
