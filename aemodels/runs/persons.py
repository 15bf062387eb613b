"""The folders of the persons who share a server: in each, a lock and a file for each upload."""

from contextlib import suppress
from pathlib import Path
from uuid import uuid4

import filelock

from aemodels import paths
from aemodels.runs import file_clock

FOLDER = ".persons"
# In it, a file for each model that is being imported and each reader that is being trained, which
# begins with the person's digest; the latter ends in `READER`.
IMPORTS, READER = "imports", ".reader"
LOCK = "lock"
DAY = 86_400.0


def folder(owner: str) -> Path:
    """What is known of a person here; or the folder of imports. Raises OSError."""
    found = paths.runs() / FOLDER / owner
    found.mkdir(parents=True, exist_ok=True)
    return found


def mark(owner: str, reader: bool) -> Path:
    """A new file for a model that this person imports now, or a reader that is trained for them.

    Raises OSError.
    """
    found = folder(IMPORTS) / f"{owner}-{uuid4().hex}{READER if reader else ''}"
    found.touch()
    return found


def others(seconds: float) -> list[tuple[str, bool]]:
    """The owner of each of these, and whether it is a reader; those that nobody has touched for so
    many seconds are forgotten.
    """
    found = []
    try:
        marks = list((paths.runs() / FOLDER / IMPORTS).iterdir())
    except OSError:
        return []
    for each in marks:
        with suppress(OSError):  # Over since.
            if file_clock.unchanged(each) < seconds:
                found.append((each.name.partition("-")[0], each.name.endswith(READER)))
            else:
                each.unlink(missing_ok=True)
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
