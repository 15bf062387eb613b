"""What a link asks of every page for a class, such as projector mode."""

import streamlit as st

from ui import address, markdown
from ui.parameters import CLASSROOM, HIDE
from ui.query_params import UnusableError


def begin() -> None:
    """Take it from the address of this run, with a notice of what can't be used.

    The browser does what is asked and keeps it in the address (lens/web/classroom.js): on every
    page, and without the server.
    """
    found: dict[str, str | None] = {}
    for parameter in CLASSROOM:
        text = found[parameter.name] = st.query_params.get(parameter.name)
        if text is None:
            continue
        try:
            parameter.parse(text)
        except UnusableError as error:
            usable = HIDE.usable(text) if parameter is HIDE else []
            found[parameter.name] = HIDE.write(usable) or None
            rest = "Hiding the others" if usable else "Showing the page as usual"
            address.note(f"{markdown.code(f'{parameter.name}={text[:40]}')} {error}. {rest}.")
    address.carry(found)
