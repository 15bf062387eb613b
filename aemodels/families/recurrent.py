"""The recurrent autoencoder: a GRU reads the 28 rows of an image, another writes them back."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from aemodels.families.base import Family


@dataclass(frozen=True)
class Recurrent(Family):
    """Srivastava et al. 2015, "Unsupervised learning of video representations using LSTMs", figure
    2, with the GRU of Cho et al. 2014 and rows in place of frames.
    """

    name: ClassVar[str] = "recurrent"
    title: ClassVar[str] = "Recurrent autoencoder"
    meaning: ClassVar[str] = "recurrent autoencoder, which reads and writes row by row"
    networks: ClassVar[tuple[str, ...]] = ("gru",)
    defaults: ClassVar[Mapping[str, Any]] = {"latent_dim": 16, "batch_size": 256}
