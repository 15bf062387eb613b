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

# Each convolution halves height and width, 28 to 14 to 7; the decoder's transposed ones double them
# again. One hidden linear layer lies between them and the code, as in the VAE example of Keras,
# there of 16 units.
FILTERS = (32, 64)
KERNEL = 3
CORNER = (FILTERS[-1], 7, 7)
CONV_HIDDEN = 128


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
        kernel = (KERNEL, KERNEL)
        return {
            "encoder.1.weight": (first, 1, *kernel),
            "encoder.1.bias": (first,),
            "encoder.3.weight": (second, first, *kernel),
            "encoder.3.bias": (second,),
            **linear_shapes("encoder.6", wide, CONV_HIDDEN),
            **linear_shapes("encoder.8", CONV_HIDDEN, self.head(variational)),
            **linear_shapes("decoder.0", self.latent_dim, CONV_HIDDEN),
            **linear_shapes("decoder.2", CONV_HIDDEN, wide),
            # Transposed convolutions have their inputs first.
            "decoder.5.weight": (second, first, *kernel),
            "decoder.5.bias": (first,),
            "decoder.7.weight": (first, 1, *kernel),
            "decoder.7.bias": (1,),
        }
