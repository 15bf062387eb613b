"""The line on top of a page."""

import streamlit as st
from streamlit.delta_generator import DeltaGenerator


def header(sentence: str) -> DeltaGenerator:
    """A sentence, and room for pickers next to it, which move below it on a phone."""
    row = st.container(
        horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"
    )
    row.markdown(sentence, width="content")
    return row.container(horizontal=True, vertical_alignment="center", width="content")
