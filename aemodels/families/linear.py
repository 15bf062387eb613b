"""The linear autoencoder: no activation and squared error, so its span becomes PCA's."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from aemodels.families.base import Family


@dataclass(frozen=True)
class Linear(Family):
    """Baldi & Hornik 1989, "Neural networks and principal component analysis", theorem 1: at every
    minimum that is not a saddle, decoder ∘ encoder is the projection on the leading components.
    """

    name: ClassVar[str] = "linear"
    title: ClassVar[str] = "Linear autoencoder"
    meaning: ClassVar[str] = "linear autoencoder, which spans the same space as PCA"
    networks: ClassVar[tuple[str, ...]] = ("linear",)
    # Weight decay would shrink one layer against the other and distort the projection.
    defaults: ClassVar[Mapping[str, Any]] = {"weight_decay": 0.0}
