"""The interface of every family of autoencoders: its settings, its networks and its objective.

Nothing here loads PyTorch, since pages and the command line read families without training them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple, Protocol

from aemodels.architecture import Network
from aemodels.setting import SettingError, Settings, setting

if TYPE_CHECKING:
    import numpy as np
    import torch
    from torch import Tensor, nn

# Scalars, means over the images. `loss` is what to minimise, the others are its parts.
Terms = dict[str, "Tensor"]

# What families that corrupt their input say of their objective.
CORRUPTED = "In training its input was corrupted, and compared with the clean image."


class Batch(NamedTuple):
    """The input of one step: images (N, 784) float32 in [0, 1], and a classifier's labels (N,).

    `progress` is the share of its stage that was trained before the step, for objectives that
    change on the way; 1 where a training continues after all that was planned. It is a number, or
    a float64 scalar on the device where steps are recorded once (`training.steps`).
    """

    images: Tensor
    labels: Tensor | None = None
    stage: int = 0
    progress: Tensor | float = 1.0


class Model(Protocol):
    """The methods of a model that an objective may call."""

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
    """One kind of autoencoder. A new one is a subclass in its own file and one line in
    `families/__init__.py`; its fields are the settings specific to it.
    """

    name: ClassVar[str]
    title: ClassVar[str]
    meaning: ClassVar[str]
    # Whether the encoder's head gives μ, then log σ².
    variational: ClassVar[bool] = False
    # Whether it is solved, by `solve`, not trained.
    closed_form: ClassVar[bool] = False
    # Kinds of network that it can use, the default first.
    networks: ClassVar[tuple[str, ...]] = ("mlp", "shallow", "conv", "conv-asymmetric")
    # Other defaults for settings of the network, the data or the loop.
    defaults: ClassVar[Mapping[str, Any]] = {}

    @property
    def code_activation(self) -> str:
        """Non-linearity of the code."""
        return "linear"

    @property
    def codes_per_image(self) -> int:
        """How many codes a training step decodes for each image."""
        return 1

    @property
    def objective_note(self) -> str:
        """What the objective is apart from the reconstruction error and, for a variational family,
        `beta` times the KL; sentences for the cost bar, "" for nothing. `[KL](kl)` is a term of the
        glossary.
        """
        if type(self).objective is Family.objective:
            return ""
        return "Training minimised the family's own objective; what that adds isn't counted here."

    def check(self, network: Network, train_images: int) -> SettingError | None:
        """The error if settings, each within its range, don't fit together; else None."""
        return None

    def stages(self, network: Network) -> int:
        """The number of training stages, each of `Loop.epochs` epochs."""
        return 0 if self.closed_form else 1

    def parameters(self, model: nn.Module, stage: int) -> dict[str, nn.Parameter]:
        """The parameters that this stage trains, by name."""
        return dict(model.named_parameters())

    def solve(self, latent_dim: int, images: np.ndarray) -> dict[str, np.ndarray]:
        """The weights by name, for a closed form; images (N, 784) float32 in [0, 1]."""
        raise NotImplementedError(f"{self.name} has closed_form = True, so it must define solve")

    def objective(self, model: Model, batch: Batch, generator: torch.Generator) -> Terms:
        """The terms of one batch, with noise from `generator`; here min Σ error(x, dec(enc(x)))."""
        codes, _ = model.encode_parameters(batch.images)  # (N, d)
        error = model.reconstruction_error(codes, batch.images).mean()
        return {"loss": error, "reconstruction": error}

    def cost(self, terms: Mapping[str, float]) -> float:
        """The test error that marks divergence when it grows far too large."""
        return terms.get("reconstruction", 0.0)


def code_activation_setting(default: str = "linear") -> Any:
    """The setting shared by families whose code can have a non-linearity."""
    choices = {"linear": "None (linear)", "relu": "ReLU", "sigmoid": "Sigmoid", "tanh": "tanh"}
    return setting(default, "non-linearity of the code", choices=choices)


def penalty_weight_setting(default: float) -> Any:
    """The setting shared by families that add a penalty to the reconstruction error."""
    return setting(default, "weight of the penalty", low=0, high=1000)


def corruption_setting() -> Any:
    """The setting shared by families that learn to remove noise."""
    return setting(
        "masking",
        "corruption of the input by black pixels, black or white pixels, or added noise",
        choices={
            "masking": "Masking",
            "salt-pepper": "Salt and pepper",
            "gaussian": "Gaussian noise",
        },
    )
