"""Objects that last as long as the app, kept out of the way of garbage collection."""

import gc
import threading

_LOCK = threading.Lock()
# Not in Streamlit's cache: were that emptied, all of this would be done again.
_frozen: set[str] = set()


def freeze(page: str) -> None:
    """After the first run of a page, exempt what it has loaded, such as Plotly, from collection.

    Streamlit collects all garbage after every run of a page. Looking through what the app has
    loaded took three quarters of a page's time on the server, and 0.1 s of a training each time.
    """
    with _LOCK:
        if page in _frozen:
            return
        _frozen.add(page)
    gc.collect()
    gc.freeze()
