"""A place for results of the reproduction, and one for runs; a server that several share."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import streamlit as st

from aemodels.runs import limits, process
from aemodels.training.estimate import Estimate
from tests.pages.visiting import CODE, Coming
from ui import persons, shared_server, teacher
from ui.persons import Visit


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


@pytest.fixture
def shared(monkeypatch: pytest.MonkeyPatch) -> None:
    """No estimate, no process; a shared server with its own limits and a brake that is loose."""
    facts = Estimate(
        device="cpu", precision="fp32", parameters=1000, seconds_per_epoch=1.0, seconds=60.0
    )
    monkeypatch.setattr(process, "estimate", lambda config: facts)
    monkeypatch.setattr(process, "start", lambda new, epochs=None: None)
    for variable in limits.Limits.VARIABLES.values():
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.delenv(shared_server.USER_HEADER, raising=False)
    monkeypatch.setenv(shared_server.SHARED, "yes")
    monkeypatch.setenv(shared_server.TEACHER, CODE)
    st.cache_data.clear()
    monkeypatch.setattr(teacher, "BRAKE", teacher.Brake())


@pytest.fixture
def comes(monkeypatch: pytest.MonkeyPatch) -> Coming:
    """Says whose browser draws the next pages."""

    def coming(
        key: str = "",
        headers: Mapping[str, list[str]] | None = None,
        claims: Mapping[str, Any] | None = None,
    ) -> None:
        cookies = {persons.COOKIE: key} if key else {}
        now = Visit(headers or {}, cookies, None, claims or {})
        monkeypatch.setattr(persons, "visit", lambda: now)

    return coming
