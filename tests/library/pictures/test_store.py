"""Where a data set can't be stored: refused in one sentence, and what is there stays."""

import os
import tempfile
from pathlib import Path

import numpy as np
import pytest

from aemodels import data
from aemodels import pictures as own_pictures
from aemodels.data import own
from aemodels.pictures import PicturesError, splits
from tests.library.pictures.files import labels, pictures


@pytest.fixture
def table(tmp_path: Path) -> Path:
    np.savez(tmp_path / "a.npz", images=pictures(60), labels=labels(60))
    return tmp_path / "a.npz"


def test_a_name_that_is_taken_while_the_pictures_are_read(
    table: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    np.savez(tmp_path / "b.npz", images=pictures(70, seed=1), labels=labels(70))
    drawn = splits.drawn

    def overtaken(every: splits.Labelled, share: float, seed: int) -> splits.Splits:
        monkeypatch.setattr(splits, "drawn", drawn)
        own_pictures.add("mine", tmp_path / "b.npz")
        return drawn(every, share, seed)

    monkeypatch.setattr(splits, "drawn", overtaken)
    with pytest.raises(PicturesError, match="data set mine: exists already; choose") as caught:
        own_pictures.add("mine", table)
    assert str(tmp_path.anchor) not in str(caught.value)
    found = data.source("mine")
    assert found.train_count + found.test_count == 70


def test_a_name_that_is_taken_while_the_files_are_written(
    table: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    np.savez(tmp_path / "b.npz", images=pictures(70, seed=1), labels=labels(70))
    fsync = os.fsync

    def overtaken(descriptor: int) -> None:
        monkeypatch.setattr(os, "fsync", fsync)
        own_pictures.add("mine", tmp_path / "b.npz")
        fsync(descriptor)

    monkeypatch.setattr(os, "fsync", overtaken)
    with pytest.raises(PicturesError, match="data set mine: exists already"):
        own_pictures.add("mine", table)
    assert data.source("mine").train_count + data.source("mine").test_count == 70
    assert [entry.name for entry in own.folder("mine").parent.iterdir()] == ["mine"]


def test_a_folder_that_cannot_be_written_to(table: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def denied(*_: object, **__: object) -> str:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(tempfile, "mkdtemp", denied)
    with pytest.raises(PicturesError) as caught:
        own_pictures.add("mine", table)
    assert str(caught.value) == (
        "data set mine: can't be stored, since the folder datasets can't be written to; permit "
        "that, or set LATENT_LAB_HOME to a folder that can"
    )
    assert own.names() == ()


def test_a_folder_of_the_name_without_a_data_set(table: Path) -> None:
    own.folder("mine").mkdir(parents=True)
    (own.folder("mine") / "notes.txt").write_text("mine")
    with pytest.raises(PicturesError, match=r"its folder exists, but without dataset\.json"):
        own_pictures.add("mine", table)
    assert (own.folder("mine") / "notes.txt").read_text() == "mine"
