"""Layer sizes of a model, from its settings alone: what the networks are built from and bundles are checked with."""

from aemodels.config import FAMILIES, Config
from aemodels.data import PIXELS


def encoder_sizes(config: Config) -> tuple[int, ...]:
    """784, hidden sizes, head. A VAE's head is twice as wide: μ first, then log σ²."""
    head = 2 * config.latent_dim if FAMILIES[config.family].variational else config.latent_dim
    return (PIXELS, *hidden_sizes(config), head)


def decoder_sizes(config: Config) -> tuple[int, ...]:
    """latent_dim, hidden sizes in reverse, 784."""
    return (config.latent_dim, *reversed(hidden_sizes(config)), PIXELS)


def hidden_sizes(config: Config) -> tuple[int, ...]:
    return () if FAMILIES[config.family].closed_form else config.hidden


def tensor_shapes(config: Config) -> dict[str, tuple[int, ...]]:
    """Name and shape of every tensor in weights.safetensors.

    PCA's encoder and decoder are one linear layer each (`encoder.weight`); an MLP alternates linear layers
    and activations (`encoder.0.weight`, `encoder.2.weight`, …).
    """
    shapes: dict[str, tuple[int, ...]] = {}
    for part, sizes in (("encoder", encoder_sizes(config)), ("decoder", decoder_sizes(config))):
        for layer, (wide_in, wide_out) in enumerate(zip(sizes, sizes[1:], strict=False)):
            prefix = part if FAMILIES[config.family].closed_form else f"{part}.{2 * layer}"
            shapes[f"{prefix}.weight"] = (wide_out, wide_in)
            shapes[f"{prefix}.bias"] = (wide_out,)
    return shapes
