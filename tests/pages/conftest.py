"""A place for results of the reproduction, and one for runs."""

from pathlib import Path

import pytest


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder for results."""
    monkeypatch.setenv("LATENT_LAB_REPRODUCTION", str(tmp_path))
    return tmp_path


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder for runs."""
    monkeypatch.setenv("LATENT_LAB_HOME", str(tmp_path))
    return tmp_path / "runs"
