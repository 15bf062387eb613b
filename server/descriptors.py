"""The number of files and sockets that this process may have open at once."""

from contextlib import suppress
from importlib import import_module
from typing import Any

try:
    resource: Any = import_module("resource")
except ModuleNotFoundError:  # on Windows, where memory alone limits sockets
    resource = None

# A visitor takes four: a socket, and three for the event loop of the session.
EACH = 4
ENOUGH = 1024 * EACH
# Above this nothing is gained, and some programs close all possible descriptors one by one.
MOST = 65_536


def raise_limit() -> str | None:
    """Raise the soft limit to the hard one; a sentence if it stays too low for a class."""
    if resource is None:
        return None
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    infinite = resource.RLIM_INFINITY
    most = MOST if hard == infinite else min(hard, MOST)
    # macOS names no hard limit, and refuses what is above its own.
    for wanted in (most, 10_240):
        if soft != infinite and soft < wanted <= most:
            with suppress(OSError, ValueError):
                resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
                soft = wanted
    if soft == infinite or soft >= ENOUGH:
        return None
    return (
        f"Only {soft} files and sockets can be open at once, enough for about {soft // EACH} open "
        f"pages; for a larger class allow more: ulimit -n {ENOUGH}, or LimitNOFILE={ENOUGH} in a "
        "systemd unit."
    )
