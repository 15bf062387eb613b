"""The plain autoencoder: reconstruct the image from its code."""

from dataclasses import dataclass
from typing import ClassVar

from aemodels.families.base import Family, code_activation_setting


@dataclass(frozen=True)
class AE(Family):
    """Hinton & Salakhutdinov 2006, "Reducing the dimensionality of data with neural networks"."""

    code_activation: str = code_activation_setting()

    name: ClassVar[str] = "ae"
    title: ClassVar[str] = "Autoencoder"
    meaning: ClassVar[str] = "plain autoencoder"
    networks: ClassVar[tuple[str, ...]] = (*Family.networks, "conv-narrow")
