"""The address of the page on show: when it says what is shown, and when it is written.

When a person arrives at a page by a link, or goes Back or Forward, the address says what is shown,
and what it doesn't say is at its default; from then on what the person sets goes into the address,
without the defaults. Whoever comes back by the navigation finds the page as it was left.

`ui.query_params` has the kinds of parameters, `ui.parameters` the table of each page.
"""

from collections.abc import Iterable, Mapping
from typing import Any, NoReturn, Protocol

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from ui import markdown


class Parameter(Protocol):
    """What is asked of a parameter here."""

    @property
    def name(self) -> str:
        """Its name in the address."""

    def take(self) -> bool:
        """Let the address say what it is, if it does so in this run and hasn't been asked yet."""

    def put(self, value: Any) -> None:
        """Set it, None for its default."""

    def remove(self) -> None:
        """Set it to its default."""


def begin(page: str) -> None:
    """Say at the start of each run which page it draws, and find out whether the address says what
    is shown: on arrival by a link or a bookmark and after Back or Forward.
    """
    state = st.session_state
    arrived = state.get("page") != page
    context = get_script_run_ctx()
    popped = context is not None and context.is_history_navigation
    # The navigation leads to an address without parameters; then what was set before still holds.
    named = set(st.query_params) - set(_carried())
    if popped or (arrived and ("page" not in state or named)):
        state.told, state.taken = True, set()
        new_visit()
    elif arrived:
        state.told = False
        new_visit()
    state.page = page
    pending().clear()


def belong(parameters: Iterable[Parameter], owner: str) -> None:
    """Set parameters that belong to an owner, such as a model, to their defaults for another one,
    unless the address gives them.
    """
    state, key = st.session_state, f"owner_{st.session_state.page}"
    if state.setdefault(key, owner) != owner:
        state[key] = owner
        new_visit()
        for parameter in parameters:
            if not parameter.take():
                parameter.remove()


def carry(texts: Mapping[str, str | None]) -> None:
    """Leave these, by name, in the address of every page; None is a default."""
    st.session_state.carried = dict(texts)


def switch(page: str, query: Mapping[str, str] | None = None) -> NoReturn:
    """Go to another page, whose address has `query` and what every page's has, such as the class."""
    st.switch_page(page, query_params=_with_carried(query))


def link(page: str, label: str, icon: str, query: Mapping[str, str] | None = None) -> None:
    """A link to another page; its address is that of `switch`."""
    st.page_link(page, label=label, icon=icon, query_params=_with_carried(query))


def visit() -> int:
    """A number that is another one whenever the view on show has to take over the state it is handed."""
    return int(st.session_state.get("visit", 0))


def new_visit() -> None:
    """Let the view take over the state that it is handed, even if it is on show already."""
    st.session_state.visit = visit() + 1


def finish(parameters: Iterable[Parameter]) -> None:
    """Write the address, without parameters that the page doesn't have or that weren't asked for,
    and show all notices so far.
    """
    state, found = st.session_state, pending()
    known = [parameter.name for parameter in parameters]
    found |= _carried()
    known += _carried()
    if state.setdefault("told", True):
        for name in sorted(set(st.query_params) - set(known)):
            note(f"Ignored unknown parameter {markdown.code(name[:40])}.")
    _write({name: text for name in known if (text := found.get(name)) is not None})
    found.clear()
    state.told, state.taken = False, set()
    show_notices()


def keep(parameters: Iterable[Parameter], state: Mapping[str, Any] | None) -> None:
    """Write into the address what a view has reported of these parameters, called by their names.

    A view that was told another state since then has reported something else before.
    """
    if state is None or state["visit"] != visit():
        return
    for parameter in parameters:
        parameter.put(state[parameter.name])
    rewrite()


def rewrite() -> None:
    """Write what was put since `finish`."""
    changed = {**dict(st.query_params), **pending()}
    pending().clear()
    _write({name: text for name, text in changed.items() if text is not None})


def show_notices() -> None:
    """Show the notices about the parameters read so far, in one box."""
    notices = st.session_state.pop("notices", [])
    if notices:
        st.warning("  \n".join(notices), icon=":material/link_off:")


def pending() -> dict[str, str | None]:
    """What this run has read or set so far, by name; None is a default."""
    found: dict[str, str | None] = st.session_state.setdefault("pending", {})
    return found


def _carried() -> dict[str, str | None]:
    found: dict[str, str | None] = st.session_state.get("carried", {})
    return found


def _with_carried(query: Mapping[str, str] | None) -> dict[str, str]:
    carried = {name: text for name, text in _carried().items() if text is not None}
    return {**carried, **(query or {})}


def _write(wanted: Mapping[str, str]) -> None:
    # At once: each change by itself would be an entry of the browser's history.
    if dict(st.query_params) != wanted:
        st.query_params.from_dict(wanted)


def note(notice: str) -> None:
    """Add a sentence to the box of notices."""
    st.session_state.setdefault("notices", []).append(notice)
