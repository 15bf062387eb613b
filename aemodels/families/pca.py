"""Principal component analysis, the baseline: one linear layer each way, solved exactly."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from aemodels.architecture import Network
from aemodels.data.images import PIXELS
from aemodels.families.base import Family


@dataclass(frozen=True)
class PCA(Family):
    """Hotelling 1933; `aemodels.models.pca` solves it."""

    name: ClassVar[str] = "pca"
    title: ClassVar[str] = "PCA"
    meaning: ClassVar[str] = "principal component analysis"
    closed_form: ClassVar[bool] = True
    networks: ClassVar[tuple[str, ...]] = ("linear",)

    def check(self, network: Network, train_images: int) -> str | None:
        if train_images < 2:
            return "train_images=1: one image has no variance; for example --train-images 60000"
        if network.latent_dim <= min(PIXELS, train_images):
            return None
        if network.latent_dim > PIXELS:
            return f"latent_dim={network.latent_dim}: pca has at most {PIXELS}; for example 30"
        return (
            f"train_images={train_images}: pca with {network.latent_dim} latents "
            f"needs at least as many; for example --train-images {network.latent_dim}"
        )
