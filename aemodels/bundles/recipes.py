"""The settings of each model of the zoo, by name.

    from aemodels.bundles.recipes import RECIPES
    print(RECIPES["vae-2"].command("--output", "zoo/vae-2"))

`python -m reproduction` trains those that it needs and that are missing from the zoo.
"""

from typing import Any

from aemodels.config import Config

BOTTLENECKS = (2, 4, 8, 16, 32, 64)
# The zoo has three of them.
BETAS = (0.1, 0.25, 0.5, 1.0, 2.0, 4.0, 10.0)
ZOO_BETAS = (0.1, 1.0, 4.0)
# From nearly an autoencoder to a collapsed one, all with two latents.
BETAS_2D = (0.0, 0.05, 0.25, 0.5, 1.0, 2.0, 4.0, 10.0, 30.0)

# Half of each batch is moved a little, but for the last epochs.
_MOVED: dict[str, Any] = {
    "augmented_share": 0.5,
    "largest_shift": 1,
    "largest_rotation": 5.0,
    "augmented_until": 0.85,
}

# A browser decodes at each move of a pointer but encodes an image once. At higher rates, or with a
# longer memory of squared gradients, trainings of the large networks of two latents can diverge.
_WIDE_2: dict[str, Any] = {
    "latent_dim": 2,
    "hidden": (1024, 512, 256),
    "decoder_hidden": (256, 512, 512),
    "activation": "gelu",
    "batch_size": 512,
    "beta2": 0.99,
    **_MOVED,
}
_WIDE_16: dict[str, Any] = {"hidden": (1024, 512), "decoder_hidden": (256, 512)}

# Of codes through a sigmoid, whose slope is at most a quarter.
_SIGMOID_RATE = 4.8e-2

# Squared error through one hidden layer, for comparisons of one thing at a time.
_BOTTLENECK = Config.of(
    "ae",
    hidden=(128,),
    activation="gelu",
    reconstruction_loss="mse",
    epochs=30,
    batch_size=256,
    learning_rate=6e-3,
    weight_decay=0.0,
)


def beta(value: float) -> Config:
    """A VAE of 10 latents with this β."""
    return Config.of(
        "vae",
        latent_dim=10,
        hidden=(256,),
        beta=value,
        epochs=30,
        batch_size=256,
        learning_rate=1.2e-2,
    )


def beta_2d(value: float) -> Config:
    """A VAE of 2 latents with this β; of nine alike, which differ in nothing else."""
    return Config.of(
        "vae",
        latent_dim=2,
        hidden=(256, 128),
        activation="gelu",
        beta=value,
        epochs=30,
        batch_size=512,
    )


def shallow(latent_dim: int, dataset: str = "mnist") -> Config:
    """Michelucci's (784, q, 784): a ReLU code, sigmoid output, cross-entropy."""
    return Config.of(
        "ae",
        dataset=dataset,
        latent_dim=latent_dim,
        network="shallow",
        code_activation="relu",
        # Without it a latent's ReLU can be 0 for every image, and it never learns.
        mean_start=True,
        epochs=30,
        batch_size=256,
        learning_rate=6e-3,
    )


