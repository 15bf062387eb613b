"""Settings of models that train in a moment."""

from dataclasses import replace

from aemodels.config import Config


def config(family: str, body: str = "mlp") -> Config:
    """One epoch of six steps, 3 latents."""
    if body == "conv":
        return replace(config(family), hidden=Config().hidden, body=body, train_images=200)
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
