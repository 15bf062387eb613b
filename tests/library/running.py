"""Tiny runs, and how a test waits for them."""

import os
import subprocess
from collections.abc import Callable, Iterator
from time import monotonic, sleep
from typing import Any

import numpy as np
import torch

from aemodels import paths, runs
from aemodels.bundles import bundle
from aemodels.config import Config
from aemodels.families.base import Batch
from aemodels.runs import folder, process
from aemodels.runs.monitor import Monitor
from aemodels.runs.worker import Worker
from aemodels.training.loop import Record, Training

# Where a test puts a model that it makes itself.
DEVICE = torch.device(os.environ.get("AEMODELS_TEST_DEVICE", "cpu"))
SMALL = Config.of(hidden=(16,), epochs=3, batch_size=100, train_images=600, precision="fp32")
LONG = SMALL.with_(epochs=10_000)

Processes = list[subprocess.Popen[bytes]]


def until(run: runs.Run, condition: Callable[[runs.Run], bool], seconds: float = 60) -> runs.Run:
    """The run as soon as the condition holds."""
    end = monotonic() + seconds
    while not condition(found := runs.read(run.id)):
        assert monotonic() < end, (found, (found.path / folder.LOG).read_text("utf-8"))
        sleep(0.01)
    return found


def state_is(*states: str) -> Callable[[runs.Run], bool]:
    return lambda run: run.state in states


def work(run: runs.Run, epochs: int | None = None) -> runs.Run:
    """Train it in this process."""
    with process.claim(run, epochs) as claimed:
        return Worker(claimed, paths.data() / "mnist", []).work(epochs)


class At(Monitor):
    """Calls `then` after a step, or after an epoch."""

    def __init__(
        self, then: Callable[[], object], step: int | None = None, epoch: int | None = None
    ) -> None:
        self.then = then
        self.step = step
        self.epoch = epoch

    def stepped(self, done: int, total: int) -> bool:
        if done == self.step:
            self.then()
        return False

    def recorded(self, training: Training[Any], record: Record) -> None:
        if record.epoch == self.epoch:
            self.then()


def stop_at(run: runs.Run, step: int | None = None, epoch: int | None = None) -> runs.Run:
    """Train it in this process, which gets a signal after that step or epoch."""
    interrupts: list[int] = []
    with process.claim(run) as claimed:
        monitor = At(lambda: interrupts.append(2), step, epoch)
        return Worker(claimed, paths.data() / "mnist", interrupts, monitor).work()


def batches(training: Training[Any], stage: int = 0) -> Iterator[Batch]:
    """Those of its next epoch."""
    for step, indices in enumerate(training._draw_batches()):
        progress = training._progress(step)
        yield training._batch(training._train, indices, stage, training._noise, progress)


def weights(run: runs.Run) -> dict[str, np.ndarray]:
    assert run.bundle_path is not None
    return bundle.read(run.bundle_path).weights()


def assert_same(found: dict[str, np.ndarray], expected: dict[str, np.ndarray]) -> None:
    assert found.keys() == expected.keys()
    for name, array in expected.items():
        np.testing.assert_array_equal(found[name], array)
