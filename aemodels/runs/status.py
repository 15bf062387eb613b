"""The status of a run: the one its process last wrote, corrected once that process is gone."""

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from pathlib import Path
from time import time
from typing import Any

from aemodels.bundles import atomic
from aemodels.runs import file_clock, host, jobs, last_words
from aemodels.runs.engine_queue import line
from aemodels.runs.folder import CHECKPOINT, STATUS, bundle_in
from aemodels.training import checkpoint

# Seconds that a new process may take to get the lock, on a busy machine.
STARTING_SECONDS = 15.0
MEASURED_ON_RESUME = "The model is saved, and resuming the run measures it again."


class RunState(StrEnum):
    """The states of a run, from its creation to its model."""

    WAITING = "waiting"
    RUNNING = "running"
    PAUSED = "paused"
    SAVING = "saving"
    MEASURING = "measuring"
    FINISHED = "finished"
    STOPPED = "stopped"
    FAILED = "failed"
    INTERRUPTED = "interrupted"
    LOADED = "loaded"

    @property
    def alive(self) -> bool:
        """Whether a process is working on the run, or waiting for its turn."""
        return self in ALIVE


ALIVE = frozenset(
    {
        RunState.WAITING,
        RunState.RUNNING,
        RunState.PAUSED,
        RunState.SAVING,
        RunState.MEASURING,
    }
)


@dataclass(frozen=True)
class RunStatus:
    """How far a run is.

    `message` is a sentence on why it is in its `state`, or empty. `epoch` of `epochs` are
    completed; `done` is the share of all steps. `ending` is the state that follows "measuring", and
    `measured` whether the saved model has all its test metrics. `starting` is True until the new
    process has taken over. `host` is the machine that its process runs on. `begun`, when it last
    got its device, is in seconds since 1970 by the clock of the file server
    (`file_clock.server_time`), and `updated`, when this was written, by that of the machine that
    wrote it, never to be compared with another's. Unknown values are None or empty.
    """

    state: RunState
    message: str = ""
    epoch: int = 0
    epochs: int = 0
    done: float = 0.0
    seconds_left: float | None = None
    images_per_second: float | None = None
    device: str = ""
    precision: str = ""
    parameters: int | None = None
    ending: RunState | None = None
    measured: bool = False
    starting: bool = False
    host: str = ""
    begun: float = 0.0
    updated: float = 0.0


def carried(before: RunStatus | None, epochs: int) -> RunStatus:
    """The status of a run from its start until it is its turn to be trained."""
    before = before or RunStatus(RunState.WAITING)
    return RunStatus(
        RunState.WAITING,
        epoch=before.epoch,
        epochs=epochs,
        done=before.done,
        device=before.device,
        host=host.name(),
        begun=before.begun,
        precision=before.precision,
        parameters=before.parameters,
        measured=before.measured,
    )


def read_status(path: Path) -> RunStatus | None:
    """The status that the process of the run in `path` last wrote; None if it can't be read.

    A field with a value of the wrong type keeps its default.
    """
    try:
        facts = json.loads((path / STATUS).read_bytes())
        state = RunState(facts["state"])
    except (OSError, ValueError, RecursionError, KeyError, TypeError):
        return None
    ending = facts.get("ending")
    return RunStatus(
        state=state,
        message=_text(facts.get("message")),
        epoch=int(_number(facts.get("epoch")) or 0),
        epochs=int(_number(facts.get("epochs")) or 0),
        done=_number(facts.get("done")) or 0.0,
        seconds_left=_number(facts.get("seconds_left")),
        images_per_second=_number(facts.get("images_per_second")),
        device=_text(facts.get("device")),
        precision=_text(facts.get("precision")),
        parameters=_whole(facts.get("parameters")),
        ending=RunState(ending) if ending in tuple(RunState) else None,
        measured=facts.get("measured") is True,
        starting=facts.get("starting") is True,
        host=_text(facts.get("host")),
        begun=_number(facts.get("begun")) or 0.0,
        updated=_number(facts.get("updated")) or 0.0,
    )


