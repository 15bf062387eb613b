"""The lease of a run: who has it, who has lost it, and that the loser changes nothing any more."""

import errno
import os
import re
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from time import monotonic, sleep
from typing import Any

import filelock
import pytest

from aemodels import paths, runs
from aemodels.bundles import atomic, fence
from aemodels.runs import file_clock, folder, hidden, jobs, lock, records, request, snapshots
from aemodels.runs.recovery import recover
from aemodels.runs.snapshots import Moment
from tests.library.running import SMALL

pytestmark = pytest.mark.usefixtures("home")

HOLDER = """
import sys, time
from pathlib import Path
from aemodels.runs.lock import lock
with lock(Path(sys.argv[1])):
    print("held", flush=True)
    time.sleep(600)
"""
RECORD = records.Record(1, {"loss": 1.0}, {"loss": 2.0}, 1.0, 100.0)


@pytest.fixture
def path() -> Path:
    return runs.create(SMALL).path


def contents(folder: Path) -> dict[str, bytes]:
    """All files below a folder, except leases."""
    return {
        str(file.relative_to(folder)): file.read_bytes()
        for file in sorted(folder.rglob("*"))
        if file.is_file() and not file.name.startswith("lease")
    }


def taken_over(path: Path) -> None:
    """The lease names another holder, as after its expiry elsewhere."""
    other = path.with_name(".other")
    other.mkdir()
    lease = filelock.SoftFileLease(other / folder.LOCK, thread_local=False)
    with lease:
        text = (other / folder.LOCK).read_text("utf-8")
    other.rmdir()
    new = path / "new"
    new.write_text(text.replace("host=", "host=another-"), "utf-8")
    new.replace(path / folder.LOCK)


def test_looking_at_a_lease_takes_and_touches_nothing(path: Path) -> None:
    assert not lock.is_locked(path)
    assert not (path / folder.LOCK).exists()
    with lock.lock(path):
        before = (path / folder.LOCK).stat()
        assert all(lock.is_locked(path) for _ in range(100))
        after = (path / folder.LOCK).stat()
        assert (before.st_ino, before.st_mtime_ns) == (after.st_ino, after.st_mtime_ns)
    assert not lock.is_locked(path)
    assert not (path / folder.LOCK).exists()


def test_the_holder_touches_it_and_a_second_one_is_refused(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lock, "HEARTBEAT_SECONDS", 0.05)
    monkeypatch.setattr(lock, "PATIENCE_SECONDS", 0.1)
    with lock.lock(path) as held:
        before = (path / folder.LOCK).stat().st_mtime_ns
        end = monotonic() + 60
        while (path / folder.LOCK).stat().st_mtime_ns == before:
            assert monotonic() < end
            sleep(0.01)
        with pytest.raises(runs.RunError, match="is already being trained"), lock.lock(path):
            pass
        held.check()
        assert lock.is_locked(path)


def test_what_this_process_could_not_delete_expires(path: Path) -> None:
    """A virus scanner may keep a lease's file from being deleted as it is let go of."""
    with lock.lock(path):
        left = (path / folder.LOCK).read_bytes()
    (path / folder.LOCK).write_bytes(left)
    # Touched last a minute ago.
    os.utime(path / folder.LOCK, (time.time() - 60, time.time() - 60))
    assert not lock.is_locked(path)
    with lock.lock(path) as held:
        held.check()


def test_a_killed_process_of_this_host_is_seen_at_once(path: Path) -> None:
    command = [sys.executable, "-c", HOLDER, str(path)]
    with subprocess.Popen(command, cwd=paths.AROUND, stdout=subprocess.PIPE) as process:
        assert process.stdout
        assert process.stdout.readline() == b"held\n"
        assert lock.is_locked(path)
        process.kill()
        process.wait()
    assert (path / folder.LOCK).exists()
    assert not lock.is_locked(path)
    start = monotonic()
    with lock.lock(path) as held:
        # Not watched first, as that of another host would be.
        assert monotonic() - start < lock.DURATION_SECONDS
        held.check()


