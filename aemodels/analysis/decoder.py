"""Models with one layer each way, read from weights and codes: atoms, span, activity, slopes.

    from aemodels import bundles
    atoms(bundles.read("zoo/sparse-kl"))        # (100, 784)

Nothing here loads PyTorch, so pages can call it.
"""

from dataclasses import dataclass

import numpy as np

from aemodels.bundles.bundle import Bundle

SHALLOW = ("linear", "shallow")
# An activation above this counts as active.
ACTIVE = 0.1
BINS = 24
# Activations without an upper limit, such as ReLU's, are shown up to this quantile.
TOP_QUANTILE = 0.999


def atoms(model: Bundle) -> np.ndarray:
    """(latent_dim, 784): the signed image that each latent adds before the output activation.

    Raises ValueError if the decoder has more than one layer, BundleError if its file changed.
    """
    _check(model)
    name = "decoder.weight" if model.config.network.kind == "linear" else "decoder.0.weight"
    weights: np.ndarray = model.weights()[name].T
    return weights


@dataclass(frozen=True, eq=False)
class Activity:
    """How often latents are active, over the 10,000 test images."""

    shares: np.ndarray  # (BINS,) of all activations that fall into each bin, sum 1
    middles: np.ndarray  # (BINS,) of the bins
    active: float  # share of activations above `ACTIVE`
    mean: float  # activation
    atoms: np.ndarray  # (latent_dim, 784) times how much each latent varies, the strongest first


def activity(model: Bundle) -> Activity:
    """The histogram of a model's activations, and its atoms scaled by their effect.

    Raises ValueError if the decoder has more than one layer, BundleError if its file changed.
    """
    codes = model.codes().mean
    bounded = model.config.family.code_activation == "sigmoid"
    top = 1.0 if bounded else float(np.quantile(codes, TOP_QUANTILE)) or 1.0
    counts, edges = np.histogram(codes.clip(0, top), bins=BINS, range=(0, top))
    scaled = codes.std(0)[:, None] * atoms(model)
    return Activity(
        shares=counts / counts.sum(),
        middles=(edges[:-1] + edges[1:]) / 2,
        active=float((codes > ACTIVE).mean()),
        mean=float(codes.mean()),
        atoms=scaled[np.argsort(-np.abs(scaled).max(1))],
    )


def truncation_errors(pca: Bundle) -> np.ndarray:
    """(latent_dim,) test squared error of PCA with its first 1, 2, … components, sum over pixels.

    Components are orthonormal, so leaving one out adds the square of its code to the error. Raises
    ValueError for another family, or if the bundle wasn't measured.
    """
    if pca.family != "pca":
        raise ValueError(f"{pca.name}: is not PCA, whose components are orthonormal")
    squares = np.square(pca.codes().mean.astype(np.float64)).mean(0)
    left_out = squares.sum() - np.cumsum(squares)
    errors: np.ndarray = pca.metrics.number("sse") + left_out
    return errors


def principal_angles(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Angles between the spans of the rows of `a` (d, 784) and `b` (d, 784), degrees, ascending.

    Knyazev & Argentati 2002, "Principal angles between subspaces", algorithm 3.1, as SciPy has it.
    """
    # Most pages don't need it.
    from scipy.linalg import subspace_angles  # type: ignore[import-untyped]

    angles: np.ndarray = np.sort(np.degrees(subspace_angles(a.T, b.T)))
    return angles


def squared_slopes(model: Bundle) -> np.ndarray:
    """(10000,) ‖∂ code / ∂ image‖²_F of each test image, for a sigmoid code.

    Σⱼ (hⱼ (1 - hⱼ))² Σᵢ Wⱼᵢ²: Rifai et al. 2011, "Contractive auto-encoders", section 3. Raises
    ValueError for another network.
    """
    _check(model)
    if model.config.network.kind != "shallow" or model.config.family.code_activation != "sigmoid":
        raise ValueError(f"{model.name}: its code is not one sigmoid layer")
    codes = model.codes().mean.astype(np.float64)
    weights = model.weights()["encoder.0.weight"].astype(np.float64)
    slopes: np.ndarray = (codes * (1 - codes)) ** 2 @ np.square(weights).sum(1)
    return slopes


def _check(model: Bundle) -> None:
    if model.config.network.kind not in SHALLOW:
        raise ValueError(f"{model.name}: has more than one layer each way")
