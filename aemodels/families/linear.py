"""The linear autoencoder: no activation and squared error, so its span becomes PCA's."""

from __future__ import annotations

from aemodels.families.ae import Plain
from aemodels.families.base import ALWAYS, LOOP, MACHINE


class Linear(Plain):
    """Baldi & Hornik 1989, "Neural networks and principal component analysis", theorem 1: at every
    minimum that is not a saddle, decoder ∘ encoder is the projection on the leading components.
    """

    name = "linear"
    title = "Linear autoencoder"
    meaning = "linear autoencoder, whose span is PCA's"
    network = "linear"
    settings = (*ALWAYS, *LOOP, *MACHINE)
    # Decay would shrink one layer against the other and pull the projection off.
    defaults = {"weight_decay": 0.0}
