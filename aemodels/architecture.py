"""The kinds of network: settings, layer sizes and weight shapes. Loads no PyTorch.

`models.networks` builds them; bundles are checked against these shapes without loading PyTorch.
"""

from dataclasses import dataclass
from itertools import pairwise
from math import prod
from typing import Any, ClassVar

from aemodels.data.images import PIXELS, SIDE
from aemodels.setting import SettingError, Settings, setting

LARGEST_DEPTH = 8
ACTIVATIONS = {
    "relu": "ReLU",
    "gelu": "GELU",
    "silu": "SiLU",
    "elu": "ELU",
    "tanh": "tanh",
    "sigmoid": "Sigmoid",
}

# In the convolutional network, each convolution halves height and width, 28 to 14 to 7; the
# decoder's transposed ones double them again. One hidden linear layer lies between them and the
# code, as in the VAE example of Keras, there of 16 units.
FILTERS = (32, 64)
KERNEL = 3
CORNER = (FILTERS[-1], 7, 7)
CONV_HIDDEN = 128
# In the recurrent network, a GRU of this many units reads and writes the rows.
ROWS, ROW = SIDE, SIDE
GRU_HIDDEN = 128

Shape = tuple[int, ...]
Shapes = dict[str, Shape]
HiddenShapes = tuple[tuple[Shape, ...], tuple[Shape, ...]]


def _latent_dim() -> Any:
    return setting(2, "size of the latent code", title="Latents", low=1, high=1024)


def _activation() -> Any:
    return setting("relu", "non-linearity after each hidden layer", choices=ACTIVATIONS)


def _tied() -> Any:
    return setting(
        False, "whether the decoder uses the encoder's weights, transposed", title="Tied weights"
    )


def _output_activation() -> Any:
    return setting(
        "sigmoid",
        "non-linearity of the output (relu, a common mistake, leaves dead pixels)",
        choices={"sigmoid": "Sigmoid", "linear": "None (linear)", "relu": "ReLU"},
    )


def _reconstruction_loss() -> Any:
    return setting(
        "bce",
        "binary cross-entropy, squared (L2) or absolute (L1) error",
        choices={"bce": "Cross-entropy", "mse": "Squared error (MSE)", "l1": "Absolute error (L1)"},
    )


@dataclass(frozen=True)
class Network(Settings):
    """An encoder from 784 pixels to a head and a decoder from the code back to 784 pixels.

    A VAE's head is twice as wide as its code: μ first, then log σ².
    """

    latent_dim: int = _latent_dim()

    kind: ClassVar[str]
    meaning: ClassVar[str]
    title: ClassVar[str]

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.reconstruction_loss == "bce" and self.output_activation != "sigmoid":
            raise SettingError(
                "output_activation",
                self.output_activation,
                "cross-entropy needs pixels from 0 to 1",
                "use {output_activation} sigmoid or {reconstruction_loss} mse",
            )

    @property
    def output_activation(self) -> str:
        """The non-linearity after the decoder's last layer: `sigmoid`, `linear` or `relu`."""
        return "linear"

    @property
    def reconstruction_loss(self) -> str:
        """How a reconstruction is compared with its image: `bce`, `mse` or `l1`."""
        return "mse"

    @property
    def hidden_activation(self) -> str | None:
        """The non-linearity after each hidden layer, a key of `ACTIVATIONS`; None without one."""
        return None

    def head(self, variational: bool) -> int:
        """Outputs of the encoder."""
        return (2 if variational else 1) * self.latent_dim

    def hidden_shapes(self) -> HiddenShapes:
        """Shapes of one image after each hidden layer, of the encoder and of the decoder."""
        return (), ()

    def tensor_shapes(self, variational: bool) -> Shapes:
        """Name and shape of every tensor in weights.safetensors."""
        raise NotImplementedError


@dataclass(frozen=True)
class LinearNetwork(Network):
    """One linear layer each way, squared error: `encoder.weight`, `decoder.weight`."""

    kind: ClassVar[str] = "linear"
    title: ClassVar[str] = "Linear"
    meaning: ClassVar[str] = "one linear layer each way, without activations"

    def tensor_shapes(self, variational: bool) -> Shapes:
        return {
            **_linear("encoder", PIXELS, self.head(variational)),
            **_linear("decoder", self.latent_dim, PIXELS),
        }


@dataclass(frozen=True)
class FullyConnected(Network):
    """Linear layers with activations between them: `encoder.0.weight`, `encoder.2.weight`, …"""

    @property
    def hidden_sizes(self) -> tuple[int, ...]:
        """The hidden sizes of the encoder; the decoder mirrors them."""
        return ()

    @property
    def hidden_activation(self) -> str:
        return "relu"

    def hidden_shapes(self) -> HiddenShapes:
        shapes = tuple((size,) for size in self.hidden_sizes)
        return shapes, shapes[::-1]

    def encoder_sizes(self, variational: bool) -> tuple[int, ...]:
        """784, hidden sizes, head."""
        return (PIXELS, *self.hidden_sizes, self.head(variational))

    def decoder_sizes(self) -> tuple[int, ...]:
        """latent_dim, hidden sizes in reverse, 784."""
        return (self.latent_dim, *reversed(self.hidden_sizes), PIXELS)

    def tensor_shapes(self, variational: bool) -> Shapes:
        shapes: Shapes = {}
        parts = {"encoder": self.encoder_sizes(variational), "decoder": self.decoder_sizes()}
        for part, sizes in parts.items():
            for index, (wide_in, wide_out) in enumerate(pairwise(sizes)):
                shapes |= _linear(f"{part}.{2 * index}", wide_in, wide_out)
        return shapes