def write_status(path: Path, status: RunStatus) -> None:
    """Replace the status of the run in `path`. Raises OSError."""
    text = json.dumps({**asdict(status), "updated": time()}, ensure_ascii=False)
    atomic.replace(path / STATUS, text.encode(), flush=False)


def current_status(path: Path, is_locked: Callable[[Path], bool]) -> RunStatus:
    """The actual status of the run in `path`, also if its process is gone.

    `is_locked` tells whether a process holds the run's lock.
    """
    written = read_status(path)
    if written is None:
        return _without_status(path, is_locked)
    if not written.state.alive or is_locked(path):
        return written
    # Between reading the status and testing the lock, the process may have ended normally.
    again = read_status(path) or written
    if not again.state.alive:
        return again
    job = jobs.pending(path) if again.starting else None
    if job is not None and job.queued:
        return replace(again, state=RunState.WAITING, message=line.words(path))
    if again.starting and _is_fresh(path):
        return replace(again, state=RunState.WAITING, message="Starting.")
    if again.state is RunState.MEASURING and again.ending is RunState.LOADED:
        return replace(again, state=RunState.LOADED, message="Measuring it here was cut off.")
    if again.state is RunState.MEASURING and bundle_in(path):
        return _unmeasured(again)
    return _interrupted(path, again)


def _is_fresh(path: Path) -> bool:
    """Whether a new process may still be on its way to the lock."""
    try:
        return file_clock.unchanged(path / STATUS) < STARTING_SECONDS
    except OSError:
        return False


def cancelled(path: Path, status: RunStatus, planned: int) -> RunStatus:
    """The status of the run in `path`, with `planned` epochs, if it is stopped before it begins."""
    done, saved = status.epoch, bundle_in(path) is not None
    if RunState.LOADED in (status.state, status.ending):
        state, message = RunState.LOADED, "Stopped before it was measured here."
    else:
        complete = saved and status.measured and done == planned
        state = RunState.FINISHED if complete else RunState.STOPPED
        message = f"Cancelled before it {'continued' if done or saved else 'started'}."
    return replace(status, state=state, message=message, starting=False)


def _without_status(path: Path, is_locked: Callable[[Path], bool]) -> RunStatus:
    if is_locked(path):
        return RunStatus(RunState.WAITING, "Starting.")
    # Nothing was trained here: its status was lost.
    if bundle_in(path) and not (path / CHECKPOINT).exists():
        return RunStatus(RunState.LOADED)
    if not (path / CHECKPOINT).exists():
        return RunStatus(RunState.INTERRUPTED, "It has not started yet.")
    return _interrupted(path, RunStatus(RunState.INTERRUPTED))


def _unmeasured(status: RunStatus) -> RunStatus:
    """The status of a run whose process ended while its saved model was being measured."""
    message = "The process ended while the test metrics were being measured."
    if status.ending is not RunState.FINISHED:
        return replace(status, state=RunState.STOPPED, message=message)
    return replace(status, state=RunState.INTERRUPTED, message=f"{message} {MEASURED_ON_RESUME}")


def _interrupted(path: Path, status: RunStatus) -> RunStatus:
    """The status of a run whose process ended while it trained, with the epochs that it resumes
    from: the status on disk lags behind.
    """
    try:
        epoch = checkpoint.epochs_in(path / CHECKPOINT)
        words = "1 completed epoch is" if epoch == 1 else f"{epoch} completed epochs are"
        saved = f"{words} saved"
    except OSError:
        epoch, saved = 0, "resuming the run starts from the beginning"
    except checkpoint.CheckpointError:
        epoch, saved = status.epoch, "its checkpoint is damaged"
    job = jobs.begun(path)
    if last_words.ran_out_of_memory(path, job.logged if job else 0):
        ended = last_words.OUT_OF_MEMORY
    elif status.host in ("", host.name()):
        ended = "The process ended unexpectedly"
    else:
        ended = f"The process on {status.host} ended unexpectedly, or that host can't be reached"
    message = f"{ended}; {saved}."
    return replace(status, state=RunState.INTERRUPTED, message=message, epoch=epoch)


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _number(value: Any) -> float | None:
    numeric = isinstance(value, int | float) and not isinstance(value, bool)
    return value if numeric else None


def _whole(value: Any) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None
