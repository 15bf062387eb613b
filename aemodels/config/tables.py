"""The settings that each family has with each network, by flat name."""

from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from typing import Any

from aemodels.architecture import NETWORKS
from aemodels.config.shared_groups import Augmentation, DataSettings, Loop, Machine
from aemodels.families import FAMILIES
from aemodels.setting import Setting, SettingError, Settings, listed

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
    return {place: owner.table() for place, owner in owners(family, network)}


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


def owners(family: str, network: str) -> list[tuple[str, type[Settings]]]:
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


def misplaced(name: str, family: str, network: str) -> SettingError:
    """The error for a setting that this family doesn't have with this network."""
    whose = f"family {family} with network {network}"
    known = users(name)
    if not known:
        nearest = get_close_matches(name[:40], every_setting(), n=3, cutoff=0)
        remedy = f"the nearest are {listed(nearest, 'and')}; aemodels train --help lists all"
        return SettingError(name[:40], None, "unknown setting", remedy)
    if family in known:
        other = f"{{network}} {listed(known[family])}"
    else:
        other = f"{{family}} {listed(known)}"
    remedy = f"leave it out or use {other}"
    return SettingError(name, None, f"{whose} has no such setting", remedy)
