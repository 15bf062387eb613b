"""Rows of the reproduction table as pages read them: from JSON, again when a file changes."""

from pathlib import Path
from typing import Any

import streamlit as st

from reproduction import result
from ui import markdown


@st.cache_data(show_spinner=False, max_entries=200)
def _read(_path: Path, stamp: tuple[bytes, int]) -> result.Result | str:
    try:
        return result.read(_path)
    except result.ResultError as error:
        return str(error)


def look(name: str) -> result.Result | str | None:
    """A row that was measured, a sentence about why its file can't be used, or None."""
    path = result.folder() / f"{name}.json"
    try:
        return _read(path, (bytes(path), path.stat().st_mtime_ns))
    except OSError:
        return None


def find(name: str) -> result.Result | None:
    """A row that has numbers, else None."""
    found = look(name)
    return found if isinstance(found, result.Result) and found.status == result.DONE else None


def details(name: str) -> dict[str, Any]:
    """The details of a row; empty if it has no numbers."""
    row = find(name)
    return row.details if row else {}


def get(name: str) -> result.Result | None:
    """A row that has numbers; if it has none, the page gets a sentence about why."""
    found = look(name)
    if isinstance(found, str):
        warn(found)
        return None
    if found is None:
        st.info(f"**{name}** hasn't been measured yet. Run `python -m reproduction {name}`.")
    elif found.status != result.DONE:
        st.info(f"**{found.title}**: not measured ({found.status}). See Results.")
        return None
    return found


def warn(sentence: str) -> None:
    """Show that a row was skipped, and why."""
    st.warning(f"Skipped: {markdown.escape(sentence)}", icon=":material/warning:")
