"""The kinds of network: settings, layer sizes and weight shapes. Loads no PyTorch.

`models.networks` builds them; bundles are checked against these shapes without loading PyTorch.
"""

from aemodels.architecture.convolutional import (
    CONV_HIDDEN,
    CORNER,
    DECODED,
    ENCODED,
    FILTERS,
    KERNEL,
    NARROW_DECODED,
    NARROW_HIDDEN,
    AsymmetricConvNetwork,
    ConvNetwork,
    NarrowConvNetwork,
)
from aemodels.architecture.fully_connected import (
    LARGEST_DEPTH,
    MLP,
    FullyConnected,
    LinearNetwork,
    ShallowNetwork,
)
from aemodels.architecture.network import ACTIVATIONS, SLOPES, Network
from aemodels.architecture.recurrent import GRU_HIDDEN, ROW, ROWS, GRUNetwork

__all__ = [
    "ACTIVATIONS",
    "CONV_HIDDEN",
    "CORNER",
    "DECODED",
    "ENCODED",
    "FILTERS",
    "GRU_HIDDEN",
    "KERNEL",
    "LARGEST_DEPTH",
    "MLP",
    "NARROW_DECODED",
    "NARROW_HIDDEN",
    "NETWORKS",
    "ROW",
    "ROWS",
    "SLOPES",
    "AsymmetricConvNetwork",
    "ConvNetwork",
    "FullyConnected",
    "GRUNetwork",
    "LinearNetwork",
    "NarrowConvNetwork",
    "Network",
    "ShallowNetwork",
]

NETWORKS: dict[str, type[Network]] = {
    network.kind: network
    for network in (
        MLP,
        ShallowNetwork,
        ConvNetwork,
        AsymmetricConvNetwork,
        NarrowConvNetwork,
        LinearNetwork,
        GRUNetwork,
    )
}
