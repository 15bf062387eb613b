"""A network from elsewhere, layer by layer, whichever file it came from."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

import numpy as np

from aemodels.architecture import ACTIVATIONS

__all__ = [
    "ACTIVATIONS",
    "Activation",
    "ForeignError",
    "ForeignModel",
    "Reshape",
    "Step",
    "Weighted",
]


class ForeignError(Exception):
    """A model from elsewhere can't be imported: one sentence on what was found and is needed."""


@dataclass(frozen=True, eq=False)
class Weighted:
    """A layer with weights, in PyTorch's layout.

    Attributes
    ----------
    name : str
        Its name in the file.
    kind : str
        `linear`, `conv` or `conv_transpose`.
    weight : ndarray
        (outputs, inputs), (outputs, inputs, h, w), or transposed (inputs, outputs, h, w); float32.
    bias : ndarray
        (outputs,) float32.
    stride : tuple of int
        Down and to the right.
    padding : tuple of int
        Above, left, below, right; of a transposed convolution what is cut off its result.
    """

    name: str
    kind: Literal["linear", "conv", "conv_transpose"]
    weight: np.ndarray
    bias: np.ndarray
    stride: tuple[int, int] = (1, 1)
    padding: tuple[int, int, int, int] = (0, 0, 0, 0)

    @property
    def inputs(self) -> int:
        """Numbers or channels that go in."""
        return int(self.weight.shape[0 if self.kind == "conv_transpose" else 1])

    @property
    def outputs(self) -> int:
        """Numbers or channels that come out."""
        return int(self.weight.shape[1 if self.kind == "conv_transpose" else 0])

    @property
    def words(self) -> str:
        """A few words for a sentence: `linear 784 to 400`."""
        text = f"{self.kind} {self.inputs} to {self.outputs}"
        if self.kind == "linear":
            return text
        kernel = "x".join(map(str, self.weight.shape[2:]))
        padding = set(self.padding)
        sides = padding.pop() if len(padding) == 1 else ",".join(map(str, self.padding))
        return f"{text} ({kernel}, stride {self.stride[0]}, padding {sides})"


@dataclass(frozen=True)
class Activation:
    """A non-linearity, a key of `ACTIVATIONS`."""

    name: str

    @property
    def words(self) -> str:
        """Its name."""
        return self.name


@dataclass(frozen=True)
class Reshape:
    """Another shape of one image: (784,) flattens, (64, 7, 7) are 64 images of 7 x 7."""

    shape: tuple[int, ...] | None = None

    @property
    def words(self) -> str:
        """`flatten` or `reshape 64x7x7`."""
        return f"reshape {'x'.join(map(str, self.shape))}" if self.shape else "flatten"


Step = Weighted | Activation | Reshape


@dataclass(frozen=True, eq=False)
class ForeignModel:
    """An encoder from 784 pixels to a code, and a decoder back.

    Attributes
    ----------
    encoder, decoder : list
        Layers, activations and changes of shape in their order; the encoder's last layer gives the
        code or, of a VAE, μ and then log σ² side by side.
    variational : bool
        Whether it is a VAE.
    settings : dict
        Settings of `Config` that are known besides, by flat name.
    """

    encoder: Sequence[Step]
    decoder: Sequence[Step]
    variational: bool
    settings: dict[str, object] = field(default_factory=dict)


def joined(mean: Weighted, log_var: Weighted) -> Weighted:
    """Two linear layers side by side, as the head of a VAE: μ, then log σ².

    Raises ForeignError if they don't have the same sizes.
    """
    if mean.kind != "linear" or mean.weight.shape != log_var.weight.shape:
        raise ForeignError(
            f"the layer of μ is {mean.words} and that of log σ² {log_var.words}; "
            "needed are two linear layers of the same size"
        )
    return Weighted(
        f"{mean.name} and {log_var.name}",
        "linear",
        np.concatenate([mean.weight, log_var.weight]),
        np.concatenate([mean.bias, log_var.bias]),
    )
