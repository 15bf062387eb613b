"""Principal component analysis, the baseline: one linear layer each way, solved exactly."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from aemodels.architecture import Network
from aemodels.data.images import PIXELS
from aemodels.families.base import Family
from aemodels.setting import SettingError


@dataclass(frozen=True)
class PCA(Family):
    """Hotelling 1933; `aemodels.models.pca` solves it."""

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
