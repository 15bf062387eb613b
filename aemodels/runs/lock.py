"""The lock of a run, held by the one process that works on it: a lease in the run's folder.

Its holder touches the lease every few seconds, which every host that sees the folder can see. A
process of this host is known to be there, or to be gone, at once; one of another host counts as
gone when its lease has not been touched for `DURATION_SECONDS`. Whoever takes it over has watched
it for as long, by its own stopwatch. A holder that was only thought dead finds another token in the
lease before its next change of a file, and stops (`Lost`).
"""

import errno
import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from time import monotonic, sleep
from uuid import uuid4

import filelock

from aemodels.bundles import fence
from aemodels.runs import file_clock, host
from aemodels.runs.folder import EARLIER_LOCK, LOCK, RunError

DURATION_SECONDS, HEARTBEAT_SECONDS = 15.0, 3.0
# Other programs hold the lock for a moment, to start or to delete a run.
PATIENCE_SECONDS = 2.0
# Somebody who examines a lease may move it away for a moment.
GLANCE_SECONDS, GLANCES = 0.05, 10
# The tokens of the leases that this process has.
_held: set[str] = set()


class Lost(Exception):  # noqa: N818
    """Another process has taken over; the message is one sentence, without a full stop."""


class Lease:
    """The lease of the run in `path`, which this process takes and lets go."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lease = _lease(path)

    def take(self) -> None:
        """Raises RunError if another process has it, after two seconds; OSError."""
        start = monotonic()
        while True:
            self._clear()
            try:
                self._lease.acquire(timeout=0)
            except (filelock.Timeout, filelock.LeaseSettingsMismatch):
                # The second: its holder, of another version, has promised to touch it more often or
                # less. What it has promised counts (`_is_dead`).
                pass
            else:
                if not _is_held_by_an_earlier_version(self.path):
                    _held.add(self.token)
                    return
                self._lease.release()
            locked = is_locked(self.path)
            # One that isn't alive but can't be proved dead is watched first.
            patience = PATIENCE_SECONDS + (0 if locked else 2 * _duration(self._lease.owner))
            if monotonic() - start > patience:
                raise RunError(f"{self.path.name} is already being trained")
            sleep(0.01 if locked else 0.1)

    def release(self) -> None:
        """Let it go, if it is still ours."""
        _held.discard(self.token)
        self._lease.release()

    @property
    def token(self) -> str:
        """What tells this time that it was taken from all others."""
        return self._lease.token or ""

    def check(self) -> None:
        """Raise Lost if it isn't ours any more, and OSError if the folder is gone."""
        owner = None
        for _ in range(GLANCES):
            owner = self._lease.owner
            if owner and self._lease.compromise is None and owner.token == self._lease.token:
                return
            if not self.path.is_dir():
                raise FileNotFoundError(errno.ENOENT, "deleted", str(self.path))
            sleep(GLANCE_SECONDS)
        lost = self._lease.compromise
        if lost and lost.reason == "refresh-failed":
            raise Lost("its folder couldn't be reached in time, so others may take it over")
        if owner is None:
            raise Lost("its lease is gone, so another process has taken it over and let it go")
        # Behind the name, there may be a mark of the container.
        where = owner.hostname.partition("?")[0]
        raise Lost(f"process {owner.pid} on {where} has taken it over")

    def _clear(self) -> None:
        """Move a dead holder's lease out of the way, by a rename that only one program can do.

        The library takes over where two names can be exchanged, which NFS can't do.
        """
        marker = self.path / LOCK
        owner = self._lease.owner
        aside = marker.with_name(f"{LOCK}.dead-{uuid4().hex}")
        try:
            if not _is_dead(marker, owner):
                return
            before = marker.stat().st_mtime_ns
            marker.rename(aside)
            if filelock.SoftFileLease(aside, thread_local=False).owner != owner or (
                aside.stat().st_mtime_ns != before
            ):
                # Somebody was quicker, or it has just come back. If yet another takes its place
                # now, its holder finds out before it writes.
                with suppress(FileExistsError):
                    os.link(aside, marker)
            aside.unlink()
        except OSError:
            return


@contextmanager
def lock(path: Path) -> Iterator[Lease]:
    """Hold the lock of the run in `path`, with a fence around it. Raises RunError if another
    process does; Lost comes from whatever changes a file once it has been taken over.
    """
    held = Lease(path)
    try:
        held.take()
    except OSError as error:
        raise RunError(f"{path.name} can't be locked: {error.strerror}") from None
    try:
        with fence.around(held.check, held.token[:8]):
            yield held
    finally:
        held.release()


