"""Who holds a lease: a process of this host, stopped or ended, or one of another version."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from time import sleep

import pytest

from aemodels import paths, runs
from aemodels.runs import file_clock, folder, lock
from tests.library.running import SMALL
from tests.library.runs.test_lease import HOLDER, taken_over

pytestmark = pytest.mark.usefixtures("home")

SHORT = "it.DURATION_SECONDS, it.HEARTBEAT_SECONDS = 0.3, 0.05"


@pytest.fixture
def path() -> Path:
    return runs.create(SMALL).path


def frozen(path: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A process of this host that holds the lease, which lasts a moment, and is then stopped."""
    code = f"from aemodels.runs import lock as it\n{SHORT}\n{HOLDER}"
    command = [sys.executable, "-c", code, str(path)]
    with subprocess.Popen(command, cwd=paths.AROUND, stdout=subprocess.PIPE) as process:
        assert process.stdout
        assert process.stdout.readline() == b"held\n"
        process.send_signal(signal.SIGSTOP)
        try:
            yield process
        finally:
            process.kill()


@pytest.mark.skipif(sys.platform == "win32", reason="stops a process")
def test_a_process_of_this_host_that_is_stopped_for_long_is_alive(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As with a computer that sleeps: its process goes on when it wakes."""
    monkeypatch.setattr(lock, "PATIENCE_SECONDS", 0.1)
    monkeypatch.setattr(lock, "DURATION_SECONDS", 0.3)
    monkeypatch.setattr(lock, "HEARTBEAT_SECONDS", 0.05)
    holding = frozen(path)
    process = next(holding)
    while file_clock.unchanged(path / folder.LOCK, watched=True) < 1:
        sleep(0.05)
    assert lock.is_locked(path)
    before = (path / folder.LOCK).read_bytes()
    with pytest.raises(runs.RunError, match="is already being trained"), lock.lock(path):
        pass
    assert (path / folder.LOCK).read_bytes() == before
    # If it had been started at another time, it would be another process with the same number.
    later = re.sub(rb"start=(\d+)", lambda found: b"start=%d" % (int(found[1]) + 1), before)
    assert later != before
    (path / folder.LOCK).write_bytes(later)
    while file_clock.unchanged(path / folder.LOCK, watched=True) < 1:
        sleep(0.05)
    assert not lock.is_locked(path)
    with lock.lock(path) as held:
        held.check()
    assert process.poll() is None
    next(holding, None)


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="is told on Linux only")
def test_a_process_that_has_ended_is_gone_even_if_nobody_asked_how(path: Path) -> None:
    command = [sys.executable, "-c", HOLDER, str(path)]
    with subprocess.Popen(command, cwd=paths.AROUND, stdout=subprocess.PIPE) as process:
        assert process.stdout
        assert process.stdout.readline() == b"held\n"
        process.kill()
        os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)
        assert not lock.is_locked(path)
        with lock.lock(path) as held:
            held.check()


def test_a_lease_that_lasts_longer_or_shorter_than_ours_is_one_all_the_same(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of another version, on another host."""
    monkeypatch.setattr(lock, "PATIENCE_SECONDS", 0.1)
    taken_over(path)
    owner = lock.owner(path)
    assert owner
    assert owner.lease_duration != lock.DURATION_SECONDS
    with pytest.raises(runs.RunError, match="is already being trained"), lock.lock(path):
        pass
    marker = path / folder.LOCK
    marker.write_text(re.sub(r"duration=.*", "duration=0.2", marker.read_text("utf-8")), "utf-8")
    while lock.is_locked(path):
        sleep(0.01)
    with lock.lock(path) as held:
        held.check()
