"""Hidden folders next to the runs: those that become a run, and those that were deleted.

A run is made in a hidden folder, whose lock its maker holds, and then appears whole by one rename.
What a killed process leaves hidden is deleted by whoever lists the runs next on the same host, and
on another host once nothing has been done to it for long: its maker may only be slow.
"""

import errno
import re
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from uuid import uuid4

import filelock

from aemodels import paths
from aemodels.bundles import atomic
from aemodels.runs import file_clock, host
from aemodels.runs.folder import CHANGES, LOCK, RunError
from aemodels.runs.lock import PATIENCE_SECONDS, Lease, is_gone, lock, owner

# With the host that makes it. Earlier versions named none, and what they loaded `.loading-…`.
_LEFT = re.compile(r"\.(?:new|loading)-(?:(?P<host>.+)\.)?[^.]*|\..*\.deleted")
ABANDONED_SECONDS = 600.0


class Scratch:
    """A hidden folder, `path`, until it is published as a run."""

    def __init__(self, path: Path, held: Lease) -> None:
        self.path = path
        self._lock = held

    def publish(self, path: Path) -> bool:
        """Rename it to `path`; False if there is something already. Raises OSError."""
        # Nobody else publishes or sweeps meanwhile, so the folder's own lock can be let go.
        with _changes():
            if path.is_symlink() or path.exists():
                return False
            self._lock.release()
            try:
                atomic.patiently(lambda: self.path.rename(path))
            except OSError as error:
                # Another host may have been quicker: it doesn't see the lock of changes.
                if error.errno not in (errno.ENOTEMPTY, errno.EEXIST):
                    raise
                self._lock.take()
                return False
            return True


@contextmanager
def scratch() -> Iterator[Scratch]:
    """A new hidden folder next to the runs, deleted at the end unless it was published.

    Raises OSError, and RunError if other programs keep changing the runs.
    """
    home = paths.runs()
    home.mkdir(parents=True, exist_ok=True)
    path = home / f".new-{host.slug()}.{uuid4().hex}"
    held = Lease(path)
    with _changes():
        path.mkdir()
        held.take()
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
    # The lock of a host that died is watched before it is taken; others needn't wait for that.
    with lock(path):
        pass
    with _changes():
        shutil.rmtree(deleted, ignore_errors=True)
        # Its lock goes along, so that nobody can start the run before it is hidden.
        with lock(path), suppress(PermissionError):
            path.rename(deleted)
        if path.exists():
            # Windows doesn't rename a folder in which a lock is open.
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
            if not path.is_symlink() and path.is_dir() and _is_abandoned(path):
                shutil.rmtree(path, ignore_errors=True)


def _is_abandoned(path: Path) -> bool:
    """Whether nobody works on it any more; for whoever holds the lock of changes."""
    maker = owner(path)
    if maker is None:
        found = _LEFT.fullmatch(path.name)
        here = not found or found["host"] in (None, host.slug())
        if here:
            # Nobody on this host is between making the folder and taking its lock.
            return True
    elif is_gone(maker):
        return True
    try:
        return (
            file_clock.unchanged(path / LOCK if maker else path, watched=True) > ABANDONED_SECONDS
        )
    except OSError:
        return False


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