@dataclass(frozen=True)
class MLP(FullyConnected):
    """Several linear layers each way."""

    latent_dim: int = _latent_dim()
    hidden: tuple[int, ...] = setting(
        (512, 256, 128),
        "hidden sizes of the encoder, mirrored by the decoder",
        title="Hidden layers",
        low=1,
        high=4096,
        most=LARGEST_DEPTH,
    )
    activation: str = _activation()
    tied: bool = _tied()
    output_activation: str = _output_activation()
    reconstruction_loss: str = _reconstruction_loss()

    kind: ClassVar[str] = "mlp"
    title: ClassVar[str] = "Fully connected"
    meaning: ClassVar[str] = "several fully connected layers each way"

    @property
    def hidden_sizes(self) -> tuple[int, ...]:
        return self.hidden

    @property
    def hidden_activation(self) -> str:
        return self.activation


@dataclass(frozen=True)
class ShallowNetwork(FullyConnected):
    """One linear layer each way, with an activation of the output."""

    latent_dim: int = _latent_dim()
    tied: bool = _tied()
    output_activation: str = _output_activation()
    reconstruction_loss: str = _reconstruction_loss()

    kind: ClassVar[str] = "shallow"
    title: ClassVar[str] = "Shallow"
    meaning: ClassVar[str] = "one layer each way"


@dataclass(frozen=True)
class ConvNetwork(Network):
    """Two convolutions of stride 2, a hidden linear layer, the head; the decoder mirrors them."""

    latent_dim: int = _latent_dim()
    activation: str = _activation()
    output_activation: str = _output_activation()
    reconstruction_loss: str = _reconstruction_loss()

    kind: ClassVar[str] = "conv"
    title: ClassVar[str] = "Convolutional"
    meaning: ClassVar[str] = "convolutions with 32 and 64 filters"

    @property
    def hidden_activation(self) -> str:
        return self.activation

    def hidden_shapes(self) -> HiddenShapes:
        _, height, width = CORNER
        shapes: tuple[Shape, ...] = (
            (FILTERS[0], 2 * height, 2 * width),
            CORNER,
            (CONV_HIDDEN,),
        )
        return shapes, shapes[::-1]

    def tensor_shapes(self, variational: bool) -> Shapes:
        first, second = FILTERS
        wide = prod(CORNER)
        kernel = (KERNEL, KERNEL)
        return {
            "encoder.1.weight": (first, 1, *kernel),
            "encoder.1.bias": (first,),
            "encoder.3.weight": (second, first, *kernel),
            "encoder.3.bias": (second,),
            **_linear("encoder.6", wide, CONV_HIDDEN),
            **_linear("encoder.8", CONV_HIDDEN, self.head(variational)),
            **_linear("decoder.0", self.latent_dim, CONV_HIDDEN),
            **_linear("decoder.2", CONV_HIDDEN, wide),
            # Transposed convolutions have their inputs first.
            "decoder.5.weight": (second, first, *kernel),
            "decoder.5.bias": (first,),
            "decoder.7.weight": (first, 1, *kernel),
            "decoder.7.bias": (1,),
        }


@dataclass(frozen=True)
class GRUNetwork(Network):
    """A GRU reads the 28 rows of an image; another, shown the code at each step, writes them."""

    latent_dim: int = _latent_dim()
    output_activation: str = _output_activation()
    reconstruction_loss: str = _reconstruction_loss()

    kind: ClassVar[str] = "gru"
    title: ClassVar[str] = "Recurrent"
    meaning: ClassVar[str] = "one GRU reads the 28 rows, another writes them"

    def hidden_shapes(self) -> HiddenShapes:
        states = (ROWS, GRU_HIDDEN)
        return (states,), ((GRU_HIDDEN,), states)

    def tensor_shapes(self, variational: bool) -> Shapes:
        shapes: Shapes = {}
        for part, wide in (("encoder", ROW), ("decoder", GRU_HIDDEN)):
            shapes |= {
                f"{part}.gru.weight_ih_l0": (3 * GRU_HIDDEN, wide),
                f"{part}.gru.weight_hh_l0": (3 * GRU_HIDDEN, GRU_HIDDEN),
                f"{part}.gru.bias_ih_l0": (3 * GRU_HIDDEN,),
                f"{part}.gru.bias_hh_l0": (3 * GRU_HIDDEN,),
            }
        return {
            **shapes,
            **_linear("encoder.head", GRU_HIDDEN, self.head(variational)),
            **_linear("decoder.start", self.latent_dim, GRU_HIDDEN),
            **_linear("decoder.row", GRU_HIDDEN, ROW),
        }


NETWORKS: dict[str, type[Network]] = {
    network.kind: network
    for network in (MLP, ShallowNetwork, ConvNetwork, LinearNetwork, GRUNetwork)
}


def _linear(name: str, wide_in: int, wide_out: int) -> Shapes:
    return {f"{name}.weight": (wide_out, wide_in), f"{name}.bias": (wide_out,)}
