"""Layer sizes of a model, from its settings alone.

The networks are built from them, and bundles are checked with them where PyTorch isn't loaded.
"""

from itertools import pairwise
from math import prod

from aemodels.config import Config
from aemodels.data import PIXELS
from aemodels.families import FAMILIES

# Of the convolutional body: each convolution halves height and width, 28 to 14 to 7; the decoder's
# transposed ones double them again. One hidden linear layer lies between them and the code, as in
# the VAE example of Keras, there of 16 units.
FILTERS = (32, 64)
KERNEL = 3
CORNER = (FILTERS[-1], 7, 7)
CONV_HIDDEN = 128
# Of the recurrent network: a GRU of so many units reads and writes the rows.
ROWS, ROW = 28, 28
GRU_HIDDEN = 128


def encoder_sizes(config: Config) -> tuple[int, ...]:
    """784, hidden sizes, head. A VAE's head is twice as wide as the code: μ first, then log σ².

    Of a network without hidden layers of its own choice, only the ends.
    """
    heads = 2 if FAMILIES[config.family].variational else 1
    return (PIXELS, *_hidden(config), heads * config.latent_dim)


def decoder_sizes(config: Config) -> tuple[int, ...]:
    """latent_dim, hidden sizes in reverse, 784."""
    return (config.latent_dim, *reversed(_hidden(config)), PIXELS)


def tensor_shapes(config: Config) -> dict[str, tuple[int, ...]]:
    """Name and shape of every tensor in weights.safetensors.

    A linear model has one layer each way (`encoder.weight`); in an MLP linear layers and
    activations take turns (`encoder.0.weight`, `encoder.2.weight`, …); `networks` says where the
    layers of the convolutional and of the recurrent one are.
    """
    if config.network == "conv":
        return _conv_shapes(config)
    if config.network == "gru":
        return _gru_shapes(config)
    shapes: dict[str, tuple[int, ...]] = {}
    for part, sizes in (("encoder", encoder_sizes(config)), ("decoder", decoder_sizes(config))):
        for index, (wide_in, wide_out) in enumerate(pairwise(sizes)):
            layer = part if config.network == "linear" else f"{part}.{2 * index}"
            shapes[f"{layer}.weight"] = (wide_out, wide_in)
            shapes[f"{layer}.bias"] = (wide_out,)
    return shapes


def _conv_shapes(config: Config) -> dict[str, tuple[int, ...]]:
    first, second = FILTERS
    head, wide = encoder_sizes(config)[-1], prod(CORNER)
    weights = {
        "encoder.1": (first, 1, KERNEL, KERNEL),
        "encoder.3": (second, first, KERNEL, KERNEL),
        "encoder.6": (CONV_HIDDEN, wide),
        "encoder.8": (head, CONV_HIDDEN),
        "decoder.0": (CONV_HIDDEN, config.latent_dim),
        "decoder.2": (wide, CONV_HIDDEN),
        # Transposed ones have their inputs first.
        "decoder.5": (second, first, KERNEL, KERNEL),
        "decoder.7": (first, 1, KERNEL, KERNEL),
    }
    shapes: dict[str, tuple[int, ...]] = {}
    for layer, shape in weights.items():
        outputs = shape[1] if layer in ("decoder.5", "decoder.7") else shape[0]
        shapes |= {f"{layer}.weight": shape, f"{layer}.bias": (outputs,)}
    return shapes


def _gru_shapes(config: Config) -> dict[str, tuple[int, ...]]:
    shapes: dict[str, tuple[int, ...]] = {}
    for part, wide in (("encoder", ROW), ("decoder", GRU_HIDDEN)):
        shapes |= {
            f"{part}.gru.weight_ih_l0": (3 * GRU_HIDDEN, wide),
            f"{part}.gru.weight_hh_l0": (3 * GRU_HIDDEN, GRU_HIDDEN),
            f"{part}.gru.bias_ih_l0": (3 * GRU_HIDDEN,),
            f"{part}.gru.bias_hh_l0": (3 * GRU_HIDDEN,),
        }
    for name, wide_in, wide_out in (
        ("encoder.head", GRU_HIDDEN, encoder_sizes(config)[-1]),
        ("decoder.start", config.latent_dim, GRU_HIDDEN),
        ("decoder.row", GRU_HIDDEN, ROW),
    ):
        shapes |= {f"{name}.weight": (wide_out, wide_in), f"{name}.bias": (wide_out,)}
    return shapes


def _hidden(config: Config) -> tuple[int, ...]:
    return config.hidden if config.network == "mlp" else ()
