"""The lock of a run, held by the one process that trains it.

The kernel frees it however that process ends, so a locked run is being trained.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import filelock

from aemodels.runs.folder import LOCK, RunError

# Checking whether a run is locked takes its lock for a moment, so one failed try proves nothing.
PROBE_SECONDS = 0.03
PATIENCE_SECONDS = 2.0


@contextmanager
def lock(path: Path) -> Iterator[None]:
    """Hold the lock of the run in `path`. Raises RunError if another process does."""
    held = filelock.FileLock(path / LOCK, thread_local=False)
    try:
        held.acquire(timeout=PATIENCE_SECONDS, poll_interval=0.01)
    except filelock.Timeout:
        raise RunError(f"{path.name} is already being trained") from None
    except OSError as error:
        raise RunError(f"{path.name} can't be locked: {error.strerror}") from None
    try:
        yield
    finally:
        held.release()


def is_locked(path: Path) -> bool:
    """Whether a process holds the lock of the run in `path`."""
    if not (path / LOCK).exists():
        return False
    probe = filelock.FileLock(path / LOCK, thread_local=False)
    try:
        probe.acquire(timeout=PROBE_SECONDS, poll_interval=0.005)
    except filelock.Timeout:
        return True
    except OSError:
        return False
    probe.release()
    return False
