"""The network that reads and writes the rows of an image."""

from dataclasses import dataclass
from typing import ClassVar

from aemodels.architecture.network import (
    HiddenShapes,
    Network,
    Shapes,
    latent_dim_setting,
    linear_shapes,
    output_activation_setting,
    reconstruction_loss_setting,
)
from aemodels.data.images import SIDE

# A GRU of this many units reads and writes the rows.
ROWS, ROW = SIDE, SIDE
GRU_HIDDEN = 128


@dataclass(frozen=True)
class GRUNetwork(Network):
    """A GRU reads the 28 rows of an image; another, shown the code at each step, writes them."""

    latent_dim: int = latent_dim_setting()
    output_activation: str = output_activation_setting()
    reconstruction_loss: str = reconstruction_loss_setting()

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
            **linear_shapes("encoder.head", GRU_HIDDEN, self.head(variational)),
            **linear_shapes("decoder.start", self.latent_dim, GRU_HIDDEN),
            **linear_shapes("decoder.row", GRU_HIDDEN, ROW),
        }