def changes(path: Path) -> dict[str, Callable[[], object]]:
    """Every kind of change that a process makes to its run."""
    return {
        "replace": lambda: atomic.replace(path / folder.STATUS, b"stale"),
        "append": lambda: records.append_record(path, RECORD),
        "cut records": lambda: records.truncate_records(path, 0),
        "cut snapshots": lambda: snapshots.truncate_snapshots(path, 0),
        "forget": lambda: request.forget(path),
        "bundle": lambda: atomic.write(path / folder.BUNDLE, {"x": b"stale"}, overwrite=True),
    }


def filled(path: Path) -> None:
    (path / folder.STATUS).write_bytes(b"theirs")
    (path / folder.REQUEST).write_bytes(b"pause")
    records.append_record(path, RECORD)
    atomic.write(path / folder.BUNDLE, {"x": b"theirs"})
    snapshot = snapshots.snapshot_path(path, Moment(1))
    snapshot.parent.mkdir()
    snapshot.write_bytes(b"theirs")


@pytest.mark.parametrize("change", changes(Path()))
def test_who_has_lost_it_changes_nothing(change: str, path: Path) -> None:
    filled(path)
    with lock.lock(path):
        taken_over(path)
        before, lease = contents(path), (path / folder.LOCK).read_bytes()
        with pytest.raises(lock.Lost, match=r"process \d+ on another-.+ has taken it over$"):
            changes(path)[change]()
        assert contents(path) == before
    # Letting go of what is another's leaves that one alone.
    assert (path / folder.LOCK).read_bytes() == lease


@pytest.mark.parametrize("change", ["replace", "append", "bundle"])
def test_who_is_stopped_right_before_a_change_changes_nothing_afterwards(
    change: str, path: Path
) -> None:
    """Another process takes over after the check and before the rename."""
    theirs: dict[str, bytes] = {}

    def stopped() -> None:
        with fence.around(lambda: None, "theirs"):
            recover(path)
            records.truncate_records(path, 0)
            atomic.replace(path / folder.STATUS, b"theirs, later")
        theirs.update(contents(path))

    filled(path)
    with fence.around(stopped, "ours"), suppress(FileNotFoundError):
        changes(path)[change]()
    assert theirs["status.json"] == b"theirs, later"
    assert contents(path) == theirs


def test_what_a_stopped_writer_left_is_deleted_and_a_pages_file_is_not(path: Path) -> None:
    def stopped() -> None:
        raise KeyboardInterrupt

    content = (path / folder.SETTINGS).read_bytes()
    for change in (
        lambda: runs.run.update(path, {"phases": [9]}),
        lambda: jobs.order(path, "ray+http://head", ["resume"]),
    ):
        with fence.around(stopped, "dead"), pytest.raises(KeyboardInterrupt):
            change()
    left = {file.name for file in path.glob(".*.new")}
    assert left == {".run.json.dead.new", ".job.json.dead.new"}
    # Of a page that renames the run at this moment.
    (path / ".run.json.new").touch()
    recover(path)
    assert {file.name for file in path.glob(".*.new")} == {".run.json.new"}
    assert (path / folder.SETTINGS).read_bytes() == content


def test_a_lease_that_is_gone_is_lost(path: Path) -> None:
    with lock.lock(path) as held:
        (path / folder.LOCK).unlink()
        with pytest.raises(lock.Lost, match="taken it over and let it go"):
            held.check()
        with pytest.raises(lock.Lost):
            atomic.replace(path / folder.STATUS, b"stale")
    assert not (path / folder.STATUS).exists()


def test_a_lease_that_cannot_be_touched_in_time_is_lost(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lock, "DURATION_SECONDS", 0.3)
    monkeypatch.setattr(lock, "HEARTBEAT_SECONDS", 0.02)
    touch = os.utime

    def unreachable(file: Any, *given: Any, **options: Any) -> None:
        if isinstance(file, int) or str(file).endswith(folder.LOCK):
            raise OSError(errno.EIO, "the server doesn't answer")
        touch(file, *given, **options)

    with lock.lock(path) as held:
        held.check()
        monkeypatch.setattr(os, "utime", unreachable)
        # Longer than it lasts; nobody has taken it over.
        sleep(1)
        with pytest.raises(lock.Lost, match="couldn't be reached in time"):
            held.check()


def test_an_empty_lease_of_a_host_that_died_is_not_for_ever(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lock, "DURATION_SECONDS", 0.3)
    monkeypatch.setattr(lock, "HEARTBEAT_SECONDS", 0.1)
    (path / folder.LOCK).touch()
    assert lock.is_locked(path)
    with lock.lock(path) as held:
        held.check()