def is_locked(path: Path) -> bool:
    """Whether a process holds the lock of the run in `path`, as far as can be seen. Takes nothing
    and waits for nothing.
    """
    owner = _lease(path).owner
    try:
        seconds = file_clock.unchanged(path / LOCK)
    except (FileNotFoundError, NotADirectoryError):
        return _is_held_by_an_earlier_version(path)
    except OSError:
        # Nobody knows, so nobody may touch it.
        return True
    if owner is None:
        return seconds < DURATION_SECONDS
    if is_gone(owner):
        return False
    return seconds < _duration(owner) or _is_here(path / LOCK, owner)


def owner(path: Path) -> filelock.OwnerRecord | None:
    """What the lease of the run in `path` says of its holder."""
    return _lease(path).owner


def is_gone(owner: filelock.OwnerRecord) -> bool:
    """Whether the holder is a process of this host that has ended."""
    return owner.hostname == host.identity() and not _exists(owner.pid)


def _is_here(marker: Path, owner: filelock.OwnerRecord) -> bool:
    """Whether the holder is a process of this host that is still there, however long it has been
    stopped: with a computer that sleeps, or by Ctrl-Z.
    """
    if owner.hostname != host.identity() or not _exists(owner.pid):
        return False
    if owner.pid == os.getpid():
        # What this process couldn't delete when it let go is nobody's.
        return owner.token in _held
    # Another process may have got its number since. The library, which has noted when the holder
    # began, breaks a copy of its lease if that is so.
    with suppress(OSError), tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / LOCK
        copy.write_bytes(marker.read_bytes())
        lease = filelock.SoftFileLease(copy, lease_duration=_duration(owner), thread_local=False)
        try:
            lease.acquire(timeout=0)
        except filelock.Timeout:
            return lease.owner is not None
        lease.release()
        return False
    # Nobody knows, so nobody may touch it.
    return True


def _duration(owner: filelock.OwnerRecord | None) -> float:
    """How long the holder's lease lasts, seconds."""
    return (owner.lease_duration if owner else None) or DURATION_SECONDS


def _is_held_by_an_earlier_version(path: Path) -> bool:
    """Whether a process trains it that was there before this version was installed."""
    if not (path / EARLIER_LOCK).exists():
        return False
    # Others may look at this moment.
    probe = filelock.FileLock(path / EARLIER_LOCK, timeout=0.03, poll_interval=0.005)
    try:
        with probe:
            return False
    except filelock.Timeout:
        return True
    except OSError:
        return False


def _is_dead(marker: Path, owner: filelock.OwnerRecord | None) -> bool:
    """Whether the holder is gone, or has been seen not to touch its lease for too long. Without an
    owner, its host may have died before it was written. Raises OSError.
    """
    if owner and is_gone(owner):
        return True
    watched = file_clock.unchanged(marker, watched=True)
    return watched >= _duration(owner) and not (owner and _is_here(marker, owner))


def _lease(path: Path) -> filelock.SoftFileLease:
    return filelock.SoftFileLease(
        path / LOCK,
        lease_duration=DURATION_SECONDS,
        heartbeat_interval=HEARTBEAT_SECONDS,
        thread_local=False,
    )


if sys.platform == "win32":
    import ctypes

    def _exists(pid: int) -> bool:
        kernel = ctypes.WinDLL("kernel32", use_last_error=True)
        synchronize, no_such_process, ended = 0x100000, 87, 0
        handle = kernel.OpenProcess(synchronize, False, pid)
        if not handle:
            return ctypes.get_last_error() != no_such_process
        try:
            return kernel.WaitForSingleObject(handle, 0) != ended
        finally:
            kernel.CloseHandle(handle)

else:

    def _exists(pid: int) -> bool:
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return False
        except PermissionError:
            pass
        return not _is_zombie(pid)

    def _is_zombie(pid: int) -> bool:
        """Whether it has ended and whoever started it hasn't asked how, as far as Linux tells."""
        try:
            # A folder that numbers the processes of another container tells nothing.
            if str(Path("/proc/self").readlink()) != str(os.getpid()):
                return False
            facts = Path(f"/proc/{pid}/stat").read_bytes()
        except OSError:
            return False
        return facts.rpartition(b")")[2].split()[:1] in ([b"Z"], [b"X"])
