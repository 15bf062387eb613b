"""Pickers of models: one of the zoo by family and size, one of the user's own, or three to compare."""

from collections.abc import Iterable
from dataclasses import dataclass

import streamlit as st

from aemodels import runs
from aemodels.bundles import Bundle
from aemodels.families import FAMILIES
from lens import contract
from ui import lens_data, own_models
from ui.own_models import PRETRAINED, ZOO
from ui.query_params import Choice
from ui.zoo_cache import Zoo

TITLES = {name: family.title for name, family in FAMILIES.items()}
TRIO = ("pca", "ae", "vae")
MOST_BUTTONS = 3

SOURCE = Choice("source", "Model from", control="menu")
MODEL = Choice("model", "Model", control="menu")
LATENTS = Choice("latents", "Number of latents")
VARIANT = Choice("variant", "Variant", control="menu")
# Pages with a trio keep what Explore has chosen, for the way back.
ONE = (SOURCE, MODEL, LATENTS, VARIANT)
OF_TRIO = {family: Choice(family, TITLES[family], control="menu") for family in TRIO}
THREE = (*ONE, *OF_TRIO.values())


@dataclass(frozen=True, eq=False)
class PickedModel:
    """A model that was picked: its bundle, and its form for the lens."""

    bundle: Bundle
    model: contract.Model


def pick_size(zoo: Zoo) -> int:
    """A picker of the numbers of latents for which the zoo has PCA, autoencoder and VAE."""
    every = sorted({item.latent_dim for item in zoo.values()})
    sizes = [size for size in every if all(f"{name}-{size}" in zoo for name in TRIO)]
    return int(LATENTS.of(_sizes(sizes or every), MOST_BUTTONS).pick())


def pick_model(zoo: Zoo) -> Bundle:
    """Pickers of family, latents and, where there are several of these, which of them."""
    families = {item.family for item in zoo.values()}
    choices = {
        name: title.removesuffix(" autoencoder")
        for name, title in TITLES.items()
        if name in families
    }
    family = MODEL.of(choices).pick()
    mine = [item for item in zoo.values() if item.family == family]
    latents = int(LATENTS.of(_sizes({item.latent_dim for item in mine}), 0).pick())
    names = {item.name for item in mine if item.latent_dim == latents}
    if len(names) == 1:
        VARIANT.remove()
        return zoo[names.pop()]
    # First the one that is called after its family and size alone.
    ordered = sorted(names, key=lambda name: (name != f"{family}-{latents}", name))
    return zoo[VARIANT.of({name: name for name in ordered}).pick()]


def pick_source() -> runs.Run | None:
    """Where Explore's model is from: None for the zoo, or one of the user's own runs."""
    own = own_models.find()
    if not own and SOURCE.text in (None, ZOO):
        return None
    names = own_models.labels(own.values())
    return own.get(SOURCE.of({key: names[key] for key in (ZOO, *own)}).pick())


def pick_trio(zoo: Zoo, latents: int) -> list[PickedModel]:
    """PCA, autoencoder and VAE for the lens, in this order: the zoo's, or own runs in their place.

    Stops the page if one is missing.
    """
    # All maps show one and the same test digit.
    own = {k: run for k, run in own_models.find().items() if run.config.data.dataset == "mnist"}
    families = {run.config.family.name for run in own.values()}
    names = own_models.labels(own.values())
    chosen = dict.fromkeys(TRIO, ZOO)
    if families & set(TRIO):
        with st.popover("My runs", icon=":material/model_training:"):
            for family, parameter in OF_TRIO.items():
                mine = {k: names[k] for k, run in own.items() if run.config.family.name == family}
                if mine:
                    st.caption(TITLES[family])
                    chosen[family] = parameter.of({ZOO: PRETRAINED, **mine}).pick()
    models = []
    for family, source in chosen.items():
        if source != ZOO:
            picked = of_run(own[source])
            if picked.bundle.latent_dim != latents:
                # The picker of latents is about the pretrained ones.
                picked.model["title"] += f" · {latents_text(picked.bundle.latent_dim)}"
            models.append(picked)
        elif item := zoo.get(f"{family}-{latents}"):
            models.append(of_zoo(item))
        else:
            title = f"{TITLES[family]} with {latents_text(latents)}"
            st.error(f"This page needs {title}, which couldn't be loaded.")
            st.stop()
    return models


def latents_text(latents: int) -> str:
    """2 -> "2 latents"."""
    return f"{latents} latent{'s' * (latents > 1)}"


def _sizes(sizes: Iterable[int]) -> dict[str, str]:
    return {str(size): latents_text(size) for size in sorted(sizes)}


def of_run(run: runs.Run) -> PickedModel:
    """The model of a run; stops the page with a sentence if its bundle is damaged."""
    item = own_models.load(run)
    family = TITLES[item.family]
    title = run.name if run.name.startswith(family) else f"{family} · {run.name}"
    return PickedModel(item, lens_data.model(item, name=run.id, title=title, url=f"/runs/{run.id}"))


def of_zoo(item: Bundle) -> PickedModel:
    """A model of the zoo."""
    return PickedModel(item, lens_data.model(item))
