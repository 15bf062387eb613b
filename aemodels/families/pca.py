"""Principal component analysis, the yardstick: one linear layer each way, solved exactly."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aemodels.families.base import ALWAYS, Family

if TYPE_CHECKING:
    from aemodels.config import Config

PIXELS = 784


class PCA(Family):
    """Hotelling 1933; `aemodels.pca` solves it."""

    name = "pca"
    title = "PCA"
    meaning = "principal component analysis"
    closed_form = True
    network = "linear"
    settings = ALWAYS

    def check(self, config: Config) -> str | None:
        if config.train_images < 2:
            return "train_images=1: one image has no variance; for example --train-images 60000"
        most = min(PIXELS, config.train_images)
        if config.latent_dim <= most:
            return None
        if config.latent_dim > PIXELS:
            return f"latent_dim={config.latent_dim}: pca has at most {PIXELS}; for example 30"
        return (
            f"train_images={config.train_images}: pca with {config.latent_dim} latents "
            f"needs at least as many; for example --train-images {config.latent_dim}"
        )
