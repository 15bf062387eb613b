"""What every family of autoencoders is made of: its settings, its networks and its objective.

Nothing here loads PyTorch, since pages and the command line read families without training them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple, Protocol

from aemodels.architecture import Network
from aemodels.setting import SettingError, Settings, setting

if TYPE_CHECKING:
    import torch
    from torch import Tensor, nn

# Scalars, means over the images. `loss` is what to minimise, the others are its parts.
Terms = dict[str, "Tensor"]


class Batch(NamedTuple):
    """What one step sees: images (N, 784) float32 in [0, 1] and, for a classifier, labels (N,)."""

    images: Tensor
    labels: Tensor | None = None
    stage: int = 0


class Model(Protocol):
    """What an objective asks of a model."""

    encoder: nn.Module
    decoder: nn.Module

    def encode_parameters(self, images: Tensor) -> tuple[Tensor, Tensor | None]:
        """(N, 784) -> codes (N, latent_dim) and log σ² of the same shape; None if not a VAE."""

    def reconstruction_error(self, codes: Tensor, images: Tensor) -> Tensor:
        """Codes (N, latent_dim) and images (N, 784) -> the network's reconstruction loss (N,)."""

    def output_error(self, logits: Tensor, images: Tensor) -> Tensor:
        """The same from the decoder's last layer (N, 784), before the output activation."""


@dataclass(frozen=True)
class Family(Settings):
    """One kind of autoencoder. A new one is a subclass in a file of its own and one line in
    `families/__init__.py`; its fields are the settings that set it apart.
    """

    name: ClassVar[str]
    title: ClassVar[str]
    meaning: ClassVar[str]
    # Whether the encoder's head gives μ, then log σ².
    variational: ClassVar[bool] = False
    # Whether it is solved, not trained.
    closed_form: ClassVar[bool] = False
    # Kinds of network that it can have, the usual one first.
    networks: ClassVar[tuple[str, ...]] = ("mlp", "shallow", "conv")
    # Settings of the network, the data or the loop that start from another value than usual.
    defaults: ClassVar[Mapping[str, Any]] = {}

    @property
    def code_activation(self) -> str:
        """Non-linearity of the code."""
        return "linear"

    def check(self, network: Network, train_images: int) -> SettingError | None:
        """What is wrong with settings that are each within their range, or None."""
        return None

    def stages(self, network: Network) -> int:
        """Trainings that follow each other, each of `Loop.epochs` epochs."""
        return 0 if self.closed_form else 1

    def parameters(self, model: nn.Module, stage: int) -> dict[str, nn.Parameter]:
        """Those that this stage trains, by name."""
        return dict(model.named_parameters())

    def objective(self, model: Model, batch: Batch, generator: torch.Generator) -> Terms:
        """The terms of one batch, with noise from `generator`; here min Σ error(x, dec(enc(x)))."""
        codes, _ = model.encode_parameters(batch.images)  # (N, d)
        error = model.reconstruction_error(codes, batch.images).mean()
        return {"loss": error, "reconstruction": error}

    def cost(self, terms: Mapping[str, float]) -> float:
        """What a model that has learnt nothing has too much of: the reconstruction error."""
        return terms.get("reconstruction", 0.0)


def code_activation_setting(default: str = "linear") -> Any:
    """The setting of the families whose code may have a non-linearity."""
    choices = ("linear", "relu", "sigmoid", "tanh")
    return setting(default, "non-linearity of the code", choices=choices)


def penalty_weight_setting(default: float) -> Any:
    """The setting of the families that add a penalty to the reconstruction error."""
    return setting(default, "weight of the penalty", low=0, high=1000)


def corruption_setting() -> Any:
    """The setting of the families that learn to remove noise."""
    return setting(
        "masking",
        "how the input is corrupted: pixels set to black, set to black or white, or noise added",
        choices=("masking", "salt-pepper", "gaussian"),
    )
