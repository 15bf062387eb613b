"""Two hosts that share a folder of runs, with clocks minutes apart; one of them dies, or seems to.

`pytest -s` prints how soon the other one knew.
"""

import os
import signal
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from time import monotonic, sleep

import pytest

from aemodels import runs
from aemodels.runs.fairness import in_turn
from tests.library.running import SMALL, assert_same, weights, work
from tests.library.runs.hosts import line, namespaces, on_host
from tests.library.runs.test_hidden import MAKER
from tests.library.runs.test_lease import contents

pytestmark = [pytest.mark.usefixtures("home"), pytest.mark.slow]

WORK = """
run = runs.read(sys.argv[1])
with lock.lock(run.path):
    write_status(run.path, RunStatus(RunState.RUNNING, device="cpu", host=host.name()))
    print("working", flush=True)
    sys.stdin.read()
"""
# Polls as a page does.
WATCH = """
before = None
while True:
    found = runs.read(sys.argv[1])
    if found.state != before:
        print(found.state, flush=True)
        before = found.state
    time.sleep(0.5)
"""
LIST = "sys.exit(cli.main(['runs']))"
TRAIN = """
import os, signal
from aemodels.analysis import evaluation
from aemodels.bundles.metrics import Metrics
from aemodels.cli import progress
from tests.library.running import At

evaluation.evaluate = lambda *given: Metrics(sse=1.0)
if len(sys.argv) > 2:
    stop = At(lambda: os.kill(os.getpid(), signal.SIGSTOP), step=int(sys.argv[2]))
    progress.TrainingProgress = lambda: stop
else:
    while runs.read(sys.argv[1]).state != "interrupted":
        time.sleep(0.1)
sys.exit(cli.main(["resume", sys.argv[1]]))
"""
# Writes without a pause, so it is stopped within a write.
WRITE = """
from aemodels.bundles import atomic
from aemodels.cli.parser import LOST
from aemodels.runs import records
from tests.library.runs.test_lease import RECORD
run = runs.read(sys.argv[1])
try:
    with lock.lock(run.path):
        print("working", flush=True)
        while True:
            write_status(run.path, RunStatus(RunState.RUNNING, host=host.name()))
            records.append_record(run.path, RECORD)
            records.truncate_records(run.path, 0)
            atomic.write(run.path / "bundle", {"x": b"ours"}, overwrite=True)
except lock.Lost as error:
    print(error, file=sys.stderr)
    sys.exit(LOST)
"""
TAKE_OVER = """
from aemodels.bundles import atomic
from aemodels.runs import records
from aemodels.runs.recovery import recover
run = runs.read(sys.argv[1])
while lock.is_locked(run.path):
    time.sleep(0.05)
with lock.lock(run.path):
    recover(run.path)
    records.truncate_records(run.path, 0)
    write_status(run.path, RunStatus(RunState.RUNNING, host=host.name()))
    atomic.write(run.path / "bundle", {"x": b"theirs"}, overwrite=True)
    print("working", flush=True)
    sys.stdin.read()
"""
TURN = """
from aemodels.runs.queue import device_turn
run = runs.read(sys.argv[1])
with lock.lock(run.path):
    write_status(run.path, RunStatus(RunState.WAITING, device="cpu", host=host.name()))
    with device_turn(run, "cpu", lambda message: message and print(message, flush=True)):
        write_status(run.path, RunStatus(RunState.RUNNING, device="cpu", host=host.name()))
        print("turn", flush=True)
        sys.stdin.read()
"""

CREATE = """
from aemodels.config import Config
print(runs.create(Config(), id=sys.argv[1], owner=sys.argv[2]).id)
"""
TRAIN_ONE = """
from tests.library.running import work
from aemodels.analysis import evaluation
from aemodels.bundles.metrics import Metrics
evaluation.evaluate = lambda *given: Metrics(sse=1.0)
print(work(runs.read(sys.argv[1])).state)
"""

