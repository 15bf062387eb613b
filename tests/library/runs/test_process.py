"""The process of a run: started once, paused, stopped, queued; real processes."""

import subprocess
import sys
from pathlib import Path
from time import monotonic, sleep

import pytest
import torch

from aemodels import paths, runs
from aemodels.bundles import bundle
from aemodels.runs import folder, lock, process, request
from aemodels.runs.lock import Lost
from aemodels.runs.status import RunState, RunStatus, write_status
from aemodels.runs.transitions import Action
from aemodels.setting import SettingError
from tests.library.running import LONG, SMALL, Processes, state_is, until

# Each starts programs, which import PyTorch.
pytestmark = [pytest.mark.usefixtures("home"), pytest.mark.slow]


def test_pause_goes_on_and_stop_leaves_a_model_at_once(processes: Processes) -> None:
    run = runs.create(LONG)
    process.start(run)
    assert runs.read(run.id).state in ("waiting", "running")
    until(run, lambda run: len(run.records()) >= 2)
    with pytest.raises(runs.RunError, match="is already being trained"):
        process.start(run)
    with pytest.raises(runs.RunError, match="stop it first"):
        runs.delete(run)
    request.send(run, Action.PAUSE)
    paused = until(run, state_is("paused"), 5)
    count = len(paused.records())
    sleep(0.3)
    assert len(runs.read(run.id).records()) <= count + 1
    request.send(run, Action.CONTINUE)
    resumed = until(run, lambda run: len(run.records()) > count + 1)
    assert resumed.state == "running"
    assert 0 < resumed.status.done < 1
    assert (resumed.status.seconds_left or 0) > 0
    assert resumed.status.parameters == 784 * 16 + 16 + 16 * 4 + 4 + 2 * 16 + 16 + 16 * 784 + 784
    request.send(run, Action.PAUSE)
    until(run, state_is("paused"), 5)
    request.send(run, Action.STOP)
    measuring = until(run, state_is("measuring"), 20)
    # At once, since a fast machine measures so small a model within a second.
    request.send(run, Action.STOP)
    assert measuring.bundle_path is not None
    found = bundle.read(measuring.bundle_path)
    assert found.metrics.number("sse") > 0
    assert found.metrics.knn1 is None
    assert not found.training.finished
    stopped = until(run, state_is("stopped"), 30)
    assert stopped.message == "Stopped before all test metrics were measured."
    assert processes[0].wait(20) == 0
    assert bundle.read(measuring.bundle_path).digests == found.digests
    assert "Warning" not in (run.path / folder.LOG).read_text("utf-8")


def test_a_request_waits_for_no_lock(monkeypatch: pytest.MonkeyPatch) -> None:
    """Not for that of the process which it asks."""
    run = runs.create(SMALL)
    tried: list[Path] = []
    with lock.lock(run.path):
        write_status(run.path, RunStatus(RunState.RUNNING))
        monkeypatch.setattr(lock.Lease, "take", lambda lease: tried.append(lease.path))
        for action in (Action.PAUSE, Action.STOP):
            request.send(run, action)
            assert request.received(run.path) is action
    assert tried == []


def test_runs_take_turns_in_the_order_they_were_made(processes: Processes) -> None:
    first, second, third = (runs.create(LONG, id=name, name=f"the {name}") for name in "abc")
    process.start(first)
    until(first, state_is("running"))
    # Started in the other order.
    process.start(third)
    process.start(second)
    waiting = until(third, lambda run: run.message.startswith("Waiting for"))
    assert (waiting.state, waiting.message) == ("waiting", "Waiting for the CPU (after “the a”).")
    until(second, lambda run: run.message.startswith("Waiting for"))
    processes[0].kill()
    until(second, state_is("running"))
    assert runs.read("c").state == "waiting"
    assert runs.read("a").state == "interrupted"
    request.send(third, Action.STOP)
    cancelled = until(third, state_is("stopped"))
    assert cancelled.message == "Cancelled before it started."
    assert cancelled.bundle_path is None
    assert [run.id for run in runs.list_runs()] == ["c", "b", "a"]
    runs.delete(cancelled)
    assert [run.id for run in runs.list_runs()] == ["b", "a"]


def test_two_programs_do_not_start_one_run_twice(home: Path) -> None:
    run = runs.create(SMALL.with_(epochs=1), id="once")
    code = "from aemodels.runs import process, read; process.start(read('once'))"
    command = [sys.executable, "-c", code]
    pair = [
        subprocess.Popen(command, cwd=paths.AROUND, stderr=subprocess.PIPE, encoding="utf-8")
        for _ in range(2)
    ]
    errors = [process.communicate(timeout=60)[1] for process in pair]
    assert sorted(process.returncode for process in pair) == [0, 1]
    assert any("once is already being trained" in error for error in errors)
    until(run, state_is("measuring", "finished"))
    log = (run.path / folder.LOG).read_text("utf-8")
    assert log.count("run once") == 1
    until(run, lambda run: not run.alive)
    assert len(runs.read("once").records()) == 1


def test_ctrl_c_in_a_shell_stops_a_run(processes: Processes, home: Path) -> None:
    words = [sys.executable, "-m", "aemodels", "train", *LONG.options(), "--run", "mine"]
    process = subprocess.Popen(words, cwd=paths.AROUND, stderr=subprocess.DEVNULL)
    end = monotonic() + 60
    while not (home / "mine" / folder.CHECKPOINT).exists():
        assert monotonic() < end
        sleep(0.01)
    process.terminate()
    until(runs.read("mine"), state_is("measuring"), 20)
    process.terminate()
    assert process.wait(30) == 130
    assert runs.read("mine").state == "stopped"


def test_an_estimate_has_device_parameters_and_seconds() -> None:
    found = process.estimate(SMALL.with_(device="cpu"))
    assert (found.device, found.precision) == ("cpu", "fp32")
    assert found.parameters == 784 * 16 + 16 + 16 * 4 + 4 + 2 * 16 + 16 + 16 * 784 + 784
    assert 0 < found.seconds_per_epoch < 60
    assert found.seconds == pytest.approx(3 * found.seconds_per_epoch)
    if not torch.cuda.is_available():
        with pytest.raises(SettingError, match=r"^device=cuda: PyTorch finds none here"):
            process.estimate(SMALL.with_(device="cuda"))


def test_the_module_that_pages_use_needs_no_pytorch() -> None:
    code = "import sys; from aemodels.runs import archive, process; print('torch' in sys.modules)"
    command = [sys.executable, "-c", code]
    found = subprocess.run(command, cwd=paths.AROUND, capture_output=True, encoding="utf-8")
    assert found.stdout == "False\n"


def test_a_clusters_variables_and_a_lost_lock_are_no_trouble_of_one_computer(
    processes: Processes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LATENT_LAB_GPU_SHARE", "many")
    run = runs.create(SMALL)

    def lost(*arguments: object) -> None:
        raise Lost("another has taken it over")

    with monkeypatch.context() as patched:
        patched.setattr("aemodels.runs.jobs.order", lost)
        with pytest.raises(runs.RunError, match="is being changed by another program; try again"):
            process.start(run)
    process.start(run)
    until(run, state_is("finished"))
