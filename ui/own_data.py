"""What pages say of the user's own data sets."""

import streamlit as st

from aemodels.data import Source
from ui import markdown


def about(name: str, source: Source) -> None:
    """How the pictures of one's own were made and split, or that they aren't here."""
    if not source.own:
        return
    title = markdown.escape(source.title)
    if source.sha256:
        st.caption(f"Your own pictures, **{title}**. {markdown.escape(source.about)}")
        return
    st.info(
        f"The pictures of **{title}** aren't here, so they are blank; the model decodes all the same. "
        f"`python -m aemodels data add PATH --name {name}` adds them."
    )
