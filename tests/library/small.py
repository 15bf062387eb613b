"""Settings of models that train in a moment."""

from aemodels.config import Config


def config(family: str) -> Config:
    """One epoch of six steps, 3 latents."""
    if family == "pca":
        return Config(family=family, latent_dim=3, train_images=600)
    return Config(
        family=family,
        latent_dim=3,
        hidden=(16, 8),
        epochs=1,
        batch_size=100,
        train_images=600,
        precision="fp32",
    )
