"""Interpolate: the ways of two to four models from one real image to another."""

from collections.abc import Container, Sequence

import streamlit as st

import lens
from aemodels import views
from aemodels.data import DataError
from ui import (
    address,
    model_picker,
    own_data,
    page_header,
    page_words,
    terms,
    view_states,
    zoo_cache,
)
from ui.given import Address
from ui.page_header import header
from ui.parameters import FRAMES, INTERPOLATE, INTERPOLATE_VIEW, A, B


def main() -> None:
    zoo = zoo_cache.load()
    with header(page_words.SENTENCES["interpolate"]):
        models = model_picker.pick_several(zoo, view_states.LATENTS["interpolate"])
    dataset = models[0].bundle.config.data.dataset
    source = views.source(dataset, models[0].bundle)
    starts = view_states.ends(dataset, source)
    # Each map has its own zoom.
    address.belong([FRAMES], " ".join(each.model["name"] for each in models))
    state = view_states.interpolate(Address(), starts, source)
    address.finish(INTERPOLATE)
    data = views.dataset(dataset, models[0].bundle)
    own_data.about(source, data)
    # From the last to the first, so that one that was added is at the top.
    shown = [each.model for each in models[::-1]]
    found = lens.interpolate(shown, data, *starts, state)
    address.keep(INTERPOLATE_VIEW, found)
    ends = (A.usually(starts[0]).read(), B.usually(starts[1]).read())
    numbers = [start if end is None else end for end, start in zip(ends, starts, strict=True)]
    if source.sha256:
        name_tab(dataset, numbers, (found and found["drawn"]) or ())
    with st.expander("What am I seeing?"):
        st.markdown(terms.link(page_words.of_interpolation(dataset)))


def name_tab(dataset: str, numbers: Sequence[int], drawn: Container[str]) -> None:
    """Name the tab after both ends, test images by their classes: "Interpolate 3 to a drawing"."""
    try:
        names = views.class_names(dataset)
    except DataError:
        # The view says what is missing.
        return
    words = [
        "a drawing" if end in drawn else names[number]
        for end, number in zip("ab", numbers, strict=True)
    ]
    page_header.title(f"Interpolate {words[0]} to {words[1]}")


main()
