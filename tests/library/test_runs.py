"""Runs: real processes that are killed, paused, stopped and queued; nothing is ever lost."""

import errno
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from time import monotonic, sleep
from typing import Any

import numpy as np
import pytest
import torch

from aemodels import atomic, bundle, data, evaluate, experiment, families, model, runs, training
from aemodels.config import Config, SettingError
from aemodels.families import OBJECTIVES
from aemodels.latent import aligned
from aemodels.worker import Worker

SMALL = Config(hidden=(16,), epochs=3, batch_size=100, train_images=600, precision="fp32")
LONG = replace(SMALL, epochs=10_000)

Processes = list[subprocess.Popen[bytes]]


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("LATENT_LAB_HOME", str(tmp_path))
    monkeypatch.setenv("OMP_NUM_THREADS", "1")
    monkeypatch.setenv("PYTHONWARNINGS", "error")
    return tmp_path / "runs"


@pytest.fixture
def processes(monkeypatch: pytest.MonkeyPatch) -> Iterator[Processes]:
    """Those that `runs.start` makes; what a test leaves is killed."""
    made: Processes = []

    class Noted(subprocess.Popen[bytes]):
        def __init__(self, *args: Any, **kwargs: Any) -> None:
            super().__init__(*args, **kwargs)
            made.append(self)

    monkeypatch.setattr(subprocess, "Popen", Noted)
    yield made
    for process in made:
        process.kill()
        process.wait()