@pytest.fixture
def no_exchange(monkeypatch: pytest.MonkeyPatch) -> None:
    """As on NFS, where the library can't take over a lease."""
    monkeypatch.setattr(filelock.SoftFileLease, "_try_break_stale_lock", lambda lease: None)


def test_a_dead_lease_is_taken_over_where_names_cannot_be_exchanged(
    path: Path, no_exchange: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    test_a_killed_process_of_this_host_is_seen_at_once(path)
    monkeypatch.setattr(lock, "PATIENCE_SECONDS", 0.0)
    taken_over(path)
    token = lock.owner(path)
    with pytest.raises(runs.RunError, match="is already being trained"), lock.lock(path):
        pass
    # That of another host, whose duration is the library's.
    assert lock.owner(path) == token
    marker = path / folder.LOCK
    marker.write_text(re.sub(r"duration=.*", "duration=0.2", marker.read_text("utf-8")), "utf-8")
    while lock.is_locked(path):
        sleep(0.01)
    with lock.lock(path) as held:
        held.check()
    assert contents(path).keys() == {folder.SETTINGS}


def test_of_many_who_take_over_a_dead_lease_one_gets_it(path: Path, no_exchange: None) -> None:
    holding, most = [0], [0]

    def take() -> None:
        try:
            with lock.lock(path) as held:
                holding[0] += 1
                most[0] = max(most[0], holding[0])
                sleep(0.02)
                held.check()
                holding[0] -= 1
        except runs.RunError:
            pass

    for _ in range(5):
        taken_over(path)
        marker = path / folder.LOCK
        text = re.sub(r"host=another-", "host=", marker.read_text("utf-8"))
        marker.write_text(re.sub(r"pid=\d+", f"pid={gone()}", text), "utf-8")
        threads = [threading.Thread(target=take) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)
    assert most == [1]
    assert not [file for file in path.iterdir() if file.name.startswith(folder.LOCK)]


def gone() -> int:
    """The number of a process that has ended."""
    with subprocess.Popen([sys.executable, "-c", ""]) as process:
        process.wait()
    return process.pid


def test_a_process_of_an_earlier_version_that_still_trains_is_left_alone(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lock, "PATIENCE_SECONDS", 0.1)
    with filelock.FileLock(path / "lock"):
        assert lock.is_locked(path)
        with pytest.raises(runs.RunError, match="is already being trained"), lock.lock(path):
            pass
    # It has ended; the file stays.
    assert not lock.is_locked(path)
    with lock.lock(path) as held:
        held.check()


def test_a_file_is_as_old_as_its_server_says_and_then_as_it_was_watched(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def clock() -> float:
        raise AssertionError("the clock of a host was asked")

    monkeypatch.setattr(time, "time", clock)
    file = path / "file"
    file.touch()
    stamp = file.stat().st_mtime - 1000
    os.utime(file, (stamp, stamp))
    assert 999 < file_clock.unchanged(file) < 1060
    # By oneself, it was watched for a moment only.
    assert file_clock.unchanged(file, watched=True) < 60
    sleep(0.05)
    assert file_clock.unchanged(file, watched=True) >= 0.05
    assert file_clock.unchanged(file) > 1000
    # One that changes is young, whatever its host believes the time to be.
    for wrong in (stamp - 5000, stamp + 90_000):
        os.utime(file, (wrong, wrong))
        assert file_clock.unchanged(file) == 0
    file.unlink()
    with pytest.raises(FileNotFoundError):
        file_clock.unchanged(file)


def test_a_folder_in_the_making_of_another_host_is_left_alone(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    runs.create(SMALL, id="mine")
    marked, unmarked = home / ".new-other-0123abcd.1", home / ".new-other-0123abcd.2"
    for path in (marked, unmarked):
        path.mkdir()
    taken_over(marked)
    for _ in range(3):
        runs.list_runs()
    assert marked.exists()
    assert unmarked.exists()
    monkeypatch.setattr(hidden, "ABANDONED_SECONDS", 0.0)
    runs.list_runs()
    assert not marked.exists()
    assert not unmarked.exists()
