"""All runs, listed once for each run of a page's script, however many of its parts ask.

Reading a run takes about a quarter of a millisecond, and a course has hundreds of them.
"""

import threading
from weakref import WeakKeyDictionary

from streamlit.runtime.scriptrunner import get_script_run_ctx

from aemodels import runs

_LOCK = threading.Lock()
# By what Streamlit makes anew for each run of a script, of a whole page or of a fragment.
_listed: WeakKeyDictionary[object, "_Listing"] = WeakKeyDictionary()


class _Listing:
    """Parts of a page that are drawn in parallel wait for the first of them."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.found: list[runs.Run] | None = None


def every() -> list[runs.Run]:
    """The runs as they were when this run of the page first asked, newest first.

    What changes a run draws the page again, and so lists them anew.
    """
    context = get_script_run_ctx(suppress_warning=True)
    if context is None or context.parallel_coordinator is None:
        return runs.list_runs()
    with _LOCK:
        listing = _listed.setdefault(context.parallel_coordinator, _Listing())
    with listing.lock:
        if listing.found is None:
            listing.found = runs.list_runs()
        return listing.found
