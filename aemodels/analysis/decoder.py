"""What a model with one layer each way says of itself: its atoms, its span, its slopes.

From weights and codes without PyTorch, so pages can ask.
"""

import numpy as np

from aemodels.bundles.bundle import Bundle

SHALLOW = ("linear", "shallow")


def atoms(model: Bundle) -> np.ndarray:
    """(latent_dim, 784): what each latent adds to a picture, signed, before its non-linearity.

    Raises ValueError if the decoder has more than one layer, BundleError if its file changed.
    """
    _check(model)
    name = "decoder.weight" if model.config.network.kind == "linear" else "decoder.0.weight"
    return model.weights()[name].T


def principal_angles(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Angles between the spans of the rows of `a` (d, 784) and `b` (d, 784), degrees, ascending.

    Knyazev & Argentati 2002, "Principal angles between subspaces", algorithm 3.1, as SciPy has it.
    """
    # Most pages don't need it.
    from scipy.linalg import subspace_angles  # type: ignore[import-untyped]

    angles: np.ndarray = np.degrees(subspace_angles(a.T, b.T))
    return np.sort(angles)


def squared_slopes(model: Bundle) -> np.ndarray:
    """(10000,) ‖∂ code / ∂ image‖²_F of each test image, for a sigmoid code.

    Σⱼ (hⱼ (1 - hⱼ))² Σᵢ Wⱼᵢ²: Rifai et al. 2011, "Contractive auto-encoders", section 3. Raises
    ValueError for another network.
    """
    _check(model)
    if model.config.network.kind != "shallow" or model.config.family.code_activation != "sigmoid":
        raise ValueError(f"{model.name}: its code is not one sigmoid layer")
    codes = model.codes()[0].astype(np.float64)
    weights = model.weights()["encoder.0.weight"].astype(np.float64)
    slopes: np.ndarray = (codes * (1 - codes)) ** 2 @ np.square(weights).sum(1)
    return slopes


def _check(model: Bundle) -> None:
    if model.config.network.kind not in SHALLOW:
        raise ValueError(f"{model.name}: has more than one layer each way")
