"""What every family of autoencoders is made of: its settings, its network and its objective.

Nothing here loads PyTorch, since pages and the command line read families without training them.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple

if TYPE_CHECKING:
    import torch
    from torch import Tensor, nn

    from aemodels.config import Config
    from aemodels.models.autoencoder import Autoencoder

# Scalars, means over the images. `loss` is what to minimise, the others are its parts.
Terms = dict[str, "Tensor"]


class Batch(NamedTuple):
    """What one step sees: images (N, 784) float32 in [0, 1] and, for a classifier, labels (N,)."""

    images: Tensor
    labels: Tensor | None = None
    stage: int = 0


ALWAYS = ("family", "dataset", "latent_dim", "train_images")
LOOP = ("epochs", "batch_size", "learning_rate", "schedule", "weight_decay")
MACHINE = ("seed", "device", "precision")
BODY = ("body", "hidden", "activation", "objective", "output_activation", "pixels")
CODE = ("code", "tied")


class Family:
    """One kind of autoencoder. A new one is a subclass in a file of its own and one line in
    `families/__init__.py`.
    """

    name: ClassVar[str]
    title: ClassVar[str]
    meaning: ClassVar[str]
    # Whether the encoder's head gives μ, then log σ².
    variational: ClassVar[bool] = False
    # Whether it is solved, not trained.
    closed_form: ClassVar[bool] = False
    # The kind of network, where the family leaves no choice of `body`.
    network: ClassVar[str | None] = None
    # Rows of `config.SETTINGS` that it uses; any other must keep its default.
    settings: ClassVar[tuple[str, ...]] = (*ALWAYS, *BODY, *CODE, *LOOP, *MACHINE)
    # What the form and the command line start from, where it is not the table's default.
    defaults: ClassVar[Mapping[str, Any]] = {}

    @property
    def knobs(self) -> tuple[str, ...]:
        """The settings that set it apart: those that plain autoencoders don't have."""
        return tuple(name for name in self.settings if name not in Family.settings)

    def check(self, config: Config) -> str | None:
        """What is wrong with settings that are each within their range: one line, or None."""
        return None

    def stages(self, config: Config) -> int:
        """Trainings that follow each other, each of `config.epochs` epochs."""
        return 0 if self.closed_form else 1

    def parameters(self, model: nn.Module, stage: int) -> dict[str, nn.Parameter]:
        """Those that this stage trains, by name."""
        return dict(model.named_parameters())

    def objective(self, model: Autoencoder, batch: Batch, generator: torch.Generator) -> Terms:
        """The terms of one batch, with noise from `generator`."""
        raise NotImplementedError
