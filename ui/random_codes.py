"""Random codes, decoded by several models: what a prior is for."""

from collections.abc import Iterable, Mapping, Sequence

import lens
from aemodels import views
from aemodels.bundles import Bundle
from aemodels.views import contract
from ui.model_catalogue import latents_text
from ui.zoo_cache import Zoo

# Two latents hide the difference: there, an autoencoder's gaps decode to clean digits too.
WITH_AND_WITHOUT_PRIOR = ("ae-16", "vae-16")
WHY_OTHERS = (
    "An autoencoder and a VAE with 16 latents, whichever models are compared above: with two latents, most random "
    "codes decode to a digit with either of them."
)


def show(models: Iterable[contract.LabelledModel], plural: str = "digits") -> None:
    """A grid of 48 images a model; `plural` is what they show."""
    lens.draws(list(models), plural)


def of_zoo(zoo: Zoo, labels: Mapping[str, str]) -> list[contract.LabelledModel]:
    """The models of the zoo with these labels by name; those that are missing are left out."""
    return [views.labelled(zoo[name], label) for name, label in labels.items() if name in zoo]


def pair(zoo: Zoo) -> list[contract.LabelledModel]:
    """An autoencoder and a VAE of 16 latents."""
    return of_zoo(zoo, {name: _label(zoo[name]) for name in WITH_AND_WITHOUT_PRIOR if name in zoo})


def beside(model: contract.Model, zoo: Zoo, dataset: str) -> list[contract.LabelledModel]:
    """A model of a data set and, where it is theirs, the autoencoder and VAE of 16 latents."""
    others = [each for each in _pair_of(zoo, dataset) if each["name"] != model["name"]]
    return [_sized(model), *others]


def compared(
    models: Sequence[contract.Model], zoo: Zoo, dataset: str
) -> tuple[list[contract.LabelledModel], str]:
    """Models of a data set that are compared, and "".

    Where all have at most two latents: the autoencoder and VAE of 16, if they are of this data set,
    and why.
    """
    small = all(model["latent_dim"] <= 2 for model in models)
    others = _pair_of(zoo, dataset) if small else []
    return (others, WHY_OTHERS) if others else ([_sized(model) for model in models], "")


def _pair_of(zoo: Zoo, dataset: str) -> list[contract.LabelledModel]:
    return pair({name: item for name, item in zoo.items() if item.config.data.dataset == dataset})


def _sized(model: contract.Model) -> contract.LabelledModel:
    """Titles side by side name the number of latents where it differs; here all do."""
    size = latents_text(model["latent_dim"])
    title = model["title"]
    return {**model, "label": title if title.endswith(size) else f"{title}, {size}"}


def _label(item: Bundle) -> str:
    return f"{views.model(item)['title']}, {latents_text(item.latent_dim)}"
