"""The way to log in or out, where the `[auth]` section of Streamlit's secrets names a provider."""

from collections.abc import Mapping

import streamlit as st
from streamlit.errors import StreamlitAPIException

from ui import markdown, shared_server


def leave() -> None:
    """A button that leads out again."""
    if shared_server.login() and _is_in():
        st.button("Log out", key="log_out", icon=":material/logout:", on_click=st.logout)


def entry() -> None:
    """Buttons that lead to the providers, for whoever isn't logged in."""
    section = shared_server.login()
    if not section or _is_in():
        return
    named: list[str | None] = [name for name, each in section.items() if isinstance(each, Mapping)]
    st.caption("Log in to start runs; everything else works without.")
    for provider in named or [None]:
        words = f"Log in with {markdown.escape(provider)}" if provider else "Log in"
        if st.button(words, key=f"log_in_{provider}", icon=":material/login:"):
            try:
                st.login(provider)
            except StreamlitAPIException as error:
                st.error(markdown.escape(f"The login isn't set up: {str(error).splitlines()[0]}"))


def _is_in() -> bool:
    return st.user.to_dict().get("is_logged_in") is True
