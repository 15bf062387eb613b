"""Real MNIST, small bundles that are made once, and a place for runs.

Tests run on a CPU, whose bits are the same everywhere. With AEMODELS_TEST_DEVICE=cuda, whatever
would train on the best device runs on a GPU.
"""

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import torch

from aemodels import data
from aemodels.analysis import evaluation
from aemodels.bundles.metrics import Metrics
from aemodels.training import fit
from tests.library import small
from tests.library.running import DEVICE, Processes

if DEVICE.type == "cpu":
    # The processes that tests start must find no GPU either.
    os.environ["CUDA_VISIBLE_DEVICES"] = ""
METRICS = Metrics(images=10_000, sse=40.5, sse_by_class=(40.5,) * 10)


@pytest.fixture(scope="session", autouse=True)
def one_thread() -> Iterator[None]:
    """Small models gain nothing from more, and lose much where other programs use the cores too."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@pytest.fixture(scope="session")
def mnist() -> data.Dataset:
    return data.load()


@pytest.fixture(scope="session")
def made(mnist: data.Dataset, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a bundle of each family, named as it. Not to be changed."""
    folder = tmp_path_factory.mktemp("made")
    for family in small.NAMES:
        fit.save(fit.fit(small.config(family), mnist), METRICS, mnist, folder / family)
    return folder


@pytest.fixture(scope="session")
def convolutional(mnist: data.Dataset, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the bundles vae and ae of convolutional bodies. Not to be changed."""
    folder = tmp_path_factory.mktemp("convolutional")
    for family in ("vae", "ae"):
        fitted = fit.fit(small.config(family, "conv"), mnist)
        fit.save(fitted, METRICS, mnist, folder / family)
    return folder


@pytest.fixture
def copied(made: Path, tmp_path: Path) -> Path:
    """A copy of the bundles vae, ae and pca, which a test may damage."""
    for family in ("vae", "ae", "pca"):
        shutil.copytree(made / family, tmp_path / "zoo" / family)
    return tmp_path / "zoo"


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder for runs; their processes take one thread and no warnings."""
    monkeypatch.setenv("LATENT_LAB_HOME", str(tmp_path))
    monkeypatch.setenv("OMP_NUM_THREADS", "1")
    monkeypatch.setenv("PYTHONWARNINGS", "error")
    return tmp_path / "runs"


@pytest.fixture
def processes(monkeypatch: pytest.MonkeyPatch) -> Iterator[Processes]:
    """Those that `process.start` makes; what a test leaves is killed."""
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
    monkeypatch.setattr(evaluation, "evaluate", lambda *given: Metrics(sse=1.0))
