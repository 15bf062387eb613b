"""The settings of one run, as a tree: family, network, data, augmentation, loop, machine.

    config = Config.of("vae", latent_dim=2, beta=4)     # flat names; each belongs to one group
    config.family.beta, config.network.latent_dim, config.loop.epochs

Each group owns its settings with their ranges (`setting.Setting`); the command line, the form of
the Train page, saved bundles and validation read them from there.
"""

from aemodels.config.shared_groups import Augmentation, DataSettings, Loop, Machine
from aemodels.config.tables import (
    NETWORK,
    default,
    every_setting,
    family_setting,
    groups,
    table,
    users,
)
from aemodels.config.tree import Config

__all__ = [
    "NETWORK",
    "Augmentation",
    "Config",
    "DataSettings",
    "Loop",
    "Machine",
    "default",
    "every_setting",
    "family_setting",
    "groups",
    "table",
    "users",
]
