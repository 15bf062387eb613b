"""Principal component analysis, the baseline: one linear layer each way, solved exactly."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from aemodels.architecture import Network
from aemodels.data.images import PIXELS
from aemodels.families.base import Family
from aemodels.setting import SettingError

if TYPE_CHECKING:
    import numpy as np


@dataclass(frozen=True)
class PCA(Family):
    """Hotelling 1933, "Analysis of a complex of statistical variables into principal
    components".
    """

    name: ClassVar[str] = "pca"
    title: ClassVar[str] = "PCA"
    meaning: ClassVar[str] = "principal component analysis"
    closed_form: ClassVar[bool] = True
    networks: ClassVar[tuple[str, ...]] = ("linear",)

    def check(self, network: Network, train_images: int) -> SettingError | None:
        if train_images < 2:
            problem, remedy = "one image has no variance", "for example {train_images} 60000"
            return SettingError("train_images", str(train_images), problem, remedy)
        if network.latent_dim <= min(PIXELS, train_images):
            return None
        if network.latent_dim > PIXELS:
            problem = f"pca has at most {PIXELS}"
            return SettingError("latent_dim", str(network.latent_dim), problem, "for example 30")
        return SettingError(
            "train_images",
            str(train_images),
            f"pca with {network.latent_dim} latents needs at least as many images",
            f"for example {{train_images}} {network.latent_dim}",
        )

    def solve(self, latent_dim: int, images: np.ndarray) -> dict[str, np.ndarray]:
        """Weights that span the leading principal directions of images (N, 784) float32 in [0, 1].

        encode: z = W (x - m); decode: x̂ = Wᵀ z + m, with W the components (latent_dim, 784) and m
        the mean image. Solved by scikit-learn; signs are its deterministic ones.
        """
        import numpy as np

        # It takes a second to import, which training needn't wait for.
        from sklearn import decomposition

        # A covariance has half the digits of its data, so it is summed in float64.
        solver = decomposition.PCA(latent_dim, svd_solver="covariance_eigh")
        fitted = solver.fit(images.astype(np.float64))
        return {
            "encoder.weight": fitted.components_,
            "encoder.bias": -fitted.components_ @ fitted.mean_,
            "decoder.weight": fitted.components_.T,
            "decoder.bias": fitted.mean_,
        }
