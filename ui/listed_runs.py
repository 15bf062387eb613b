"""All runs, listed once for each run of a page's script, however many of its parts ask, and once for
all visitors who ask while they are being listed.

Reading a run takes a fraction of a millisecond, and a course has hundreds of runs and of visitors.
"""

import threading
from time import monotonic
from weakref import WeakKeyDictionary

from streamlit.runtime.scriptrunner import get_script_run_ctx

from aemodels import runs


class Listing:
    """The newest list, for those who asked before it was begun."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._begun = float("-inf")
        self._found: list[runs.Run] = []

    def since(self, asked: float) -> list[runs.Run]:
        """The runs at some moment after `asked`, newest first."""
        with self._lock:
            # Whoever waited for the lock finds what the one before them has begun since.
            if self._begun <= asked:
                begun = monotonic()
                self._found = runs.list_runs()
                self._begun = begun
            return self._found


_LISTING = Listing()
_LOCK = threading.Lock()
# When a run of a script first asked, by what Streamlit makes anew for each, of a whole page or of a
# fragment; and what it was told.
_asked: WeakKeyDictionary[object, "_Told"] = WeakKeyDictionary()


class _Told:
    """Parts of a page that are drawn in parallel wait for the first of them."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.found: list[runs.Run] | None = None


def every() -> list[runs.Run]:
    """The runs as they were when this run of the page first asked or since, newest first.

    What changes a run draws the page again, and so lists them anew.
    """
    context = get_script_run_ctx(suppress_warning=True)
    if context is None or context.parallel_coordinator is None:
        return _LISTING.since(monotonic())
    with _LOCK:
        told = _asked.setdefault(context.parallel_coordinator, _Told())
    with told.lock:
        if told.found is None:
            told.found = _LISTING.since(monotonic())
        return told.found
