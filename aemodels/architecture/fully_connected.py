"""Networks of linear layers: one each way, or several with activations between them."""

from dataclasses import dataclass
from itertools import pairwise
from typing import ClassVar

from aemodels.architecture.network import (
    HiddenShapes,
    Network,
    Shapes,
    activation_setting,
    latent_dim_setting,
    linear_shapes,
    mean_start_setting,
    output_activation_setting,
    reconstruction_loss_setting,
    tied_setting,
)
from aemodels.data.images import PIXELS
from aemodels.setting import SettingError, setting

LARGEST_DEPTH = 8


@dataclass(frozen=True)
class LinearNetwork(Network):
    """One linear layer each way, squared error: `encoder.weight`, `decoder.weight`."""

    kind: ClassVar[str] = "linear"
    title: ClassVar[str] = "Linear"
    meaning: ClassVar[str] = "one linear layer each way, without activations"

    def tensor_shapes(self, variational: bool) -> Shapes:
        return {
            **linear_shapes("encoder", PIXELS, self.head(variational)),
            **linear_shapes("decoder", self.latent_dim, PIXELS),
        }


@dataclass(frozen=True)
class FullyConnected(Network):
    """Linear layers with activations between them: `encoder.0.weight`, `encoder.2.weight`, …"""

    @property
    def hidden_sizes(self) -> tuple[tuple[int, ...], tuple[int, ...]]:
        """The hidden sizes of the encoder and of the decoder, each from its input to its output."""
        return (), ()

    @property
    def hidden_activation(self) -> str:
        return "relu"

    @property
    def dropout(self) -> float:
        """The share of the encoder's hidden units that is dropped in training."""
        return 0.0

    def hidden_shapes(self) -> HiddenShapes:
        encoder, decoder = self.hidden_sizes
        return tuple((size,) for size in encoder), tuple((size,) for size in decoder)

    def encoder_sizes(self, variational: bool) -> tuple[int, ...]:
        """784, hidden sizes, head."""
        return (PIXELS, *self.hidden_sizes[0], self.head(variational))

    def decoder_sizes(self) -> tuple[int, ...]:
        """latent_dim, hidden sizes, 784."""
        return (self.latent_dim, *self.hidden_sizes[1], PIXELS)

    def tensor_shapes(self, variational: bool) -> Shapes:
        shapes: Shapes = {}
        parts = {"encoder": self.encoder_sizes(variational), "decoder": self.decoder_sizes()}
        for part, sizes in parts.items():
            for index, (wide_in, wide_out) in enumerate(pairwise(sizes)):
                shapes |= linear_shapes(f"{part}.{2 * index}", wide_in, wide_out)
        return shapes


@dataclass(frozen=True)
class MLP(FullyConnected):
    """Several linear layers each way; in training, dropout in the encoder (`models.dropout`)."""

    latent_dim: int = latent_dim_setting()
    hidden: tuple[int, ...] = setting(
        (512, 256, 128),
        "hidden sizes of the encoder, from the pixels to the code",
        title="Hidden layers",
        low=1,
        high=4096,
        most=LARGEST_DEPTH,
    )
    decoder_hidden: tuple[int, ...] = setting(
        (),
        "hidden sizes of the decoder, from the code to the pixels, if not the encoder's backwards",
        title="Decoder's hidden layers",
        low=1,
        high=4096,
        most=LARGEST_DEPTH,
        empty="mirrored",
    )
    dropout: float = setting(
        0.0, "share of the encoder's hidden units that each step leaves out", low=0, high=0.9
    )
    activation: str = activation_setting()
    tied: bool = tied_setting()
    mean_start: bool = mean_start_setting()
    output_activation: str = output_activation_setting()
    reconstruction_loss: str = reconstruction_loss_setting()

    kind: ClassVar[str] = "mlp"
    title: ClassVar[str] = "Fully connected"
    meaning: ClassVar[str] = "several fully connected layers each way"

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.tied and self.decoder_hidden:
            raise SettingError(
                "decoder_hidden",
                ",".join(map(str, self.decoder_hidden)),
                "a decoder with tied weights has the encoder's layers, backwards",
                "use {decoder_hidden} mirrored or {tied} no",
            )

    @property
    def hidden_sizes(self) -> tuple[tuple[int, ...], tuple[int, ...]]:
        return self.hidden, self.decoder_hidden or self.hidden[::-1]

    @property
    def hidden_activation(self) -> str:
        return self.activation


@dataclass(frozen=True)
class ShallowNetwork(FullyConnected):
    """One linear layer each way, with an activation of the output."""

    latent_dim: int = latent_dim_setting()
    tied: bool = tied_setting()
    mean_start: bool = mean_start_setting()
    output_activation: str = output_activation_setting()
    reconstruction_loss: str = reconstruction_loss_setting()

    kind: ClassVar[str] = "shallow"
    title: ClassVar[str] = "Shallow"
    meaning: ClassVar[str] = "one layer each way"
