"""Networks of convolutions."""

from dataclasses import dataclass
from math import prod
from typing import ClassVar

from aemodels.architecture.network import (
    HiddenShapes,
    Network,
    Shape,
    Shapes,
    activation_setting,
    latent_dim_setting,
    linear_shapes,
    output_activation_setting,
    reconstruction_loss_setting,
)

FILTERS = (32, 64)
KERNEL = 3
# In the symmetric network, each convolution halves height and width, 28 to 14 to 7; the decoder's
# transposed ones double them again. One hidden linear layer lies between them and the code, as in
# the VAE example of Keras, there of 16 units.
CORNER = (FILTERS[-1], 7, 7)
CONV_HIDDEN = 128
# In the asymmetric one, convolutions without padding leave 28 to 13 to 6; the decoder's linear
# layer gives 32 images of 7 x 7, and its transposed convolutions have 64, 32 and 1 filters.
ENCODED = ((FILTERS[0], 13, 13), (FILTERS[1], 6, 6))
DECODED = ((32, 7, 7), (64, 14, 14), (32, 28, 28))
# In the narrow one, 16 numbers lie between the corner and the code, and the decoder goes from the
# code straight back to the corner.
NARROW_HIDDEN = 16
NARROW_DECODED = (CORNER, (FILTERS[1], 14, 14), (FILTERS[0], 28, 28))


@dataclass(frozen=True)
class ConvNetwork(Network):
    """Two convolutions of stride 2, a hidden linear layer, the head; the decoder mirrors them."""

    latent_dim: int = latent_dim_setting()
    activation: str = activation_setting()
    output_activation: str = output_activation_setting()
    reconstruction_loss: str = reconstruction_loss_setting()

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
        return {
            **_convolution("encoder.1", 1, first),
            **_convolution("encoder.3", first, second),
            **linear_shapes("encoder.6", wide, CONV_HIDDEN),
            **linear_shapes("encoder.8", CONV_HIDDEN, self.head(variational)),
            **linear_shapes("decoder.0", self.latent_dim, CONV_HIDDEN),
            **linear_shapes("decoder.2", CONV_HIDDEN, wide),
            **_transposed("decoder.5", second, first),
            **_transposed("decoder.7", first, 1),
        }


@dataclass(frozen=True)
class AsymmetricConvNetwork(Network):
    """Two convolutions of stride 2 and the head; a linear layer and three transposed convolutions.

    The network of TensorFlow's tutorial "Convolutional Variational Autoencoder",
    https://www.tensorflow.org/tutorials/generative/cvae: padding "valid" in the encoder, "same" in
    the decoder.
    """

    latent_dim: int = latent_dim_setting()
    activation: str = activation_setting()
    output_activation: str = output_activation_setting()
    reconstruction_loss: str = reconstruction_loss_setting()

    kind: ClassVar[str] = "conv-asymmetric"
    title: ClassVar[str] = "Convolutional, asymmetric"
    meaning: ClassVar[str] = "two convolutions one way, three transposed ones back"

    @property
    def hidden_activation(self) -> str:
        return self.activation

    def hidden_shapes(self) -> HiddenShapes:
        return ENCODED, DECODED

    def tensor_shapes(self, variational: bool) -> Shapes:
        first, second = FILTERS
        start, middle, end = (channels for channels, *_ in DECODED)
        return {
            **_convolution("encoder.1", 1, first),
            **_convolution("encoder.3", first, second),
            **linear_shapes("encoder.6", prod(ENCODED[-1]), self.head(variational)),
            **linear_shapes("decoder.0", self.latent_dim, prod(DECODED[0])),
            **_transposed("decoder.3", start, middle),
            **_transposed("decoder.5", middle, end),
            **_transposed("decoder.7", end, 1),
        }


@dataclass(frozen=True)
class NarrowConvNetwork(Network):
    """Two convolutions of stride 2, 16 numbers, the head; a linear layer and three transposed
    convolutions.

    The network of Keras' example "Variational AutoEncoder" as it is written in PyTorch, padding 1
    on all sides: https://keras.io/examples/generative/vae
    """

    latent_dim: int = latent_dim_setting()
    activation: str = activation_setting()
    output_activation: str = output_activation_setting()
    reconstruction_loss: str = reconstruction_loss_setting()

    kind: ClassVar[str] = "conv-narrow"
    title: ClassVar[str] = "Convolutional, narrow"
    meaning: ClassVar[str] = "two convolutions and 16 numbers one way, three transposed ones back"

    @property
    def hidden_activation(self) -> str:
        return self.activation

    def hidden_shapes(self) -> HiddenShapes:
        first = (FILTERS[0], 2 * CORNER[1], 2 * CORNER[2])
        return (first, CORNER, (NARROW_HIDDEN,)), NARROW_DECODED

    def tensor_shapes(self, variational: bool) -> Shapes:
        first, second = FILTERS
        return {
            **_convolution("encoder.1", 1, first),
            **_convolution("encoder.3", first, second),
            **linear_shapes("encoder.6", prod(CORNER), NARROW_HIDDEN),
            **linear_shapes("encoder.8", NARROW_HIDDEN, self.head(variational)),
            **linear_shapes("decoder.0", self.latent_dim, prod(CORNER)),
            **_transposed("decoder.3", second, second),
            **_transposed("decoder.5", second, first),
            **_transposed("decoder.7", first, 1),
        }


def _convolution(name: str, wide_in: int, wide_out: int) -> Shapes:
    return {f"{name}.weight": (wide_out, wide_in, KERNEL, KERNEL), f"{name}.bias": (wide_out,)}


def _transposed(name: str, wide_in: int, wide_out: int) -> Shapes:
    """Its inputs come first."""
    return {f"{name}.weight": (wide_in, wide_out, KERNEL, KERNEL), f"{name}.bias": (wide_out,)}
