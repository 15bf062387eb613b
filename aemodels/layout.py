"""Layer sizes of a model, from its settings alone.

The networks are built from them, and bundles are checked with them where PyTorch isn't loaded.
"""

from itertools import pairwise

from aemodels.config import FAMILIES, Config
from aemodels.data import PIXELS


def encoder_sizes(config: Config) -> tuple[int, ...]:
    """784, hidden sizes, head. A VAE's head is twice as wide as the code: μ first, then log σ²."""
    heads = 2 if FAMILIES[config.family].variational else 1
    return (PIXELS, *_hidden(config), heads * config.latent_dim)


def decoder_sizes(config: Config) -> tuple[int, ...]:
    """latent_dim, hidden sizes in reverse, 784."""
    return (config.latent_dim, *reversed(_hidden(config)), PIXELS)


def tensor_shapes(config: Config) -> dict[str, tuple[int, ...]]:
    """Name and shape of every tensor in weights.safetensors.

    PCA has one linear layer each way (`encoder.weight`); in an MLP linear layers and activations
    take turns (`encoder.0.weight`, `encoder.2.weight`, …).
    """
    shapes: dict[str, tuple[int, ...]] = {}
    for part, sizes in (("encoder", encoder_sizes(config)), ("decoder", decoder_sizes(config))):
        for index, (wide_in, wide_out) in enumerate(pairwise(sizes)):
            layer = part if FAMILIES[config.family].closed_form else f"{part}.{2 * index}"
            shapes[f"{layer}.weight"] = (wide_out, wide_in)
            shapes[f"{layer}.bias"] = (wide_out,)
    return shapes


def _hidden(config: Config) -> tuple[int, ...]:
    return () if FAMILIES[config.family].closed_form else config.hidden
