"""The folders of the persons who share a server: in each, a lock and a file for each upload."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from uuid import uuid4

import filelock

from aemodels import paths
from aemodels.runs import file_clock

FOLDER = ".persons"
# In it, a file for each model that is being imported and each reader that is being trained, which
# begins with the person's digest; the latter ends in `READER`.
MARKS, READER = "imports", ".reader"
# The program touches it every few seconds; one that it hasn't touched for so long was killed.
TOUCHING_SECONDS, FORGOTTEN_SECONDS = 5.0, 60.0
LOCK = "lock"
DAY = 86_400.0


def folder(owner: str) -> Path:
    """What is known of a person here; or the folder of marks. Raises OSError."""
    found = paths.runs() / FOLDER / owner
    found.mkdir(parents=True, exist_ok=True)
    return found


def mark(owner: str, reader: bool) -> Path:
    """A new file for a model that this person imports now, or a reader that is trained for them.

    Raises OSError.
    """
    found = folder(MARKS) / f"{owner}-{uuid4().hex}{READER if reader else ''}"
    found.touch()
    return found


@contextmanager
def touching(found: Path) -> Iterator[None]:
    """Within the block, this program touches the file every few seconds; then it deletes it."""
    over = threading.Event()

    def touch() -> None:
        while not over.wait(TOUCHING_SECONDS):
            with suppress(OSError):
                found.touch()

    toucher = threading.Thread(target=touch, daemon=True)
    try:
        toucher.start()
        try:
            yield
        finally:
            over.set()
            toucher.join()
    finally:
        found.unlink(missing_ok=True)


def others() -> list[tuple[str, bool]]:
    """The owner of each of these, and whether it is a reader; those that nobody has touched for a
    minute are forgotten.
    """
    found = []
    try:
        marks = list((paths.runs() / FOLDER / MARKS).iterdir())
    except OSError:
        return []
    for each in marks:
        with suppress(OSError):  # Over since.
            if file_clock.unchanged(each) < FORGOTTEN_SECONDS:
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
                if found.name not in (owner, MARKS) and file_clock.unchanged(found) > DAY:
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
