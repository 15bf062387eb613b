"""What every kind of network has, and the settings that several share."""

from dataclasses import dataclass
from typing import Any, ClassVar

from aemodels.setting import SettingError, Settings, setting

ACTIVATIONS = {
    "relu": "ReLU",
    "leaky-relu": "Leaky ReLU",
    "leaky-relu-0.2": "Leaky ReLU, slope 0.2",
    "gelu": "GELU",
    "silu": "SiLU",
    "elu": "ELU",
    "selu": "SELU",
    "softplus": "Softplus",
    "tanh": "tanh",
    "sigmoid": "Sigmoid",
}

# Of a leaky ReLU below 0: PyTorch's and ONNX's default, and the one that Radford et al. 2016 use.
SLOPES = {"leaky-relu": 0.01, "leaky-relu-0.2": 0.2}

Shape = tuple[int, ...]
Shapes = dict[str, Shape]
HiddenShapes = tuple[tuple[Shape, ...], tuple[Shape, ...]]


def latent_dim_setting() -> Any:
    """The setting of the number of latents."""
    return setting(2, "size of the latent code", title="Latents", low=1, high=1024)


def activation_setting() -> Any:
    """The setting shared by networks with hidden layers."""
    return setting("relu", "non-linearity after each hidden layer", choices=ACTIVATIONS)


def tied_setting() -> Any:
    """The setting shared by networks whose decoder can reuse the encoder's weights."""
    return setting(
        False, "whether the decoder uses the encoder's weights, transposed", title="Tied weights"
    )


def mean_start_setting() -> Any:
    """The setting of networks whose first and last layer see pixels."""
    return setting(
        False,
        "whether training starts with centred pixels and the mean image as output",
        title="Start at the mean image",
    )


def output_activation_setting() -> Any:
    """The setting shared by networks that may end with a non-linearity."""
    return setting(
        "sigmoid",
        "non-linearity of the output (relu, a common mistake, leaves dead pixels)",
        choices={"sigmoid": "Sigmoid", "linear": "None (linear)", "relu": "ReLU"},
    )


def reconstruction_loss_setting() -> Any:
    """The setting shared by networks that choose how images are compared."""
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

    latent_dim: int = latent_dim_setting()

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
    def mean_start(self) -> bool:
        """Whether the first biases centre the pixels and the last ones give the mean image."""
        return False

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


def linear_shapes(name: str, wide_in: int, wide_out: int) -> Shapes:
    """Weight and bias of one linear layer."""
    return {f"{name}.weight": (wide_out, wide_in), f"{name}.bias": (wide_out,)}
