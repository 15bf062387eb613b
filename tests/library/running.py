"""Tiny runs, and how a test waits for them."""

import subprocess
from collections.abc import Callable
from dataclasses import replace
from time import monotonic, sleep

import numpy as np

from aemodels import data, runs
from aemodels.bundles import bundle
from aemodels.config import Config
from aemodels.runs import process
from aemodels.runs.worker import Worker

SMALL = Config.of(hidden=(16,), epochs=3, batch_size=100, train_images=600, precision="fp32")
LONG = SMALL.with_(epochs=10_000)

Processes = list[subprocess.Popen[bytes]]


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
    with process.claim(run, resume, epochs) as claimed:
        return Worker(claimed, (paths.data() / "mnist"), []).work(epochs)


def weights(run: runs.Run) -> dict[str, np.ndarray]:
    assert run.bundle_path is not None
    return bundle.read(run.bundle_path).weights()


def assert_same(found: dict[str, np.ndarray], expected: dict[str, np.ndarray]) -> None:
    assert found.keys() == expected.keys()
    for name, array in expected.items():
        np.testing.assert_array_equal(found[name], array)
