"""Hidden folders next to the runs: those that become a run, and those that were deleted.

A run is made in a hidden folder, whose lock its maker holds, and then appears whole by one rename.
What a killed process leaves hidden is deleted by whoever lists the runs next: its lock is free.
"""

import re
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from uuid import uuid4

import filelock

from aemodels import paths
from aemodels.bundles import atomic
from aemodels.runs.folder import CHANGES, LOCK, RunError
from aemodels.runs.lock import PATIENCE_SECONDS, is_locked, lock

# Earlier versions named what they loaded `.loading-…`.
_LEFT = re.compile(r"\.(new|loading)-.*|\..*\.deleted")


class Scratch:
    """A hidden folder, `path`, until it is published as a run."""

    def __init__(self, path: Path, held: filelock.BaseFileLock) -> None:
        self.path = path
        self._lock = held

    def publish(self, path: Path) -> bool:
        """Rename it to `path`; False if there is something already. Raises OSError."""
        # Nobody else publishes or sweeps meanwhile, so the folder's own lock can be let go.
        with _changes():
            if path.is_symlink() or path.exists():
                return False
            self._lock.release()
            atomic.patiently(lambda: self.path.rename(path))
            return True


@contextmanager
def scratch() -> Iterator[Scratch]:
    """A new hidden folder next to the runs, deleted at the end unless it was published.

    Raises OSError, and RunError if other programs keep changing the runs.
    """
    home = paths.runs()
    home.mkdir(parents=True, exist_ok=True)
    path = home / f".new-{uuid4().hex}"
    held = filelock.FileLock(path / LOCK, thread_local=False)
    with _changes():
        path.mkdir()
        held.acquire(timeout=0)
    try:
        yield Scratch(path, held)
    finally:
        held.release()
        shutil.rmtree(path, ignore_errors=True)


def hide(path: Path) -> None:
    """Hide a run from every other program at once, then delete it file by file.

    Raises RunError if a process trains it, and OSError if it can't be renamed.
    """
    deleted = path.with_name(f".{path.name}.deleted")
    with _changes():
        # Held by nobody; but Windows doesn't rename a folder in which a lock is open.
        with lock(path):
            pass
        shutil.rmtree(deleted, ignore_errors=True)
        atomic.patiently(lambda: path.rename(deleted))
        # Whatever can't be deleted now is deleted when runs are listed.
        shutil.rmtree(deleted, ignore_errors=True)


def sweep(names: Iterable[str]) -> None:
    """Delete those of these folders next to the runs that a killed process left. Raises nothing."""
    left = [name for name in names if _LEFT.fullmatch(name)]
    if not left:
        return
    with suppress(OSError, RunError), _changes(patience=0):
        for name in left:
            path = paths.runs() / name
            if not path.is_symlink() and path.is_dir() and not is_locked(path):
                shutil.rmtree(path, ignore_errors=True)


@contextmanager
def _changes(patience: float = PATIENCE_SECONDS) -> Iterator[None]:
    """The lock that whoever makes or deletes a hidden folder holds for a moment."""
    held = filelock.FileLock(paths.runs() / CHANGES, thread_local=False)
    try:
        held.acquire(timeout=patience, poll_interval=0.01)
    except filelock.Timeout:
        raise RunError("another program is changing the runs; try again") from None
    try:
        yield
    finally:
        held.release()
