"""Every model that can be picked, from the zoo and from the user's own runs, and what it is called."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from aemodels import runs, views
from aemodels.bundles import Bundle
from aemodels.config import Config
from aemodels.families import FAMILIES
from aemodels.views import contract
from ui import own_models
from ui.zoo_cache import Zoo

OWN = "run:"  # before the id of an own run
BETA = "β = "  # before its value, in the name of a model that differs in it
USUAL = "mnist"  # the data set that labels don't name
FAMILY_TITLES = {
    name: family.title.removesuffix(" autoencoder") for name, family in FAMILIES.items()
}


@dataclass(frozen=True, eq=False)
class Candidate:
    """A model that can be picked.

    `key` is its name in the address: that in the zoo, or run:ID. `name` is what tells it from
    others of its family and size: the run's name, β, the name in the zoo, or nothing.
    """

    key: str
    name: str
    config: Config
    source: Bundle | runs.Run

    @property
    def own(self) -> bool:
        """Whether it is one of the user's runs."""
        return self.key.startswith(OWN)

    @property
    def family(self) -> str:
        """Its family's name."""
        return self.config.family.name

    @property
    def latents(self) -> int:
        """The length of its codes."""
        return self.config.network.latent_dim

    @property
    def dataset(self) -> str:
        """The name of the data set that it was trained on."""
        return self.config.data.dataset

    @property
    def label(self) -> str:
        """Its line in a list: name, family, latents, and the data set if it isn't MNIST."""
        facts = [FAMILY_TITLES[self.family], latents_text(self.latents)]
        parts = _named(self.name, facts) if self.own else [*facts, self.name]
        if self.dataset != USUAL:
            parts.append(views.title(self.dataset))
        return " · ".join(filter(None, parts))


Catalogue = Mapping[str, Candidate]  # by key, in the order of a list


@dataclass(frozen=True, eq=False)
class PickedModel:
    """A model that was picked: its bundle, its form for the lens, and whether its codes and test
    metrics are what a file claims, not measured here.
    """

    bundle: Bundle
    model: contract.Model
    claimed: bool = False


def of(zoo: Zoo) -> Catalogue:
    """Own runs, newest first; then the zoo by family and size, its namesake first."""
    own = own_models.find()
    names = own_models.labels(own.values())
    found = {
        f"{OWN}{key}": Candidate(f"{OWN}{key}", names[key], run.config, run)
        for key, run in own.items()
    }
    return found | dict(of_zoo(zoo))


def of_zoo(zoo: Zoo) -> Catalogue:
    """Those of the zoo by family and size, its namesake first."""
    families = list(FAMILIES)
    kinds = Counter((item.family, item.latent_dim) for item in zoo.values())
    each = [
        Candidate(item.name, _variant(item, kinds[item.family, item.latent_dim]), item.config, item)
        for item in zoo.values()
    ]
    each.sort(key=lambda one: (families.index(one.family), one.latents, *_place(one)))
    return {one.key: one for one in each}


def _place(one: Candidate) -> tuple[str, float]:
    """Its place among those of its family and size: by name, and β as a number."""
    kind, _, number = one.name.partition(BETA)
    return (BETA, float(number)) if number and not kind else (one.name, 0.0)


def _variant(item: Bundle, among: int) -> str:
    """What tells a model of the zoo from `among` of its family and size; its namesake needs nothing."""
    if among == 1 or item.name == f"{item.family}-{item.latent_dim}":
        return ""
    beta = item.config.to_dict().get("beta")
    return f"{BETA}{beta:g}" if beta is not None and item.name.startswith("beta-") else item.name


def titles(chosen: Sequence[Candidate]) -> list[str]:
    """Unique short names of models side by side, with what they differ in."""
    sizes = {one.latents for one in chosen}
    found: list[str] = []
    for one in chosen:
        latents = [latents_text(one.latents)] if len(sizes) > 1 else []
        family = FAMILY_TITLES[one.family]
        if not one.own:
            parts = [family, one.name, *latents]
        else:
            parts = _named(one.name, [family, *latents])
        title, number = " · ".join(filter(None, parts)), 1
        base = title
        while title in found:
            number += 1
            title = f"{base} ({number})"
        found.append(title)
    return found


def _named(name: str, facts: Sequence[str]) -> list[str]:
    """A run's name, and those of the facts that aren't in it already."""
    unsaid = [fact for fact in facts if fact.lower() not in name.lower()]
    # Nobody's own VAE is called as the pretrained one is.
    return [name, *(["own run"] if name in FAMILY_TITLES.values() else []), *unsaid]


def read(one: Candidate, title: str) -> PickedModel:
    """A candidate's model under this title; stops the page with a sentence if it is damaged."""
    if isinstance(one.source, Bundle):
        return PickedModel(one.source, views.model(one.source, title=title))
    run = one.source
    item = own_models.load(run)
    found = views.model(item, name=run.id, title=title, url=f"/runs/{run.id}")
    return PickedModel(item, found, run.claimed)


def of_run(run: runs.Run) -> PickedModel:
    """The model of a run; stops the page with a sentence if its bundle is damaged."""
    one = Candidate(f"{OWN}{run.id}", run.name, run.config, run)
    return read(one, titles([one])[0])


def latents_text(latents: int) -> str:
    """2 -> "2 latents"."""
    return f"{latents} latent{'s' * (latents > 1)}"
