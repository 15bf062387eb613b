"""The models of the user's own runs: the list, their labels, their bundles."""

from collections.abc import Iterable
from pathlib import Path

import streamlit as st

from aemodels import bundles, runs
from aemodels.bundles import Bundle, BundleError
from ui import markdown, persons


def find() -> dict[str, runs.Run]:
    """The runs that have a model to show, by id, newest first; one that diverged has none."""
    return {run.id: run for run in persons.seen() if run.bundle_path and run.state != "failed"}


def labels(found: Iterable[runs.Run]) -> dict[str, str]:
    """Unique labels of runs by id, since a picker identifies its choices by them.

    A teacher, who sees all classes, reads which one a run is of. Among runs of the same name, the
    oldest keeps it and the others get a number.
    """
    all_classes = persons.here().sees_all
    names: dict[str, str] = {}
    taken: set[str] = set()
    for run in sorted(found, key=lambda run: (run.created, run.id)):
        usual = f"{run.name} · class {run.group}" if all_classes and run.group else run.name
        name, number = usual, 1
        while name in taken:
            number += 1
            name = f"{usual} ({number})"
        names[run.id] = name
        taken.add(name)
    return names


@st.cache_resource(show_spinner=False, max_entries=50)
def _read(_path: Path, stamp: tuple[bytes, int]) -> Bundle:
    return bundles.read(_path)


def load(run: runs.Run) -> Bundle:
    """The bundle of a run; stops the page with a sentence if it is damaged."""
    assert run.bundle_path is not None
    try:
        changed = (run.bundle_path / bundles.MANIFEST).stat().st_mtime_ns
        return _read(run.bundle_path, (bytes(run.bundle_path), changed))
    except (BundleError, OSError) as error:
        name = markdown.escape(run.name)
        st.error(f"The model of **{name}** can't be read: {markdown.escape(str(error))}")
        st.stop()
