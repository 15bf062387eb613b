"""Handing runs over where an engine refuses one, or a file can't be read for a moment."""

import errno
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from aemodels.runs import request
from aemodels.runs.engine_queue import dispatch, handover
from aemodels.runs.transitions import Action
from tests.library.engines.noted import Noted, messages, started


def test_a_run_that_the_engine_refuses_holds_nobody_up(engine: Noted) -> None:
    engine.refuses = {f"big-{number}" for number in range(6)}
    for name in (*sorted(engine.refuses), "small"):
        started(name)
    dispatch.hand_over(engine)
    assert [name for name, _ in engine.started] == ["small"]
    assert messages("big-0", "small") == [
        "Queued, second in line. no node has so much memory.",
        "Queued, first in line.",
    ]
    # It is asked again only after a while.
    engine.refuses = set()
    dispatch.hand_over(engine)
    assert len(engine.started) == 1
    handover._refusals.clear()
    dispatch.hand_over(engine)
    assert [name for name, _ in engine.started[1:]] == ["big-0", "big-1", "big-2"]


def test_a_cancel_that_fails_holds_nobody_up_and_is_tried_again(engine: Noted) -> None:
    first = started("a")
    dispatch.hand_over(engine)
    request.send(first, Action.STOP)
    engine.refuses = {"job 1"}
    started("b")
    dispatch.hand_over(engine)
    assert [name for name, _ in engine.started] == ["a", "b"]
    engine.refuses = set()
    dispatch.hand_over(engine)
    assert engine.cancelled == ["job 1"]


def test_what_cannot_be_read_for_a_moment_is_not_cancelled(
    engine: Noted, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = started("a")
    dispatch.hand_over(engine)
    # Its settings, its job, and the list of runs.
    settings = run.path / "run.json"
    content = settings.read_bytes()
    settings.write_bytes(b"{")
    dispatch.hand_over(engine)
    settings.write_bytes(content)
    with monkeypatch.context() as patched:
        patched.setattr(handover, "list_runs", list)
        patched.setattr(Path, "read_bytes", unreadable("job.json"))
        dispatch.hand_over(engine)
    with monkeypatch.context() as patched:
        patched.setattr(Path, "iterdir", unreadable("runs"))
        with pytest.raises(OSError, match="stale"):
            handover.Round(engine)
    dispatch.hand_over(engine)
    assert not engine.cancelled
    assert len(engine.started) == 1
    request.send(run, Action.STOP)
    dispatch.hand_over(engine)
    assert engine.cancelled == ["job 1"]


def unreadable(name: str) -> Callable[[Path], Any]:
    """Reads files and folders, but none of that name."""
    real = {"job.json": Path.read_bytes, "runs": Path.iterdir}[name]

    def read(path: Path) -> Any:
        if path.name == name:
            raise OSError(errno.ESTALE, "stale")
        return real(path)

    return read
