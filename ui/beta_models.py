"""VAEs of two latents that differ in β alone, in the form that the lens takes."""

from collections.abc import Sequence

import numpy as np
import streamlit as st

from aemodels import views
from aemodels.analysis import latent_space
from aemodels.bundles import Bundle
from aemodels.views import contract
from ui import address, results_cache
from ui.parameters import BETA, FAMILY
from ui.zoo_cache import Zoo

PREFIX = "beta-2d-"  # of their names in the zoo, before β
RESULT = "beta-2d"  # the row of the reproduction that counts legible draws
USUAL = 1.0  # the β from which the maps are aligned, and that is shown at first


def find(zoo: Zoo) -> list[Bundle]:
    """Those of the zoo, in the order of β."""
    found = [item for name, item in zoo.items() if name.startswith(PREFIX)]
    return sorted(found, key=beta)


def beta(item: Bundle) -> float:
    """The weight of its KL term."""
    return float(item.config.to_dict()["beta"])


def label(item: Bundle) -> str:
    """Its β as a slider and the address have it."""
    return f"{beta(item):g}"


def models(items: Sequence[Bundle]) -> list[contract.BetaModel]:
    """Each with its numbers and the turn of its map."""
    found = results_cache.details(RESULT)
    legible = dict(zip(found.get("beta", ()), found.get("legible_share", ()), strict=True))
    stamps = tuple(views.model(item)["stamp"] for item in items)
    each = zip(items, _turns(items, stamps), strict=True)
    return [_model(item, turn, legible.get(beta(item))) for item, turn in each]


def link(zoo: Zoo, name: str) -> None:
    """A button that opens them under the slider, if there are any: this one first if it is one of them."""
    items = find(zoo)
    if not items or not st.button("Drag β", key="go-beta", icon=":material/tune:"):
        return
    query = {FAMILY.name: "beta"}
    if name in zoo and zoo[name] in items:
        query[BETA.name] = label(zoo[name])
    address.switch("families/page.py", query)


def _model(item: Bundle, turn: np.ndarray, legible_share: float | None) -> contract.BetaModel:
    kl = item.metrics.number("kl")
    return contract.BetaModel(
        **views.labelled(item, label(item)),
        beta=beta(item),
        turn=turn.tolist(),
        reconstruction=item.metrics.number("negative_elbo_sample") - kl,
        kl=kl,
        active_units=_active_units(item, item.digests["codes.npy"]),
        legible_share=legible_share,
    )


@st.cache_data(show_spinner=False, max_entries=50)
def _active_units(_item: Bundle, stamp: str) -> int:
    return latent_space.active_units(_item.codes()[0])


@st.cache_data(show_spinner=False, max_entries=4)
def _turns(_items: Sequence[Bundle], stamps: tuple[str, ...]) -> list[np.ndarray]:
    """The turn of each model's codes, (2, 2), to where those of the model beside it lie.

    From β = 1 outwards, so that neither end is the measure. A VAE may be turned freely: its prior
    looks the same from everywhere.
    """
    codes = [item.codes()[0] for item in _items]
    start = int(np.argmin([abs(beta(item) - USUAL) for item in _items]))
    turns = [np.eye(2)] * len(codes)
    for step, end in ((1, len(codes)), (-1, -1)):
        for k in range(start + step, end, step):
            beside = codes[k - step] @ turns[k - step]
            turns[k] = latent_space.procrustes_turn(codes[k], beside)
    return turns
