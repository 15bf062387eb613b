"""The settings of one run, as a tree: family, network, data, augmentation, loop, machine.

    config = Config.of("vae", latent_dim=2, beta=4)     # flat names; each belongs to one group
    config.family.beta, config.network.latent_dim, config.loop.epochs

Each group owns its settings with their ranges (`setting.Setting`); the command line, the form of
the Train page, saved bundles and validation read them from there.
"""

import shlex
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from aemodels.architecture import MLP, NETWORKS, Network
from aemodels.data.datasets import SOURCES
from aemodels.families import FAMILIES
from aemodels.families.base import Family
from aemodels.families.vae import VAE
from aemodels.setting import Setting, SettingError, Settings, flag, listed, setting


@dataclass(frozen=True)
class DataSettings(Settings):
    """The training images and how they are binarised."""

    dataset: str = setting(
        "mnist",
        "images of digits, or of clothes (downloaded once)",
        title="Data set",
        choices={name: source.title for name, source in SOURCES.items()},
    )
    binarisation: str = setting(
        "grey",
        "grey levels, pixels thresholded at 0.5, or pixels drawn at random at each step",
        title="Pixels",
        choices={
            "grey": "Grey levels",
            "threshold": "Black and white, at 0.5",
            "stochastic": "Black and white, drawn at random",
        },
    )
    train_images: int = setting(
        60_000, "train on the first N images only", title="Training images", low=1, high=60_000
    )


@dataclass(frozen=True)
class Augmentation(Settings):
    """The training images that each step moves (`training.augmentation`); none by default."""

    augmented_share: float = setting(
        0.0, "share of each batch that is shifted and rotated at random", low=0, high=1
    )
    largest_shift: int = setting(
        2,
        "pixels by which an augmented image is shifted at most, each way",
        low=0,
        high=14,
        needs="augmented_share",
    )
    largest_rotation: float = setting(
        10.0,
        "degrees by which an augmented image is rotated at most, each way",
        low=0,
        high=180,
        needs="augmented_share",
    )
    augmented_until: float = setting(
        1.0,
        "share of the training after which images stay as they are",
        low=0,
        high=1,
        needs="augmented_share",
    )

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.augmented_share:
            return
        for name, row in self.table().items():
            value = getattr(self, name)
            if value != row.default:
                problem = "no image is augmented"
                remedy = f"use {{augmented_share}} 0.5 or leave {{{name}}} out"
                raise SettingError(name, row.text(value), problem, remedy)

    @property
    def active(self) -> bool:
        """Whether any image is moved."""
        return bool(self.augmented_share and (self.largest_shift or self.largest_rotation))


@dataclass(frozen=True)
class Loop(Settings):
    """How the weights are trained."""

    epochs: int = setting(60, "passes over the training images", low=1, high=10_000)
    batch_size: int = setting(512, "images per step", low=1, high=60_000)
    learning_rate: float = setting(
        3e-3, "peak of the schedule, or the constant rate", low=1e-6, high=1
    )
    schedule: str = setting(
        "one-cycle",
        "schedule of the learning rate",
        choices={
            "one-cycle": "One cycle",
            "linear": "Short warm-up, linear decay",
            "constant": "Constant",
        },
    )
    beta2: float = setting(
        0.999, "decay of AdamW's mean of squared gradients", title="β₂", low=0.5, high=0.9999
    )
    weight_decay: float = setting(0.01, "decoupled weight decay of AdamW", low=0, high=10)
    seed: int = setting(0, "seed for weights, batch order and noise", low=0, high=2**32 - 1)


