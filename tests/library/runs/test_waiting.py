"""Runs far back in the queue wait in small processes."""

import threading
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from time import monotonic, sleep

import pytest

from aemodels import runs
from aemodels.config import Config
from aemodels.runs import host, jobs, process, queue, request, waiting
from aemodels.runs.lock import lock
from aemodels.runs.status import RunState, RunStatus, write_status
from aemodels.runs.transitions import Action
from tests.library.running import LONG, Processes, state_is, until

pytestmark = pytest.mark.usefixtures("home")


class Wait(threading.Thread):
    """A run that waits, in a thread."""

    def __init__(self, run: runs.Run) -> None:
        super().__init__(daemon=True)
        self.run_ = run
        self.interrupts: list[int] = []
        self.start()

    def run(self) -> None:
        with lock(self.run_.path):
            waiting.wait_far_back(self.run_, self.interrupts)


@pytest.fixture
def two(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[runs.Run]]:
    """One that is being trained and one that is next."""
    monkeypatch.setattr(waiting, "LOOK_SECONDS", 0.05)
    monkeypatch.setattr(waiting, "ASK_SECONDS", 0.01)
    first, second = runs.create(LONG, id="a", name="first"), runs.create(LONG, id="b")
    with ExitStack() as held:
        for run, state in ((first, RunState.RUNNING), (second, RunState.WAITING)):
            held.enter_context(lock(run.path))
            write_status(run.path, RunStatus(state, device="cpu", host=host.name()))
        yield [first, second]


def ended(wait: Wait) -> bool:
    wait.join(60)
    return not wait.is_alive()


def test_the_third_waits_until_it_is_the_second(two: list[runs.Run]) -> None:
    third = runs.create(LONG, id="c")
    wait = Wait(third)
    said = until(third, lambda run: bool(run.status.device))
    assert said.message == "Waiting for the CPU (after “first”)."
    assert said.status.host == host.name()
    sleep(0.3)
    assert wait.is_alive()
    write_status(two[0].path, RunStatus(RunState.FINISHED, device="cpu", host=host.name()))
    assert ended(wait)


@pytest.mark.parametrize("how", ["request", "signal"])
def test_it_hears_that_it_is_to_stop(how: str, two: list[runs.Run]) -> None:
    third = runs.create(LONG, id="c")
    wait = Wait(third)
    until(third, lambda run: run.message.startswith("Waiting"))
    if how == "signal":
        wait.interrupts.append(15)
    else:
        request.send(third, Action.STOP)
    assert ended(wait)


def test_who_wants_another_device_or_is_on_another_host_is_not_waited_for(
    two: list[runs.Run],
) -> None:
    gpu = runs.create(LONG.with_(device="cuda"), id="c")
    assert ended(Wait(gpu))
    write_status(two[0].path, RunStatus(RunState.RUNNING, device="cpu", host="elsewhere"))
    assert ended(Wait(runs.create(LONG, id="d")))


@pytest.mark.parametrize("begun", [False, True])
def test_runs_of_a_cluster_are_not_waited_for(
    begun: bool, two: list[runs.Run], monkeypatch: pytest.MonkeyPatch
) -> None:
    """They were trained on this host before, or are now: it is a machine of the cluster too."""
    for run in two:
        token = jobs.order(run.path, "ray+http://head:8265", ["resume", run.id]).token
        if begun:
            jobs.take(run.path, token)
        else:
            status = replace(run.status, state=RunState.WAITING, starting=True)
            write_status(run.path, replace(status, device="cpu", host=host.name()))
    third = runs.create(LONG, id="c")
    assert queue.ahead(third, "cpu", runs.list_runs()) == []
    # Nor if they haven't been trained anywhere.
    for run in two:
        write_status(run.path, RunStatus(RunState.WAITING, starting=True))
    assert ended(Wait(third))


def test_one_that_has_yet_to_ask_for_its_device_counts(
    two: list[runs.Run], monkeypatch: pytest.MonkeyPatch
) -> None:
    write_status(two[1].path, RunStatus(RunState.WAITING, host=host.name()))
    third = runs.create(Config(), id="c")
    wait = Wait(third)
    until(third, lambda run: run.message == "Waiting for the CPU (after “first”).")
    sleep(0.3)
    assert wait.is_alive()
    # But not for ever.
    monkeypatch.setattr(waiting, "UNKNOWN_SECONDS", 0.0)
    assert ended(wait)


def test_while_no_device_is_known_the_older_come_first(two: list[runs.Run]) -> None:
    for run in two:
        write_status(run.path, replace(run.status, state=RunState.WAITING, starting=True))
    third = runs.create(Config(), id="c")
    wait = Wait(third)
    sleep(0.3)
    assert wait.is_alive()
    assert runs.read("c").message == "Starting."
    write_status(two[1].path, RunStatus(RunState.STOPPED))
    assert ended(wait)


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="memory is known on Linux only")
def test_a_process_far_back_is_small(processes: Processes) -> None:
    made = [runs.create(LONG, id=name) for name in "abcd"]
    process.start(made[0])
    until(made[0], state_is("running"))
    for run in made[1:]:
        process.start(run)
        until(run, lambda run: run.message.startswith("Waiting for the CPU"))
    sizes = [resident(each.pid) for each in processes]
    print(f"\nresident memory in MB: {sizes}", end="")
    # The second has loaded PyTorch and the data, or is about to.
    end = monotonic() + 60
    while resident(processes[1].pid) < 2 * max(sizes[2:]):
        assert monotonic() < end, sizes
        sleep(0.1)
    assert max(sizes[2:]) < 150
    request.send(made[3], Action.STOP)
    cancelled = until(made[3], state_is("stopped"))
    assert cancelled.message == "Cancelled before it started."


def resident(pid: int) -> int:
    """The resident memory of a process, MB."""
    for line in Path(f"/proc/{pid}/status").read_text("utf-8").splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) // 1000
    return 0
