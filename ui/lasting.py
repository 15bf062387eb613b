"""Objects that last as long as the app, kept out of the way of garbage collection."""

import gc

import streamlit as st


@st.cache_resource(show_spinner=False)
def freeze(page: str) -> None:
    """After the first run of a page, exempt what it has loaded, such as Plotly, from collection.

    Streamlit collects all garbage after every run of a page. Looking through what the app has
    loaded took three quarters of a page's time on the server, and 0.1 s of a training each time.
    """
    gc.collect()
    gc.freeze()