Start = Callable[..., subprocess.Popen[str]]


@pytest.fixture
def start() -> Iterator[Start]:
    """Starts programs on hosts; what a test leaves is killed."""
    made: list[subprocess.Popen[str]] = []

    def started(name: str, code: str, *given: str, **facts: float) -> subprocess.Popen[str]:
        made.append(on_host(name, code, list(given), **facts))
        return made[-1]

    yield started
    for process in made:
        process.kill()
        process.communicate()


def listed(start: Start, name: str, **facts: float) -> str:
    """What the command line prints that has never looked before."""
    program = start(name, LIST, **facts)
    output, errors = program.communicate(timeout=120)
    assert program.returncode == 0, errors
    return output


def test_hosts_have_names_of_their_own(start: Start) -> None:
    programs = [start(name, "print(host.name(), host.identity(), flush=True)") for name in "ab"]
    names, identities = zip(*(line(each).split() for each in programs), strict=True)
    assert names == ("a", "b")
    assert len(set(identities)) == 2
    print(f"\nnamespaces: {namespaces()}", end="")


def test_a_host_that_is_killed_is_seen_within_30_seconds(start: Start) -> None:
    """With the durations of every day, and clocks four minutes apart."""
    run = runs.create(SMALL, id="it")
    worker = start("alpha", WORK, run.id, clock=120.0)
    assert line(worker) == "working"
    watcher = start("beta", WATCH, run.id, clock=-120.0)
    assert line(watcher) == "running"
    assert "it: running" in listed(start, "gamma", clock=-120.0)
    worker.kill()
    killed = monotonic()
    assert line(watcher) == "interrupted"
    seconds = monotonic() - killed
    print(f"\nseen after {seconds:.1f} s", end="")
    assert seconds < 30
    for clock in (-120.0, 120.0, 3600.0):
        said = listed(start, "gamma", clock=clock)
        assert "it: interrupted" in said
        assert "The process on alpha ended unexpectedly, or that host can't be reached; " in said


def test_a_living_host_is_never_thought_dead(start: Start) -> None:
    run = runs.create(SMALL, id="it")
    worker = start("alpha", WORK, run.id, clock=-120.0, duration=3.0)
    assert line(worker) == "working"
    watcher = start("beta", WATCH, run.id, clock=120.0, duration=3.0)
    assert line(watcher) == "running"
    sleep(8)
    assert watcher.poll() is None
    assert "it: running" in listed(start, "gamma", clock=120.0, duration=3.0)
    worker.kill()
    # Nothing else was said meanwhile.
    assert line(watcher) == "interrupted"


def test_a_worker_that_was_only_thought_dead_writes_nothing_more(
    start: Start, unmeasured: None
) -> None:
    run = runs.create(SMALL, id="it")
    # An epoch has six steps, so one checkpoint is there.
    first = start("alpha", TRAIN, run.id, "9", clock=120.0, duration=3.0)
    until_stopped(first.pid)
    second = start("beta", TRAIN, run.id, clock=-120.0, duration=3.0)
    output, errors = second.communicate(timeout=300)
    assert second.returncode == 0, errors
    assert output.startswith("it: finished")
    before = contents(run.path)
    os.kill(first.pid, signal.SIGCONT)
    output, errors = first.communicate(timeout=120)
    assert first.returncode == 75, errors
    assert errors.splitlines()[-1] == "aemodels resume: stopped without writing: " + (
        "its lease is gone, so another process has taken it over and let it go"
    )
    assert contents(run.path) == before
    # It went on from the epoch that the first had saved, on another host, to the last bit.
    whole = work(runs.create(SMALL))
    found = runs.read(run.id)
    assert (found.state, found.status.host) == ("finished", "beta")
    assert_same(weights(found), weights(whole))
    terms = [[(r.epoch, r.train, r.test) for r in each.records()] for each in (found, whole)]
    assert terms[0] == terms[1]
    assert found.snapshot_moments() == whole.snapshot_moments()


