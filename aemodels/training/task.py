"""The task of a training loop: a family's objective, or a classifier's."""

import math
from collections.abc import Mapping
from typing import Protocol, TypeVar

import torch
from torch import nn

from aemodels.config import Config
from aemodels.families.base import Batch, Terms
from aemodels.models.autoencoder import Autoencoder
from aemodels.objectives.losses import BASELINE_ERROR

# A model whose error is this many times that of a constant grey image has diverged, though its
# loss is a number.
DIVERGENCE_FACTOR = 2

ModelT = TypeVar("ModelT", bound=nn.Module)
ModelIn = TypeVar("ModelIn", bound=nn.Module, contravariant=True)


class Task(Protocol[ModelIn]):
    """An objective to train, in one or more stages."""

    @property
    def stages(self) -> int: ...

    def parameters(self, model: ModelIn, stage: int) -> dict[str, nn.Parameter]:
        """The parameters that this stage trains, by name."""

    def objective(self, model: ModelIn, batch: Batch, generator: torch.Generator) -> Terms:
        """The terms of one batch, scalars; `loss` is what to minimise."""

    def problem(self, test: Mapping[str, float], stage: int) -> str | None:
        """A sentence if these finite test terms mean that training diverged, else None."""


class Reconstruction:
    """The task of an autoencoder: its family's objective."""

    def __init__(self, config: Config) -> None:
        self._config = config
        self._family = config.family

    @property
    def stages(self) -> int:
        return self._family.stages(self._config.network)

    def parameters(self, model: Autoencoder, stage: int) -> dict[str, nn.Parameter]:
        return self._family.parameters(model, stage)

    def objective(self, model: Autoencoder, batch: Batch, generator: torch.Generator) -> Terms:
        return self._family.objective(model, batch, generator)

    def problem(self, test: Mapping[str, float], stage: int) -> str | None:
        error, baseline = self._family.cost(test), self._baseline(stage)
        if error <= DIVERGENCE_FACTOR * baseline:
            return None
        return f"the test error grew to {error:.3g}; a constant grey image has {baseline:.3g}"

    def _baseline(self, stage: int) -> float:
        # Errors of a stage that trains hidden layers have another scale.
        if stage < self.stages - 1:
            return math.inf
        return BASELINE_ERROR[self._config.network.reconstruction_loss]