@dataclass(frozen=True)
class Machine(Settings):
    """Device and precision: they change a result's speed and last digits, not its meaning."""

    device: str = setting(
        "auto",
        "where to train (auto is cuda, then mps, then cpu)",
        choices={"auto": "Automatic", "cuda": "NVIDIA GPU", "mps": "Apple GPU", "cpu": "CPU"},
    )
    precision: str = setting(
        "auto",
        "precision of matrix multiplications (auto is bf16 where the hardware has it)",
        choices={
            "auto": "Automatic",
            "fp32": "32 bits (float32)",
            "bf16": "16 bits (bfloat16)",
        },
    )


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
                raise _misplaced(name, family, network)
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
                raise _misplaced(name, family, network)
        groups: dict[str, Any] = {}
        for place, owner in _owners(family, network):
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
        for place, _ in _owners(self.family.name, self.network.kind):
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


DEFAULT_FAMILY = "vae"
NETWORK = Setting(
    "network",
    "mlp",
    "kind of network",
    choices=tuple(NETWORKS),
    choice_titles={name: kind.title for name, kind in NETWORKS.items()},
)


def family_setting() -> Setting:
    """The choice of a family among those registered now."""
    titles = {name: family.title for name, family in FAMILIES.items()}
    return Setting(
        "family", DEFAULT_FAMILY, "kind of model", choices=tuple(titles), choice_titles=titles
    )


def groups(family: str, network: str) -> dict[str, dict[str, Setting]]:
    """The settings that this family has with this network, by their group's place in `Config`, then
    by flat name.
    """
    return {place: owner.table() for place, owner in _owners(family, network)}


def table(family: str, network: str) -> dict[str, Setting]:
    """The same settings by flat name alone."""
    return {name: row for group in groups(family, network).values() for name, row in group.items()}


def default(family: str, network: str, name: str) -> Any:
    """The default of a setting for this family and network."""
    usual = FAMILIES[family].defaults
    return usual[name] if name in usual else table(family, network)[name].default


def users(name: str) -> dict[str, tuple[str, ...]]:
    """The families that have the setting `name`, each with the networks for which it does."""
    found = {
        family: tuple(kind for kind in made.networks if name in table(family, kind))
        for family, made in FAMILIES.items()
    }
    return {family: kinds for family, kinds in found.items() if kinds}


def every_setting() -> dict[str, Setting]:
    """All settings of all families and networks by flat name, each as its first owner has it."""
    found = {"family": family_setting(), "network": NETWORK}
    for family, made in FAMILIES.items():
        for kind in made.networks:
            found = {**table(family, kind), **found}
    return {name: found[name] for name in _order(found)}


def _order(found: Mapping[str, Setting]) -> Iterator[str]:
    """family and network, then networks, families, data, augmentation, loop and machine."""
    owners: list[type[Settings]] = [*NETWORKS.values(), *FAMILIES.values()]
    names = ["family", "network"]
    owners += [DataSettings, Augmentation, Loop, Machine]
    for owner in owners:
        names += owner.table()
    return iter(dict.fromkeys(name for name in names if name in found))


def _owners(family: str, network: str) -> list[tuple[str, type[Settings]]]:
    """The groups of settings that apply, by their place in `Config`."""
    made = FAMILIES[family]
    groups: list[tuple[str, type[Settings]]] = [
        ("network", NETWORKS[network]),
        ("family", made),
        ("data", DataSettings),
    ]
    if made.closed_form:
        # A model that is solved has neither epochs nor a device, and every image counts once.
        return groups
    return [*groups, ("augmentation", Augmentation), ("loop", Loop), ("machine", Machine)]


def _misplaced(name: str, family: str, network: str) -> SettingError:
    """The error for a setting that this family doesn't have with this network."""
    whose = f"family {family} with network {network}"
    known = users(name)
    if not known:
        names = ", ".join(every_setting())
        return SettingError(name[:40], None, "unknown setting", f"choose from {names}")
    if family in known:
        other = f"{{network}} {listed(known[family])}"
    else:
        other = f"{{family}} {listed(known)}"
    remedy = f"leave it out or use {other}"
    return SettingError(name, None, f"{whose} has no such setting", remedy)
