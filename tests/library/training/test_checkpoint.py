"""Checkpoints: killed anywhere, even inside a write, and resumed, a run ends with the same bits."""

import errno
import os
import signal
import subprocess
import sys
from pathlib import Path
from time import sleep

import pytest

from aemodels import data, paths, runs
from aemodels.models.autoencoder import tensors
from aemodels.runs import folder, process
from aemodels.training import checkpoint, fit
from tests.library.running import (
    SMALL,
    Processes,
    assert_same,
    until,
    weights,
    work,
)

pytestmark = pytest.mark.usefixtures("home")


@pytest.mark.slow
def test_killed_anywhere_and_resumed_ends_with_the_same_bits(
    mnist: data.Dataset, processes: Processes, unmeasured: None
) -> None:
    config = SMALL.with_(epochs=50, latent_dim=3)
    expected = fit.fit(config, mnist)
    run = runs.create(config, name="often killed")
    process.start(run)
    for number, epochs in enumerate((0, 8, 20)):
        until(run, lambda run, epochs=epochs: len(run.records()) > epochs)  # type: ignore[misc]
        sleep(0.007 * number)  # Not always in the same place of an epoch.
        processes[-1].kill()
        processes[-1].wait()
        run = runs.read(run.id)
        assert run.state == "interrupted"
        assert "ended unexpectedly" in run.message
        # What a kill in the middle of a write leaves.
        (run.path / ".checkpoint.safetensors.new").write_bytes(b"half a checkpoint")
        with (run.path / folder.RECORDS).open("ab") as stream:
            stream.write(b'{"epoch": 1')
        if number < 2:
            process.start(run)
    run = work(run)
    assert run.state == "finished"
    assert_same(weights(run), tensors(expected.model))
    assert [record.epoch for record in run.records()] == list(range(1, 51))
    assert not list(run.path.glob(".*"))
    assert [moment.epoch for moment in run.snapshot_moments() if not moment.step] == list(range(51))
    seconds = [record.seconds for record in run.records()]
    assert seconds == sorted(seconds)


@pytest.mark.slow
@pytest.mark.parametrize("precision", ["fp32", "bf16"])
def test_a_checkpoint_of_any_epoch_leads_to_the_same_bits(
    precision: str, mnist: data.Dataset
) -> None:
    config = SMALL.with_(epochs=4, precision=precision)
    whole = fit.begin(config, mnist, (3, 2))
    checkpoints = [whole.checkpoint() for _ in whole.run()]
    for content in checkpoints:
        resumed = fit.begin(config, mnist, (3, 2))
        resumed.restore(content)
        list(resumed.run())
        assert_same(tensors(resumed.model), tensors(whole.model))
        assert resumed.checkpoint() != content or content is checkpoints[-1]


def test_a_checkpoint_of_another_model_or_a_damaged_one_is_refused(mnist: data.Dataset) -> None:
    training = fit.begin(SMALL, mnist)
    content = training.checkpoint()
    before = tensors(training.model)
    other = fit.begin(SMALL.with_(hidden=(17,)), mnist).checkpoint()
    with pytest.raises(checkpoint.CheckpointError, match="of another model"):
        training.restore(other)
    for damaged in (b"", content[:100], content[:-1], b"\x80\x04" + content):
        with pytest.raises(checkpoint.CheckpointError, match="damaged"):
            training.restore(damaged)
    assert_same(tensors(training.model), before)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("code", "says"),
    [
        (errno.ENOSPC, "The disk is full; free some space, then resume the run."),
        (errno.EACCES, "The run's folder can't be written: Permission denied."),
    ],
)
def test_disk_that_fails_keeps_the_last_good_checkpoint(
    code: int, says: str, monkeypatch: pytest.MonkeyPatch, unmeasured: None
) -> None:
    expected = weights(work(runs.create(SMALL)))
    written, real = 0, os.fsync

    def failing(descriptor: int) -> None:
        nonlocal written
        written += "checkpoint" in str(Path(f"/proc/self/fd/{descriptor}").readlink())
        if written > 1:
            raise OSError(code, os.strerror(code))
        real(descriptor)

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", failing)
        run = work(runs.create(SMALL))
    assert (run.state, run.message) == ("failed", says)
    content = (run.path / folder.CHECKPOINT).read_bytes()
    assert checkpoint.read_facts(content).epoch == 1
    assert not list(run.path.glob(".*"))
    assert_same(weights(work(run)), expected)


# A training that its second checkpoint kills: after half the bytes, before the rename, after it.
KILLED = """
import os, signal, sys
from pathlib import Path
from aemodels.cli import main

place, written = sys.argv.pop(1), 0
real_open, real_replace = Path.open, Path.replace

def die():
    os.kill(os.getpid(), signal.SIGKILL)

class Torn:
    def __init__(self, stream):
        self.stream = stream
    def __enter__(self):
        return self
    def __exit__(self, *error):
        self.stream.close()
    def write(self, content):
        self.stream.write(content[: len(content) // 2])
        self.stream.flush()
        die()

def opened(path, *arguments, **options):
    global written
    stream = real_open(path, *arguments, **options)
    checkpoint = path.match(".checkpoint.safetensors.*new")
    written += checkpoint
    return Torn(stream) if place == "half" and checkpoint and written == 2 else stream

def renamed(path, target):
    second = written == 2 and path.match(".checkpoint.safetensors.*new")
    if place == "whole" and second:
        die()
    found = real_replace(path, target)
    if place == "renamed" and second:
        die()
    return found

Path.open, Path.replace = opened, renamed
sys.exit(main(sys.argv[1:]))
"""


@pytest.mark.slow
@pytest.mark.parametrize("place", ["half", "whole", "renamed"])
def test_killed_inside_a_checkpoint_write_and_resumed_ends_with_the_same_bits(
    place: str, mnist: data.Dataset, home: Path, unmeasured: None
) -> None:
    words = [sys.executable, "-c", KILLED, place]
    words += ["train", *SMALL.options(), "--run", "torn"]
    done = subprocess.run(words, cwd=paths.AROUND, stderr=subprocess.DEVNULL)
    assert done.returncode == -signal.SIGKILL
    run = runs.read("torn")
    assert (run.state, len(run.records())) == ("interrupted", 2)
    content = (run.path / folder.CHECKPOINT).read_bytes()
    assert checkpoint.read_facts(content).epoch == (2 if place == "renamed" else 1)
    torn = list(run.path.glob(f".{folder.CHECKPOINT}.*new"))
    assert len(torn) == (place != "renamed")
    for file in torn:
        assert abs(file.stat().st_size - len(content) * (0.5 if place == "half" else 1)) < 100
    run = work(run)
    assert (run.state, [record.epoch for record in run.records()]) == ("finished", [1, 2, 3])
    assert_same(weights(run), tensors(fit.fit(SMALL, mnist).model))
    assert not list(run.path.glob(".*"))
