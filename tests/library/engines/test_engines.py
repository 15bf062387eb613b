"""The same runs on all engines: started, paused, stopped, killed, resumed, queued, limited."""

import pytest

from aemodels import runs
from aemodels.bundles import bundle
from aemodels.runs import folder, jobs, limits, process, request
from aemodels.runs.limits import LimitError, Limits
from aemodels.runs.transitions import Action
from tests.library.engines.conftest import Machine
from tests.library.running import LONG, SMALL, assert_same, state_is, until, weights, work

# Each starts programs, which import PyTorch.
pytestmark = pytest.mark.slow
PATIENCE = 200.0


def test_pause_goes_on_and_stop_leaves_a_model(machine: Machine) -> None:
    run = runs.create(LONG)
    process.start(run)
    assert runs.read(run.id).state in ("waiting", "running")
    with pytest.raises(runs.RunError, match="is already being trained"):
        process.start(run)
    with pytest.raises(runs.RunError, match="stop it first"):
        runs.delete(run)
    until(run, lambda run: len(run.records()) >= 2, PATIENCE)
    assert jobs.pending(run.path) is None
    request.send(run, Action.PAUSE)
    count = len(until(run, state_is("paused"), PATIENCE).records())
    request.send(run, Action.CONTINUE)
    until(run, lambda run: len(run.records()) > count + 1, PATIENCE)
    request.send(run, Action.STOP)
    until(run, state_is("measuring"), PATIENCE)
    request.send(run, Action.STOP)
    stopped = until(run, state_is("stopped"), PATIENCE)
    assert stopped.message == "Stopped before all test metrics were measured."
    assert stopped.bundle_path is not None
    assert not bundle.read(stopped.bundle_path).training.finished


@pytest.mark.usefixtures("unmeasured")
def test_a_killed_run_is_interrupted_and_resumes_to_the_same_bits(machine: Machine) -> None:
    config = SMALL.with_(epochs=40)
    run, other = runs.create(config), runs.create(config)
    process.start(run)
    until(run, lambda run: len(run.records()) >= 2, PATIENCE)
    machine.kill(run)
    killed = until(run, state_is("interrupted"), PATIENCE)
    assert killed.message.startswith("The process ended unexpectedly; ")
    # The checkpoint of the last epoch may not have been written yet.
    assert 1 <= killed.status.epoch < 40
    process.start(run)
    until(run, state_is("measuring"), PATIENCE)
    request.send(run, Action.STOP)
    until(run, state_is("stopped", "finished"), PATIENCE)
    assert [record.epoch for record in runs.read(run.id).records()] == [*range(1, 41)]
    assert_same(weights(runs.read(run.id)), weights(work(other)))
    process.start(run, epochs=1)
    until(run, lambda run: len(run.records()) == 41, PATIENCE)


def test_runs_wait_for_the_machine_and_can_be_cancelled(machine: Machine) -> None:
    first, second = (runs.create(LONG, id=name, name=f"the {name}") for name in "ab")
    process.start(first)
    until(first, state_is("running"), PATIENCE)
    process.start(second)
    local = machine.name == "local"
    says = "Waiting for the CPU (after “the a”)." if local else "Queued, first in line."
    waiting = until(second, lambda run: run.message == says, PATIENCE)
    assert waiting.state == "waiting"
    request.send(second, Action.STOP)
    cancelled = until(second, state_is("stopped"), PATIENCE)
    assert cancelled.message == "Cancelled before it started."
    process.start(second)
    until(second, lambda run: run.message == says, PATIENCE)
    machine.kill(first)
    until(second, lambda run: bool(run.records()), PATIENCE)
    assert runs.read("a").state == "interrupted"
    log = (second.path / folder.LOG).read_text("utf-8")
    # On this computer, the first job took the run and was then told to stop.
    assert log.count("run b\n") == 1 + local


def test_limits_count_what_waits_and_what_trains(machine: Machine) -> None:
    one = Limits(live_runs=1)
    ann, bob = (runs.create(LONG, id=name, owner=name) for name in ("ann", "bob"))
    with limits.starting("ann", one):
        process.start(ann)
    refused("ann", one)
    until(ann, state_is("running"), PATIENCE)
    refused("ann", one)
    with limits.starting("bob", one):
        process.start(bob)
    assert until(bob, lambda run: not run.status.starting or "first" in run.message).alive
    refused("bob", one)
    with pytest.raises(LimitError, match="This server has two live runs"):
        limits.starting("eve", Limits(all_live_runs=2)).__enter__()
    request.send(bob, Action.STOP)
    until(bob, state_is("stopped"), PATIENCE)
    machine.kill(ann)
    until(ann, state_is("interrupted"), PATIENCE)
    for owner in ("ann", "bob"):
        with limits.starting(owner, one):
            pass


def refused(owner: str, given: Limits) -> None:
    with pytest.raises(LimitError, match="You have a run that is being trained; wait until it"):
        limits.starting(owner, given).__enter__()
