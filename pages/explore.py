"""Explore: drag through one model's latent space and watch the picture change."""

import streamlit as st

import lens
from aemodels import views
from aemodels.data import Source
from ui import (
    address,
    beta_models,
    model_picker,
    own_data,
    page_header,
    page_words,
    random_codes,
    terms,
    view_states,
    zoo_cache,
)
from ui.given import Address
from ui.page_header import header
from ui.parameters import EXPLORE, EXPLORE_VIEW, FIRST_LESSON, FRAME, PINS, Z
from ui.zoo_cache import Zoo


def main() -> None:
    zoo = zoo_cache.load()
    with header(
        page_words.SENTENCES["explore"],
        "**Drag anywhere on the map** and watch the picture. New here? "
        f"[Lesson 1](learn?lesson={FIRST_LESSON}) takes two minutes.",
    ):
        key, picked = model_picker.pick_model(zoo)
    model = picked.model
    size = model_picker.latents_text(model["latent_dim"])
    page_header.title(f"Explore {model['title']}, {size}")
    # A code belongs to one model; another model starts from its own.
    address.belong((Z, FRAME, PINS), model["name"])
    dataset = picked.bundle.config.data.dataset
    source = views.source(dataset, picked.bundle)
    state = view_states.explore(Address(), model, source)
    address.finish(EXPLORE)
    data = views.dataset(dataset, picked.bundle)
    own_data.about(source, data)
    shown = lens.explore(model, data, state)
    address.keep(EXPLORE_VIEW, shown)
    rolled = st.expander("Roll 48 random codes", key="random_codes", on_change="rerun")
    if rolled.open:
        with rolled:
            random_codes.show(random_codes.beside(model, zoo, dataset), source.plural)
    with st.expander("What am I seeing?"):
        explain(model["family"], source, zoo)
    with st.container(horizontal=True):
        model_picker.links(zoo, key)
        if model["objective"]["beta"] is not None:
            beta_models.link(zoo, model["name"])


def explain(family: str, source: Source, zoo: Zoo) -> None:
    """The idea of a family in a few sentences, or a link to its section."""
    st.markdown(terms.link(page_words.of_family(family, source)))
    if page_words.is_explained(family):
        return
    # A family that was added later has no section.
    if family in {item.family for item in zoo.values()}:
        query = {"family": family}
        address.link("families/page.py", "See how it works", ":material/family_history:", query)


main()
