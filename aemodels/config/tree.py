"""The settings of one run, made from flat names, from words of a command line or from JSON."""

import shlex
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from aemodels.architecture import MLP, Network
from aemodels.config.shared_groups import Augmentation, DataSettings, Loop, Machine
from aemodels.config.tables import (
    DEFAULT_FAMILY,
    NETWORK,
    family_setting,
    misplaced,
    owners,
    table,
)
from aemodels.families import FAMILIES
from aemodels.families.base import Family
from aemodels.families.vae import VAE
from aemodels.setting import SettingError, flag, listed


@dataclass(frozen=True)
class Config:
    """The settings of one run. The constructor checks that they fit together: SettingError."""

    family: Family = field(default_factory=VAE)
    network: Network = field(default_factory=MLP)
    data: DataSettings = field(default_factory=DataSettings)
    augmentation: Augmentation = field(default_factory=Augmentation)
    loop: Loop = field(default_factory=Loop)
    machine: Machine = field(default_factory=Machine)

    def __post_init__(self) -> None:
        family, kind = self.family, self.network.kind
        if kind not in family.networks:
            problem = f"family {family.name} has no such network"
            remedy = f"use {{network}} {listed(family.networks)}"
            raise SettingError("network", kind, problem, remedy)
        trouble = family.check(self.network, self.data.train_images)
        if trouble:
            raise trouble

    @property
    def phases(self) -> tuple[int, ...]:
        """The epochs of each stage; none if the model is solved."""
        return (self.loop.epochs,) * self.family.stages(self.network)

    @classmethod
    def of(cls, family: str = "vae", **flat: Any) -> "Config":
        """The family's defaults with the given settings, by flat name. Raises SettingError."""
        kind = FAMILIES[family_setting().check(family)]
        network = NETWORK.check(flat.pop("network", kind.networks[0]))
        known = table(family, network)
        usual = {name: value for name, value in kind.defaults.items() if name in known}
        return cls.from_dict({"family": family, "network": network, **usual, **flat})

    @classmethod
    def parse(cls, texts: Mapping[str, str]) -> "Config":
        """From the words of a command line, by flat name. Raises SettingError."""
        family = family_setting().parse(texts.get("family", DEFAULT_FAMILY))
        network = NETWORK.parse(texts.get("network", FAMILIES[family].networks[0]))
        known = table(family, network)
        values = {}
        for name, text in texts.items():
            if name in ("family", "network"):
                continue
            if name not in known:
                raise misplaced(name, family, network)
            values[name] = known[name].parse(text)
        return cls.of(family, network=network, **values)

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> "Config":
        """From flat names, as `to_dict` gives them; missing ones keep their defaults. Raises
        SettingError.
        """
        family = family_setting().check(values.get("family"))
        network = NETWORK.check(values.get("network"))
        known = table(family, network)
        for name in values:
            if name not in ("family", "network") and name not in known:
                raise misplaced(name, family, network)
        groups: dict[str, Any] = {}
        for place, owner in owners(family, network):
            groups[place] = owner(
                **{name: values[name] for name in owner.table() if name in values}
            )
        return cls(**groups)

    def with_(self, **flat: Any) -> "Config":
        """A copy with other values for some flat names. Raises SettingError.

        With another family or network, settings that these don't have are left out.
        """
        values = self.to_dict()
        family = family_setting().check(flat.get("family", self.family.name))
        network = NETWORK.check(flat.get("network", self.network.kind))
        known = table(family, network)
        kept = {name: value for name, value in values.items() if name in known}
        return Config.from_dict({**kept, "family": family, "network": network, **flat})

    def to_dict(self) -> dict[str, Any]:
        """The settings that this family and network have, by flat name, ready for JSON."""
        values: dict[str, Any] = {"family": self.family.name, "network": self.network.kind}
        for place, _ in owners(self.family.name, self.network.kind):
            values |= getattr(self, place).to_dict()
        return values

    def without_machine(self) -> dict[str, Any]:
        """Everything that determines the weights: all but the machine."""
        return {name: v for name, v in self.to_dict().items() if name not in Machine.table()}

    def defaults(self) -> dict[str, Any]:
        """The defaults of the settings that this family and network have, by flat name."""
        rows = table(self.family.name, self.network.kind).items()
        return {n: list(r.default) if isinstance(r.default, tuple) else r.default for n, r in rows}

    def texts(self) -> dict[str, str]:
        """Every setting as a command line has it, by flat name."""
        known = {
            **table(self.family.name, self.network.kind),
            "family": family_setting(),
            "network": NETWORK,
        }
        return {name: known[name].text(value) for name, value in self.to_dict().items()}

    def options(self) -> list[str]:
        """Every setting as words of a command line: `--family`, `vae`, …"""
        return [word for name, text in self.texts().items() for word in (flag(name), text)]

    def command(self, *ending: str) -> str:
        """The shell command that makes this model again, with every setting spelled out.

        `ending` is where to: `--output`, `zoo/vae-2`.
        """
        return shlex.join(["python", "-m", "aemodels", "train", *self.options(), *ending])