@pytest.fixture
def unmeasured(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the seconds that measuring a map takes."""
    monkeypatch.setattr(evaluate, "evaluate", lambda model, mnist, check: {"sse": 1.0})


def until(run: runs.Run, condition: Callable[[runs.Run], bool], seconds: float = 60) -> runs.Run:
    """The run as soon as the condition holds."""
    end = monotonic() + seconds
    while not condition(found := runs.read(run.id)):
        assert monotonic() < end, (found, (found.path / runs.LOG).read_text())
        sleep(0.01)
    return found


def state_is(*states: str) -> Callable[[runs.Run], bool]:
    return lambda run: run.state in states


def work(run: runs.Run, epochs: int | None = None, resume: bool = True) -> runs.Run:
    """Train it in this process."""
    with runs.claim(run, resume, epochs) as claimed:
        return Worker(claimed, data.FOLDER, []).work(epochs)


def weights(run: runs.Run) -> dict[str, np.ndarray]:
    assert run.bundle_path is not None
    return bundle.read(run.bundle_path).weights()


def assert_same(found: dict[str, np.ndarray], expected: dict[str, np.ndarray]) -> None:
    assert found.keys() == expected.keys()
    for name, array in expected.items():
        np.testing.assert_array_equal(found[name], array)


def test_killed_anywhere_and_resumed_ends_with_the_same_bits(
    mnist: data.MNIST, processes: Processes, unmeasured: None
) -> None:
    config = replace(SMALL, epochs=50, latent_dim=3)
    expected = experiment.fit(config, mnist)
    run = runs.create(config, name="often killed")
    runs.start(run)
    for number, epochs in enumerate((0, 8, 20)):
        until(run, lambda run, epochs=epochs: len(run.records()) > epochs)  # type: ignore[misc]
        sleep(0.007 * number)  # Not always in the same place of an epoch.
        processes[-1].kill()
        processes[-1].wait()
        run = runs.read(run.id)
        assert run.state == "interrupted"
        assert "whole epoch" in run.message
        # What a kill in the middle of a write leaves.
        (run.path / ".checkpoint.safetensors.new").write_bytes(b"half a checkpoint")
        with (run.path / runs.RECORDS).open("ab") as stream:
            stream.write(b'{"epoch": 1')
        if number < 2:
            runs.start(run, resume=True)
    run = work(run)
    assert run.state == "finished"
    assert_same(weights(run), model.tensors(expected.model))
    assert [record["epoch"] for record in run.records()] == list(range(1, 51))
    assert not list(run.path.glob(".*"))
    assert run.snapshot_epochs() == list(range(51))
    seconds = [record["seconds"] for record in run.records()]
    assert seconds == sorted(seconds)


@pytest.mark.parametrize("precision", ["fp32", "bf16"])
def test_a_checkpoint_of_any_epoch_leads_to_the_same_bits(
    precision: str, mnist: data.MNIST
) -> None:
    config = replace(SMALL, epochs=4, precision=precision)
    whole = experiment.begin(config, mnist, (3, 2))
    checkpoints = [whole.checkpoint() for _ in whole.run()]
    for content in checkpoints:
        resumed = experiment.begin(config, mnist, (3, 2))
        resumed.restore(content)
        list(resumed.run())
        assert_same(model.tensors(resumed.model), model.tensors(whole.model))
        assert resumed.checkpoint() != content or content is checkpoints[-1]


def test_a_checkpoint_of_another_model_or_a_damaged_one_is_refused(mnist: data.MNIST) -> None:
    going = experiment.begin(SMALL, mnist)
    content = going.checkpoint()
    before = model.tensors(going.model)
    other = experiment.begin(replace(SMALL, hidden=(17,)), mnist).checkpoint()
    with pytest.raises(training.CheckpointError, match="of another model"):
        going.restore(other)
    for damaged in (b"", content[:100], content[:-1], b"\x80\x04" + content):
        with pytest.raises(training.CheckpointError, match="damaged"):
            going.restore(damaged)
    assert_same(model.tensors(going.model), before)


def test_the_step_is_that_of_pytorchs_adamw_and_one_cycle(mnist: data.MNIST) -> None:
    ours, theirs = (experiment.begin(SMALL, mnist) for _ in range(2))
    list(ours.run())
    total, network = theirs.steps * SMALL.epochs, theirs.model
    optimizer = torch.optim.AdamW(
        network.parameters(), SMALL.learning_rate, weight_decay=SMALL.weight_decay, fused=True
    )
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, SMALL.learning_rate, total)
    for _ in range(SMALL.epochs):
        for batch in theirs._batches():
            optimizer.zero_grad()
            OBJECTIVES["vae"](network, batch, theirs._noise)["loss"].backward()
            optimizer.step()
            schedule.step()
    assert_same(model.tensors(ours.model), model.tensors(network))


@pytest.mark.parametrize("total", [1, 2, 3, 4, 10, 333])
def test_one_cycle_is_that_of_pytorch(total: int) -> None:
    optimizer = torch.optim.AdamW([torch.nn.Parameter(torch.zeros(1))])
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, 3e-3, total)
    for step in range(total):
        group = optimizer.param_groups[0]
        assert training.one_cycle(step, total, 3e-3) == (group["lr"], group["betas"][0])
        optimizer.step()
        if step < total - 1:
            schedule.step()


def test_pause_goes_on_and_stop_leaves_a_model_at_once(processes: Processes) -> None:
    run = runs.create(LONG)
    runs.start(run)
    assert runs.read(run.id).state in ("waiting", "running")
    until(run, lambda run: len(run.records()) >= 2)
    with pytest.raises(runs.RunError, match="is being trained already"):
        runs.start(run, resume=True)
    with pytest.raises(runs.RunError, match="stop it first"):
        runs.delete(run)
    runs.request(run, "pause")
    paused = until(run, state_is("paused"), 5)
    count = len(paused.records())
    sleep(0.3)
    assert len(runs.read(run.id).records()) <= count + 1
    runs.request(run, "run")
    going = until(run, lambda run: len(run.records()) > count + 1)
    assert going.state == "running"
    assert 0 < going.status["done"] < 1
    assert going.status["seconds_left"] > 0
    assert going.status["parameters"] == 784 * 16 + 16 + 16 * 4 + 4 + 2 * 16 + 16 + 16 * 784 + 784
    runs.request(run, "pause")
    until(run, state_is("paused"), 5)
    runs.request(run, "stop")
    measuring = until(run, state_is("measuring"), 20)
    assert measuring.bundle_path is not None
    found = bundle.read(measuring.bundle_path)
    assert found.metrics["sse"] > 0
    assert found.metrics["knn1"] is None
    assert not found.training["finished"]
    runs.request(run, "stop")
    stopped = until(run, state_is("stopped"), 30)
    assert stopped.message == "stopped before its map was measured"
    assert processes[0].wait(20) == 0
    assert bundle.read(measuring.bundle_path).digests == found.digests
    assert "Warning" not in (run.path / runs.LOG).read_text()


def test_runs_take_turns_in_the_order_they_were_made(processes: Processes) -> None:
    first, second, third = (runs.create(LONG, id=name, name=f"the {name}") for name in "abc")
    runs.start(first)
    until(first, state_is("running"))
    # Started in the other order.
    runs.start(third)
    runs.start(second)
    waiting = until(third, lambda run: "behind" in run.message)
    assert (waiting.state, waiting.message) == ("waiting", "waits for the cpu, behind the a")
    until(second, lambda run: "behind" in run.message)
    processes[0].kill()
    until(second, state_is("running"))
    assert runs.read("c").state == "waiting"
    assert runs.read("a").state == "interrupted"
    runs.request(third, "stop")
    cancelled = until(third, state_is("stopped"))
    assert cancelled.message == "cancelled before it began"
    assert cancelled.bundle_path is None
    assert [run.id for run in runs.scan()] == ["c", "b", "a"]
    runs.delete(cancelled)
    assert [run.id for run in runs.scan()] == ["b", "a"]


def test_two_programs_do_not_start_one_run_twice(home: Path) -> None:
    run = runs.create(replace(SMALL, epochs=1), id="once")
    code = "from aemodels import runs; runs.start(runs.read('once'))"
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


def test_train_further_appends_a_phase(mnist: data.MNIST, unmeasured: None) -> None:
    run = work(runs.create(SMALL), resume=False)
    assert (run.state, run.phases) == ("finished", (3,))
    assert run.bundle_path is not None
    assert bundle.read(run.bundle_path).metrics["sse"] == 1
    with pytest.raises(runs.RunError, match="is finished; train it further"):
        runs.start(run, resume=True)
    with pytest.raises(runs.RunError, match="epochs=0: must be"):
        runs.further(run, 0)
    run = work(run, 2)
    assert (run.state, run.phases, run.status["epoch"]) == ("finished", (3, 2), 5)
    assert [record["epoch"] for record in run.records()] == [1, 2, 3, 4, 5]
    assert run.snapshot_epochs() == [0, 1, 2, 3, 4, 5]
    expected = experiment.begin(SMALL, mnist, (3, 2))
    list(expected.run())
    assert_same(weights(run), model.tensors(expected.model))
    assert run.bundle_path is not None
    found = bundle.read(run.bundle_path)
    assert found.training["epochs"] == 5
    assert found.command.endswith(
        f"--run {run.id} && python -m aemodels resume {run.id} --epochs 2"
    )


def test_stopped_in_the_first_epoch_still_gives_a_model(unmeasured: None) -> None:
    run = runs.create(SMALL)
    with runs.claim(run) as claimed:
        worker = Worker(claimed, data.FOLDER, [])
        worker.on_step = lambda done, total: worker.interrupts.append(2)
        stopped = worker.work()
    assert stopped.state == "stopped"
    assert stopped.bundle_path is not None
    assert bundle.read(stopped.bundle_path).training["epochs"] == 0
    finished = work(stopped)
    assert (finished.state, len(finished.records())) == ("finished", 3)


def test_pca_is_a_run_without_epochs(unmeasured: None) -> None:
    run = work(runs.create(Config(family="pca", latent_dim=3, train_images=600)), resume=False)
    assert (run.state, run.phases, run.records()) == ("finished", (), [])
    assert run.bundle_path is not None
    with pytest.raises(runs.RunError, match="which has no epochs"):
        runs.further(run, 5)


def test_loss_that_becomes_nan_keeps_the_last_good_epoch(
    monkeypatch: pytest.MonkeyPatch, unmeasured: None
) -> None:
    good = work(runs.create(replace(SMALL, epochs=2)), resume=False)
    steps, real = 0, families.variational

    def poisoned(*args: Any) -> families.Terms:
        nonlocal steps
        terms, steps = real(*args), steps + args[0].training
        return {**terms, "loss": terms["loss"] * (float("nan") if steps > 6 else 1)}

    monkeypatch.setitem(OBJECTIVES, "vae", poisoned)
    run = work(runs.create(SMALL), resume=False)
    assert run.state == "failed"
    assert run.message.startswith("the loss became nan in epoch 2; try a smaller learning_rate")
    assert run.bundle_path is not None
    assert bundle.read(run.bundle_path).training["epochs"] == 1
    assert len(run.records()) == 1
    content = (run.path / runs.CHECKPOINT).read_bytes()
    assert training.checkpoint_facts(content)["epoch"] == 1
    again = work(good, 3)
    assert (again.state, len(again.records())) == ("failed", 2)


@pytest.mark.parametrize(
    ("code", "says"),
    [
        (errno.ENOSPC, "the disk is full; make room, then resume it"),
        (errno.EACCES, "its folder can't be written: Permission denied"),
    ],
)
def test_disk_that_fails_keeps_the_last_good_checkpoint(
    code: int, says: str, monkeypatch: pytest.MonkeyPatch, unmeasured: None
) -> None:
    expected = weights(work(runs.create(SMALL), resume=False))
    written, real = 0, os.fsync

    def failing(descriptor: int) -> None:
        nonlocal written
        written += "checkpoint" in str(Path(f"/proc/self/fd/{descriptor}").readlink())
        if written > 1:
            raise OSError(code, os.strerror(code))
        real(descriptor)

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", failing)
        run = work(runs.create(SMALL), resume=False)
    assert (run.state, run.message) == ("failed", says)
    content = (run.path / runs.CHECKPOINT).read_bytes()
    assert training.checkpoint_facts(content)["epoch"] == 1
    assert not list(run.path.glob(".*"))
    assert_same(weights(work(run)), expected)


def test_folder_deleted_under_a_run_is_not_made_again(unmeasured: None) -> None:
    run = runs.create(SMALL)
    with runs.claim(run) as claimed:
        worker = Worker(claimed, data.FOLDER, [])
        worker.on_record = lambda record: shutil.rmtree(run.path)
        worker.work()
    assert worker.failure == "its folder was deleted while it was being trained"
    assert not run.path.exists()
    assert runs.scan() == []


@pytest.mark.parametrize(
    ("error", "says"),
    [
        (torch.OutOfMemoryError("CUDA out of memory."), "not enough memory for batch_size=100"),
        (SettingError("device=cuda: PyTorch finds none here"), "device=cuda: PyTorch finds none"),
    ],
)
def test_other_failures_end_in_a_sentence(
    error: Exception, says: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*args: Any) -> families.Terms:
        raise error

    monkeypatch.setitem(OBJECTIVES, "vae", broken)
    run = work(runs.create(SMALL), resume=False)
    assert run.state == "failed"
    assert says in run.message
    assert run.resumable


def test_snapshots_show_the_first_digit_of_each_class_and_do_not_spin(
    mnist: data.MNIST, unmeasured: None
) -> None:
    labels = mnist.test_labels[list(runs.FIXED_DIGITS)]
    assert labels.tolist() == list(range(10))
    for digit, index in enumerate(runs.FIXED_DIGITS):
        assert digit not in mnist.test_labels[:index]
    run = work(runs.create(replace(SMALL, latent_dim=5)), resume=False)
    last, pictures = run.snapshot(3)
    assert (last.shape, last.dtype) == ((2000, 2), np.float32)
    assert (pictures.shape, pictures.dtype) == ((10, 784), np.uint8)
    assert run.bundle_path is not None
    found = model.load(run.bundle_path)
    codes = found.encode(data.vectors(mnist.test_images[:2000]))
    expected = found.decode(codes[list(runs.FIXED_DIGITS)]) * 255
    np.testing.assert_allclose(pictures, expected, atol=0.51)
    # A plane's map keeps the two largest variances, however it is turned.
    variances = np.sort(np.linalg.eigvalsh(np.cov(codes.T)))[-2:]
    np.testing.assert_allclose(np.linalg.eigvalsh(np.cov(last.T)), variances, rtol=1e-4)
    before, _ = run.snapshot(2)
    np.testing.assert_allclose(aligned(last, before), last, atol=1e-4)


def test_aligning_undoes_a_turn_and_a_reflection() -> None:
    points = np.random.default_rng(0).normal(size=(100, 2)) * [3, 1]
    turn = np.array([[0.6, 0.8], [0.8, -0.6]])
    np.testing.assert_allclose(aligned(points @ turn, points), points, atol=1e-12)


def test_damaged_runs_are_shown_as_failed(home: Path) -> None:
    good = runs.create(SMALL)
    (home / "empty").mkdir()
    for name, text in {
        "garbage": "{",
        "list": "[]",
        "setting": json.dumps(
            {"format": 1, "name": "x", "created": "", "config": {"epochs": 0}, "command": ""}
            | {"phases": []}
        ),
    }.items():
        (home / name).mkdir()
        (home / name / "run.json").write_text(text)
        (home / name / "status.json").write_text(text)
    (home / "a file").write_text("")
    (home / ".hidden").mkdir()
    (home / "link").symlink_to(good.path)
    found = {run.id: run for run in runs.scan()}
    assert found.keys() == {good.id, "empty", "garbage", "list", "setting"}
    for name in ("empty", "garbage", "list", "setting"):
        assert found[name].state == "failed"
        assert "run.json can't be used" in found[name].message
        assert found[name].damaged
        with pytest.raises(runs.RunError, match=r"run\.json can't be used"):
            runs.start(found[name], resume=True)
        runs.delete(found[name])
    assert "epochs=0: must be a whole number" in found["setting"].message
    assert [run.id for run in runs.scan()] == [good.id]
    for outside in ("../x", "link", "", "UP", "none"):
        with pytest.raises(runs.RunError, match="there is no run"):
            runs.read(outside)


def test_ids_are_taken_once_and_names_are_free(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runs, "_default_id", lambda config: "20250131-120000-vae-2")
    ids = [runs.create(SMALL).id for _ in range(3)]
    assert ids == ["20250131-120000-vae-2" + end for end in ("", "-2", "-3")]
    run = runs.create(SMALL, name="  the\tfirst ", id="mine")
    assert (run.name, run.state, run.message) == ("the first", "interrupted", "it has not begun")
    with pytest.raises(runs.RunError, match="run=mine: is there already"):
        runs.create(SMALL, id="mine")
    for wrong in ("", "a/b", "..", "-a", "A", "x" * 65):
        with pytest.raises(runs.RunError, match="must be 1 to 64 small letters"):
            runs.create(SMALL, id=wrong)
    runs.rename(run, "the second, näher")
    assert runs.read("mine").name == "the second, näher"
    for wrong in ("", " ", "x" * 81, "a\x00b"):
        with pytest.raises(runs.RunError, match="must be 1 to 80 characters"):
            runs.rename(run, wrong)
    with pytest.raises(runs.RunError, match="mine is not being trained"):
        runs.request(run, "stop")
    with pytest.raises(runs.RunError, match="must be pause, run or stop"):
        runs.request(run, "explode")


def test_replace_shows_the_old_content_or_the_new(tmp_path: Path) -> None:
    file = tmp_path / "file"
    atomic.replace(file, b"old")
    with pytest.raises(OSError, match="No such file"):
        atomic.replace(file, b"new", scratch=tmp_path / "gone")
    assert file.read_bytes() == b"old"
    atomic.replace(file, b"new")
    assert [entry.name for entry in tmp_path.iterdir()] == ["file"]
    assert file.read_bytes() == b"new"


def test_trial_tells_device_parameters_and_seconds() -> None:
    found = runs.trial(SMALL)
    assert found["device"] in ("cpu", "cuda", "mps")
    assert found["precision"] == "fp32"
    assert 0 < found["seconds_per_epoch"] < 60
    assert found["seconds"] == pytest.approx(3 * found["seconds_per_epoch"])
    if not torch.cuda.is_available():
        with pytest.raises(runs.RunError, match=r"^device=cuda: PyTorch finds none here"):
            runs.trial(replace(SMALL, device="cuda"))


def test_the_module_that_pages_use_needs_no_pytorch() -> None:
    code = "import sys; from aemodels import archive, runs; print('torch' in sys.modules)"
    command = [sys.executable, "-c", code]
    found = subprocess.run(command, cwd=runs.ROOT, capture_output=True, text=True)
    assert found.stdout == "False\n"