@pytest.mark.parametrize("round_", range(4))
def test_a_writer_that_is_stopped_anywhere_writes_nothing_once_it_goes_on(
    round_: int, start: Start
) -> None:
    run = runs.create(SMALL, id="it")
    first = start("alpha", WRITE, run.id, clock=120.0, duration=1.0)
    assert line(first) == "working"
    sleep(0.1 + 0.0037 * round_)
    first.send_signal(signal.SIGSTOP)
    second = start("beta", TAKE_OVER, run.id, clock=-120.0, duration=1.0)
    assert line(second) == "working"
    before = contents(run.path)
    assert before["bundle/x"] == b"theirs"
    first.send_signal(signal.SIGCONT)
    _, errors = first.communicate(timeout=120)
    assert contents(run.path) == before
    # Either it asked first, or what it was about to rename is gone.
    said = f"process {second.pid} on beta has taken it over\n"
    assert (first.returncode, errors) == (75, said) or "FileNotFoundError" in errors


def until_stopped(pid: int) -> None:
    """Wait until the process has stopped itself."""
    end = monotonic() + 300
    stat = Path(f"/proc/{pid}/stat")
    while stat.read_text("utf-8").rpartition(")")[2].split()[0] != "T":
        assert monotonic() < end
        sleep(0.05)


def test_a_run_in_the_making_on_another_host_appears(start: Start) -> None:
    maker = start("alpha", MAKER + "print(runs.create(Config(), id='mine').id)", clock=120.0)
    assert line(maker) == "about to appear"
    for _ in range(3):
        assert listed(start, "beta", clock=-120.0) == ""
    output, errors = maker.communicate("\n", timeout=60)
    assert output == "mine\n", errors
    assert "It has not started yet." in listed(start, "beta")


def test_each_host_has_a_queue_of_its_own(start: Start) -> None:
    made = [runs.create(SMALL, id=name) for name in "abc"]
    first = start("alpha", TURN, made[0].id)
    assert line(first) == "turn"
    second = start("alpha", TURN, made[1].id)
    assert line(second) == "Waiting for the CPU (after “a”)."
    other = start("beta", TURN, made[2].id, clock=-120.0)
    assert line(other) == "turn"
    said = line(second)
    while said == "Waiting for the CPU (after “a”).":
        said = line(second)
    assert said == "Waiting for the CPU of alpha (after “a”)."
    first.kill()
    while said != "turn":
        said = line(second)


def test_whose_turn_it_is_goes_by_no_hosts_clock(start: Start) -> None:
    """Two hosts with clocks four minutes apart: who was served longest ago, and who came first."""
    for owner, name, clock in (("ann", "alpha", 120.0), ("bob", "beta", -120.0)):
        run = runs.create(SMALL, id=f"{owner}-1", owner=owner)
        program = start(name, TRAIN_ONE, run.id, clock=clock)
        output, errors = program.communicate(timeout=300)
        assert output == "finished\n", errors
    for owner, name, clock in (("bob", "alpha", 120.0), ("ann", "beta", -120.0)):
        for number in (2, 3):
            program = start(name, CREATE, f"{owner}-{number}", owner, clock=clock)
            output, errors = program.communicate(timeout=60)
            assert output == f"{owner}-{number}\n", errors
    found = {run.id: run for run in runs.list_runs()}
    past = [found.pop("ann-1"), found.pop("bob-1")]
    # Newest first.
    assert list(found) == ["ann-3", "ann-2", "bob-3", "bob-2"]
    order = [run.id for run in in_turn(found.values(), past)]
    assert order == ["ann-2", "bob-2", "ann-3", "bob-3"]
    assert [run.id for run in in_turn(found.values(), [])] == ["bob-2", "ann-2", "bob-3", "ann-3"]
