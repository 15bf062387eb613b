"""A place for the user's own data sets."""

from pathlib import Path

import pytest


@pytest.fixture(autouse=True)
def home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty one; `tmp_path` is free for the files that come from elsewhere."""
    found = tmp_path_factory.mktemp("home")
    monkeypatch.setenv("LATENT_LAB_HOME", str(found))
    return found