RECIPES: dict[str, Config] = {
    "pca-2": Config.of("pca", latent_dim=2),
    "pca-16": Config.of("pca", latent_dim=16),
    "ae-2": Config.of("ae", **_WIDE_2, reconstruction_loss="mse", epochs=160, learning_rate=1.5e-3),
    "ae-16": Config.of(
        "ae",
        latent_dim=16,
        **_WIDE_16,
        activation="gelu",
        reconstruction_loss="mse",
        epochs=90,
        batch_size=512,
        **_MOVED,
    ),
    "vae-2": Config.of(
        "vae",
        **_WIDE_2,
        dropout=0.1,
        beta_start=2.0,
        kl_warmup=1.0,
        epochs=500,
        learning_rate=1e-3,
    ),
    "vae-16": Config.of(
        "vae",
        latent_dim=16,
        **_WIDE_16,
        dropout=0.1,
        activation="gelu",
        epochs=110,
        batch_size=512,
        **_MOVED,
    ),
    # With two latents it has a plateau to cross, which takes a larger rate and full fp32.
    "linear-2": Config.of(
        "linear", latent_dim=2, epochs=30, batch_size=256, learning_rate=0.03, precision="fp32"
    ),
    "linear-16": Config.of("linear", latent_dim=16, epochs=30, batch_size=256),
    "deep-30": Config.of(
        "ae",
        latent_dim=30,
        hidden=(1000, 500, 250),
        activation="tanh",
        reconstruction_loss="mse",
        epochs=80,
        batch_size=256,
        learning_rate=2e-3,
        weight_decay=0.05,
        **{**_MOVED, "largest_rotation": 0.0},
    ),
    **{f"bottleneck-{size}": _BOTTLENECK.with_(latent_dim=size) for size in BOTTLENECKS},
    "loss-bce": _BOTTLENECK.with_(latent_dim=16, reconstruction_loss="bce"),
    # In batches of 256 it gets stuck with strokes missing, since black is half right everywhere.
    "loss-l1": _BOTTLENECK.with_(
        latent_dim=16,
        reconstruction_loss="l1",
        batch_size=64,
        learning_rate=1.2e-2,
        weight_decay=0.01,
    ),
    "shallow-64": shallow(64),
    "sparse-kl": Config.of(
        "sparse",
        latent_dim=100,
        penalty_weight=16.0,
        epochs=30,
        batch_size=256,
        learning_rate=_SIGMOID_RATE,
    ),
    "sparse-l1": Config.of(
        "sparse",
        latent_dim=100,
        code_activation="relu",
        sparsity="l1",
        penalty_weight=1.0,
        epochs=30,
        batch_size=256,
        learning_rate=1.2e-2,
    ),
    "denoising-masking": Config.of(
        "denoising",
        latent_dim=32,
        hidden=(256,),
        activation="gelu",
        corruption_level=0.3,
        epochs=30,
        batch_size=256,
        learning_rate=1.2e-2,
    ),
    "denoising-gaussian": Config.of(
        "denoising",
        latent_dim=32,
        network="shallow",
        code_activation="relu",
        corruption="gaussian",
        corruption_level=0.55,
        epochs=30,
        batch_size=256,
        learning_rate=6e-3,
    ),
    "denoising-conv": Config.of(
        "denoising",
        latent_dim=32,
        network="conv",
        corruption="gaussian",
        corruption_level=0.55,
        epochs=24,
        batch_size=128,
    ),
    "stacked-32": Config.of(
        "stacked", hidden=(256, 128), epochs=15, batch_size=256, learning_rate=0.01
    ),
    "contractive-64": Config.of(
        "contractive",
        latent_dim=64,
        penalty_weight=0.5,
        epochs=30,
        batch_size=256,
        learning_rate=_SIGMOID_RATE,
    ),
    "plain-64": Config.of(
        "ae",
        latent_dim=64,
        network="shallow",
        code_activation="sigmoid",
        epochs=30,
        batch_size=256,
        learning_rate=_SIGMOID_RATE,
    ),
    "binary-vae-2": Config.of(
        "vae",
        latent_dim=2,
        network="conv",
        binarisation="threshold",
        epochs=10,
        batch_size=100,
        learning_rate=8e-3,
    ),
    "vae-50": Config.of(
        "vae",
        latent_dim=50,
        hidden=(500, 500),
        activation="gelu",
        binarisation="stochastic",
        epochs=100,
        batch_size=128,
        learning_rate=1.5e-3,
        weight_decay=0.0,
        importance_samples=5,
        gradient="dreg",
    ),
    **{f"beta-{value:g}": beta(value) for value in ZOO_BETAS},
    **{f"beta-2d-{value:g}": beta_2d(value) for value in BETAS_2D},
    "recurrent-16": Config.of("recurrent", epochs=20),
}
