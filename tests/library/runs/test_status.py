"""The state machine of runs: what a folder says of a run, and what may be done with it."""

import json
import os
from dataclasses import replace
from pathlib import Path
from time import time
from typing import Any

import pytest

from aemodels import runs
from aemodels.config import Config
from aemodels.runs import folder
from aemodels.runs.lock import is_locked, lock
from aemodels.runs.status import (
    RunState,
    RunStatus,
    current_status,
    read_status,
    write_status,
)
from aemodels.runs.transitions import ACCEPTED, Action, check, offered, refusal
from aemodels.training import checkpoint
from tests.library import small
from tests.library.running import SMALL

pytestmark = pytest.mark.usefixtures("home")

# The letters of the actions: Train, train Longer, Pause, Continue, Stop, Delete, Measure.
LETTERS = dict(zip("TLPCSDM", Action, strict=True))
# For each state the accepted actions, then those that a page has a button for.
TABLE = {
    "waiting": ("PCS", "S"),
    "running": ("PCS", "PS"),
    "paused": ("PCS", "CS"),
    "saving": ("S", ""),
    "measuring": ("S", ""),
    "finished": ("LD", "LD"),
    "stopped": ("TLD", "TD"),
    "failed": ("TLD", "TD"),
    "interrupted": ("TLD", "TD"),
    "loaded": ("MD", "MD"),
}


@pytest.mark.parametrize("state", RunState)
def test_actions_of_each_state(state: RunState) -> None:
    run = replace(runs.create(SMALL), status=RunStatus(state))
    accepted, buttons = TABLE[state]
    assert {a for a in Action if refusal(run, a) is None} == {LETTERS[x] for x in accepted}
    assert offered(run) == tuple(LETTERS[x] for x in buttons)
    for action in set(Action) - {LETTERS[x] for x in accepted}:
        with pytest.raises(runs.RunError, match=rf"^{run.id} (is|was|has) [^\n]*[^.]$"):
            check(run, action)
    # Alive is what a process works on, so exactly what can be stopped and can't be deleted.
    assert run.alive == (state in ACCEPTED[Action.STOP]) == (state not in ACCEPTED[Action.DELETE])


def test_models_that_are_solved_or_have_untrained_layers_are_not_trained_longer() -> None:
    solved = replace(runs.create(small.config("pca")), status=RunStatus(RunState.FINISHED))
    assert (
        refusal(solved, Action.TRAIN_LONGER) == f"{solved.id} is a PCA model, which has no epochs"
    )
    assert offered(solved) == (Action.DELETE,)
    layers = replace(runs.create(small.config("stacked")), status=RunStatus(RunState.STOPPED))
    assert "has layers that haven't been trained yet" in str(refusal(layers, Action.TRAIN_LONGER))
    assert refusal(layers, Action.TRAIN) is None


def test_a_damaged_run_can_only_be_deleted() -> None:
    run = runs.create(SMALL)
    (run.path / folder.SETTINGS).write_bytes(b"{")
    assert offered(runs.read(run.id)) == (Action.DELETE,)


def test_a_status_is_read_as_it_was_written() -> None:
    path = runs.create(SMALL).path
    status = RunStatus(
        RunState.MEASURING,
        "näher",
        epoch=2,
        epochs=3,
        done=0.5,
        seconds_left=1.5,
        images_per_second=100.0,
        device="cpu",
        precision="fp32",
        parameters=7,
        ending=RunState.STOPPED,
        measured=True,
        starting=True,
    )
    write_status(path, status)
    found = read_status(path)
    assert found is not None
    assert replace(found, updated=0.0) == status
    assert abs(found.updated - time()) < 5


@pytest.mark.parametrize(
    "content", [b"", b"[]", b"{", b'{"state": "flying"}', b'{"state": []}', b"\xff", b"[" * 100_000]
)
def test_a_status_that_is_none_is_not_read(content: bytes) -> None:
    path = runs.create(SMALL).path
    (path / folder.STATUS).write_bytes(content)
    assert read_status(path) is None
    assert runs.read(path.name).message == "It has not started yet."


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("message", 5),
        ("epoch", "two"),
        ("done", None),
        ("seconds_left", True),
        ("parameters", 1.5),
        ("ending", "flying"),
        ("ending", []),
        ("measured", 1),
        ("starting", "yes"),
    ],
)
def test_a_field_of_the_wrong_type_keeps_its_default(name: str, value: Any) -> None:
    path = runs.create(SMALL).path
    text = json.dumps({"state": "stopped", name: value})
    (path / folder.STATUS).write_text(text, "utf-8")
    assert read_status(path) == RunStatus(RunState.STOPPED)


def written(path: Path, status: RunStatus, seconds_ago: float = 60) -> None:
    write_status(path, status)
    then = time() - seconds_ago
    os.utime(path / folder.STATUS, (then, then))


@pytest.fixture
def path() -> Path:
    return runs.create(Config()).path


@pytest.mark.parametrize("state", [state for state in RunState if not state.alive])
def test_an_ended_run_is_what_its_process_wrote(state: RunState, path: Path) -> None:
    written(path, RunStatus(state, "Because."))
    for locked in (True, False):
        found = current_status(path, lambda path, locked=locked: locked)  # type: ignore[misc]
        assert (found.state, found.message) == (state, "Because.")


@pytest.mark.parametrize("state", [state for state in RunState if state.alive])
@pytest.mark.parametrize(
    ("epoch", "says"),
    [
        (0, "The process ended unexpectedly; resuming the run starts from the beginning."),
        (1, "The process ended unexpectedly; 1 completed epoch is saved."),
        (7, "The process ended unexpectedly; 7 completed epochs are saved."),
    ],
)
def test_a_run_whose_process_is_gone_is_interrupted(
    state: RunState, epoch: int, says: str, path: Path
) -> None:
    written(path, RunStatus(state, "At work."))
    if epoch:
        facts = checkpoint.Facts(epoch, 1.0, "cpu", {})
        (path / folder.CHECKPOINT).write_bytes(checkpoint.pack({}, facts))
    with lock(path):
        # As another program sees it.
        assert current_status(path, lambda path: True).message == "At work."
    assert not is_locked(path)
    found = current_status(path, is_locked)
    assert (found.state, found.message, found.epoch) == (RunState.INTERRUPTED, says, epoch)


@pytest.mark.parametrize(
    ("seconds_ago", "state"), [(1, RunState.WAITING), (60, RunState.INTERRUPTED)]
)
def test_a_new_process_has_some_seconds_to_take_the_lock(
    seconds_ago: float, state: RunState, path: Path
) -> None:
    written(path, RunStatus(RunState.WAITING, starting=True), seconds_ago)
    assert current_status(path, is_locked).state is state


@pytest.mark.parametrize(
    ("ending", "state", "says"),
    [
        # Only resuming it measures it.
        (
            RunState.FINISHED,
            "interrupted",
            " The model is saved, and resuming the run measures it again.",
        ),
        (RunState.STOPPED, "stopped", ""),
    ],
)
def test_a_run_that_was_not_fully_measured_can_be_resumed(
    ending: RunState, state: str, says: str, path: Path
) -> None:
    written(path, RunStatus(RunState.MEASURING, ending=ending, epoch=3))
    assert current_status(path, is_locked).state is RunState.INTERRUPTED
    (path / folder.BUNDLE).mkdir()
    (path / folder.BUNDLE / "bundle.json").touch()
    found = current_status(path, is_locked)
    assert (found.state, found.message) == (
        state,
        f"The process ended while the test metrics were being measured.{says}",
    )
    assert Action.TRAIN in offered(runs.read(path.name))
