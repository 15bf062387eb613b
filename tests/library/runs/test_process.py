"""The process of a run: started once, paused, stopped, queued; real processes."""

import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from time import monotonic, sleep

import pytest
import torch

from aemodels.bundles import bundle
from aemodels.runs import process
from aemodels import runs
from tests.library.running import LONG, SMALL, Processes, state_is, until

pytestmark = pytest.mark.usefixtures("home")


def test_pause_goes_on_and_stop_leaves_a_model_at_once(processes: Processes) -> None:
    run = runs.create(LONG)
    process.start(run)
    assert runs.read(run.id).state in ("waiting", "running")
    until(run, lambda run: len(run.records()) >= 2)
    with pytest.raises(runs.RunError, match="is being trained already"):
        process.start(run, resume=True)
    with pytest.raises(runs.RunError, match="stop it first"):
        runs.delete(run)
    process.request(run, "pause")
    paused = until(run, state_is("paused"), 5)
    count = len(paused.records())
    sleep(0.3)
    assert len(runs.read(run.id).records()) <= count + 1
    process.request(run, "run")
    going = until(run, lambda run: len(run.records()) > count + 1)
    assert going.state == "running"
    assert 0 < going.status["done"] < 1
    assert going.status["seconds_left"] > 0
    assert going.status["parameters"] == 784 * 16 + 16 + 16 * 4 + 4 + 2 * 16 + 16 + 16 * 784 + 784
    process.request(run, "pause")
    until(run, state_is("paused"), 5)
    process.request(run, "stop")
    measuring = until(run, state_is("measuring"), 20)
    assert measuring.bundle_path is not None
    found = bundle.read(measuring.bundle_path)
    assert found.metrics.number("sse") > 0
    assert found.metrics.knn1 is None
    assert not found.training.finished
    process.request(run, "stop")
    stopped = until(run, state_is("stopped"), 30)
    assert stopped.message == "stopped before its map was measured"
    assert processes[0].wait(20) == 0
    assert bundle.read(measuring.bundle_path).digests == found.digests
    assert "Warning" not in (run.path / runs.LOG).read_text()


def test_runs_take_turns_in_the_order_they_were_made(processes: Processes) -> None:
    first, second, third = (runs.create(LONG, id=name, name=f"the {name}") for name in "abc")
    process.start(first)
    until(first, state_is("running"))
    # Started in the other order.
    process.start(third)
    process.start(second)
    waiting = until(third, lambda run: "behind" in run.message)
    assert (waiting.state, waiting.message) == ("waiting", "waits for the cpu, behind the a")
    until(second, lambda run: "behind" in run.message)
    processes[0].kill()
    until(second, state_is("running"))
    assert runs.read("c").state == "waiting"
    assert runs.read("a").state == "interrupted"
    process.request(third, "stop")
    cancelled = until(third, state_is("stopped"))
    assert cancelled.message == "cancelled before it began"
    assert cancelled.bundle_path is None
    assert [run.id for run in runs.scan()] == ["c", "b", "a"]
    runs.delete(cancelled)
    assert [run.id for run in runs.scan()] == ["b", "a"]


def test_two_programs_do_not_start_one_run_twice(home: Path) -> None:
    run = runs.create(SMALL.with_(epochs=1), id="once")
    code = "from aemodels import process, runs; process.start(runs.read('once'))"
    command = [sys.executable, "-c", code]
    pair = [
        subprocess.Popen(command, cwd=runs.ROOT, stderr=subprocess.PIPE, text=True)
        for _ in range(2)
    ]
    errors = [process.communicate(timeout=60)[1] for process in pair]
    assert sorted(process.returncode for process in pair) == [0, 1]
    assert any("once is being trained already" in error for error in errors)
    until(run, state_is("measuring", "finished"))
    log = (run.path / runs.LOG).read_text()
    assert log.count("run once") == 1
    until(run, lambda run: not run.alive)
    assert len(runs.read("once").records()) == 1


def test_ctrl_c_in_a_shell_stops_a_run(processes: Processes, home: Path) -> None:
    words = [sys.executable, "-m", "aemodels", "train", *LONG.options(), "--run", "mine"]
    process = subprocess.Popen(words, cwd=runs.ROOT, stderr=subprocess.DEVNULL)
    end = monotonic() + 60
    while not (home / "mine" / runs.CHECKPOINT).exists():
        assert monotonic() < end
        sleep(0.01)
    process.terminate()
    until(runs.read("mine"), state_is("measuring"), 20)
    process.terminate()
    assert process.wait(30) == 130
    assert runs.read("mine").state == "stopped"


def test_trial_tells_device_parameters_and_seconds() -> None:
    found = process.trial(SMALL)
    assert found["device"] in ("cpu", "cuda", "mps")
    assert found["precision"] == "fp32"
    assert 0 < found["seconds_per_epoch"] < 60
    assert found["seconds"] == pytest.approx(3 * found["seconds_per_epoch"])
    if not torch.cuda.is_available():
        with pytest.raises(runs.RunError, match=r"^device=cuda: PyTorch finds none here"):
            process.trial(SMALL.with_(device="cuda"))


def test_the_module_that_pages_use_needs_no_pytorch() -> None:
    code = "import sys; from aemodels import archive, runs; print('torch' in sys.modules)"
    command = [sys.executable, "-c", code]
    found = subprocess.run(command, cwd=runs.ROOT, capture_output=True, text=True)
    assert found.stdout == "False\n"
