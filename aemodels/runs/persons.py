"""The folders of the persons who share a server: in each, a lock and a file for each upload."""

from contextlib import suppress
from pathlib import Path

import filelock

from aemodels import paths
from aemodels.runs import file_clock

FOLDER = ".persons"
# In it, a file for each model that is being imported, which begins with the person's digest.
IMPORTS = "imports"
LOCK = "lock"
DAY = 86_400.0


def folder(owner: str) -> Path:
    """What is known of a person here; or the folder of imports. Raises OSError."""
    found = paths.runs() / FOLDER / owner
    found.mkdir(parents=True, exist_ok=True)
    return found


def acquire(owner: str, patience: float) -> filelock.BaseFileLock:
    """Take the lock of a person, which the caller releases. Raises OSError, and filelock.Timeout if
    another program holds it for `patience` seconds.
    """
    try:
        return _acquire(owner, patience)
    except FileNotFoundError:
        # Another program may have swept the folder at this moment.
        return _acquire(owner, patience)


def _acquire(owner: str, patience: float) -> filelock.BaseFileLock:
    lock = filelock.FileLock(folder(owner) / LOCK, thread_local=False)
    lock.acquire(timeout=patience, poll_interval=0.05)
    return lock


def sweep(owner: str) -> None:
    """Forget the others in whose folder nothing has changed for a day. Raises nothing."""
    with suppress(OSError):
        for found in (paths.runs() / FOLDER).iterdir():
            with suppress(OSError):
                if found.name not in (owner, IMPORTS) and file_clock.unchanged(found) > DAY:
                    _forget(found)


def _forget(found: Path) -> None:
    """Delete what is known of a person, unless a run of theirs is being started. Raises OSError."""
    with suppress(filelock.Timeout), filelock.FileLock(found / LOCK, timeout=0):
        for mark in found.glob("*.upload"):
            mark.unlink(missing_ok=True)
        # Windows deletes no open file; there, it goes when the lock is released.
        with suppress(PermissionError):
            (found / LOCK).unlink(missing_ok=True)
    found.rmdir()
