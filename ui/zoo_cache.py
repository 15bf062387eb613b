"""The bundles of the zoo, read once and again when a file changes."""

from collections.abc import Mapping
from pathlib import Path

import streamlit as st

from aemodels import bundles
from aemodels.bundles import Bundle, zoo
from ui import markdown

Zoo = Mapping[str, Bundle]  # by name


@st.cache_resource(show_spinner=False)
def _scan(_folder: Path, stamp: tuple[tuple[bytes, int], ...]) -> bundles.BundleIndex:
    return bundles.scan(_folder)


def load() -> Zoo:
    """The usable ones, sorted by name; the page lists the others.

    Stops the page if there are none.
    """
    folder = zoo.folder()
    files = sorted(folder.glob("*/*")) if folder.is_dir() else []
    # Bytes: as text, a path that the locale has no letters for could not be compared.
    times = [(bytes(file), file.lstat().st_mtime_ns) for file in files]
    stamp = ((bytes(folder), 0), *times)
    found = _scan(folder, stamp)
    for problem in found.problems:
        name, message = markdown.escape(problem.name), markdown.escape(problem.message)
        st.warning(f"**{name}** was skipped: {message}", icon=":material/warning:")
    if not found.bundles:
        st.error(
            f"No model found in `{folder.name}/`. "
            "Run `git checkout -- zoo` to restore the trained models."
        )
        st.stop()
    return {item.name: item for item in found.bundles}
