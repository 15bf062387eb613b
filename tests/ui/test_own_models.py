"""Runs that have one name are told apart in a picker."""

from types import SimpleNamespace
from typing import Any

from ui import own_models


def run(run_id: str, name: str, created: str) -> Any:
    return SimpleNamespace(id=run_id, name=name, created=created)


def test_older_runs_keep_their_names() -> None:
    runs = [run("c", "mine", "3"), run("a", "mine", "1"), run("b", "mine (2)", "2")]
    assert own_models.labels(runs) == {
        "a": "mine",
        "b": "mine (2)",
        "c": "mine (3)",
    }
