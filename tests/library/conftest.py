"""Real MNIST, and three small bundles that are made once."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
import torch

from aemodels import data, experiment
from tests.library import small

METRICS = {"images": 10_000, "sse": 40.5, "sse_by_class": [40.5] * 10}


@pytest.fixture(scope="session", autouse=True)
def one_thread() -> Iterator[None]:
    """Small models gain nothing from more, and lose much where other programs use the cores too."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@pytest.fixture(scope="session")
def mnist() -> data.MNIST:
    return data.load()


@pytest.fixture(scope="session")
def made(mnist: data.MNIST, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the bundles vae, ae and pca. Not to be changed."""
    folder = tmp_path_factory.mktemp("made")
    for family in ("vae", "ae", "pca"):
        experiment.save(
            experiment.fit(small.config(family), mnist), METRICS, mnist, folder / family
        )
    return folder


@pytest.fixture(scope="session")
def convolutional(mnist: data.MNIST, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the bundles vae and ae of convolutional bodies. Not to be changed."""
    folder = tmp_path_factory.mktemp("convolutional")
    for family in ("vae", "ae"):
        fitted = experiment.fit(small.config(family, "conv"), mnist)
        experiment.save(fitted, METRICS, mnist, folder / family)
    return folder


@pytest.fixture
def copied(made: Path, tmp_path: Path) -> Path:
    """A copy of that folder, which a test may damage."""
    return Path(shutil.copytree(made, tmp_path / "zoo"))
