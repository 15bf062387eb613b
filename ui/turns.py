"""What the server does for one visitor at a time, since it takes much memory or the whole processor."""

import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from time import monotonic

from streamlit.runtime.scriptrunner import get_script_run_ctx

from aemodels import runs

# Whoever has left or changed a setting is noticed so soon.
LOOK_SECONDS = 0.2


class Line:
    """Whoever comes first has the turn, and the others wait for it in their order."""

    def __init__(self, busy: str) -> None:
        """`busy` is what is said to whoever has waited too long."""
        self._busy = busy
        self._changed = threading.Condition()
        self._places: deque[object] = deque()

    @contextmanager
    def turn(self, patience: float) -> Iterator[None]:
        """Within the block, it is this thread's turn. Raises RunError after so many seconds."""
        place, end = object(), monotonic() + patience
        with self._changed:
            self._places.append(place)
        try:
            while not self._is_first(place):
                if monotonic() >= end:
                    raise runs.RunError(self._busy)
                if context := get_script_run_ctx(suppress_warning=True):
                    # Ends this run of the page if another one is due.
                    context.yield_check()
            yield
        finally:
            with self._changed:
                self._places.remove(place)
                self._changed.notify_all()

    def _is_first(self, place: object) -> bool:
        """Whether it is, now or soon."""
        with self._changed:
            return self._changed.wait_for(lambda: self._places[0] is place, LOOK_SECONDS)
