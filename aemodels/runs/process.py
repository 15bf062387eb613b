"""The process that trains a run: started, claimed, asked to pause or stop. No PyTorch in here.

    run = runs.create(Config(epochs=20), name="first try")
    process.start(run)                  # outlives this process
    process.request(run, "pause")

Whoever can read the run's folder can ask: the process looks for a request between two steps.
"""

import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from time import monotonic, sleep
from typing import Any

from aemodels import runs
from aemodels.bundles import atomic
from aemodels.config import Config, SettingError
from aemodels.runs import Run, RunError, phases

REQUESTS = ("pause", "run", "stop")
TRIAL_TIMEOUT_SECONDS = 120


def start(run: Run, resume: bool = False, epochs: int | None = None) -> None:
    """Train it in a process of its own, which outlives this one; its output goes to log.txt.

    `resume` goes on from the last checkpoint, with `epochs` for so many more than were planned.
    Returns when the process has taken the run's lock or has given up. Raises RunError if the run is
    being trained already, or can't go on.
    """
    _refuse_start(runs.read(run.id), resume, epochs)
    words = ["resume", run.id] if resume else ["train", *run.config.options(), "--run", run.id]
    if epochs is not None:
        words += ["--epochs", str(epochs)]
    try:
        # Under the lock, so that of two programs only one marks the run as starting.
        with runs.hold(run.path):
            _refuse_start(runs.read_as(run.id, lambda path: False), resume, epochs)
            (run.path / runs.REQUEST).unlink(missing_ok=True)
            begun = {"state": "waiting", "message": "starting", "starting": True}
            runs.write_status(run.path, {**runs.read_status(run.path), **begun})
            with (run.path / runs.LOG).open("ab") as log:
                process = subprocess.Popen(
                    [sys.executable, "-m", "aemodels", *words],
                    cwd=runs.ROOT,
                    env=os.environ | {"LATENT_LAB_HOME": str(runs.folder().parent)},
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=log,
                    start_new_session=True,
                )
    except OSError as error:
        raise RunError(f"{run.id} can't be started: {error.strerror or error}") from None
    # Whoever starts a process must wait for it, or it stays in the process table as a zombie.
    threading.Thread(target=process.wait, daemon=True).start()
    end = monotonic() + runs.STARTING_SECONDS
    while process.poll() is None and monotonic() < end and not runs.held(run.path):
        sleep(0.01)
    if process.poll() is not None and runs.read_status(run.path).get("starting"):
        with suppress(OSError):
            runs.write_status(run.path, {"state": "failed", "message": _last_line(run.path)})


def further(run: Run, epochs: int) -> None:
    """Train a finished or stopped run for so many more epochs, from its last checkpoint.

    Raises RunError as `start` does.
    """
    start(run, resume=True, epochs=epochs)


def request(run: Run, what: str) -> None:
    """Ask the process of the run to `pause`, `run` on or `stop`; RunError if there is none."""
    if what not in REQUESTS:
        raise RunError(f"{what}: must be {', '.join(REQUESTS[:-1])} or {REQUESTS[-1]}")
    if not runs.read(run.id).alive:
        raise RunError(f"{run.id} is not being trained")
    for last in (False, False, True):
        try:
            atomic.replace(run.path / runs.REQUEST, what.encode(), flush=False)
            return
        except OSError as error:
            # Somebody else who asks at the same moment may have moved the file away.
            if last or not isinstance(error, FileNotFoundError):
                raise RunError(f"{run.id} can't be asked: {error.strerror}") from None


@contextmanager
def claim(run: Run, resume: bool = False, epochs: int | None = None) -> Iterator[Run]:
    """Be the process that trains it, whether `start` made this process or a person did.

    Raises RunError as `start` does.
    """
    with runs.hold(run.path):
        if not runs.read_status(run.path).get("starting"):
            _refuse_start(runs.read_as(run.id, lambda path: False), resume, epochs)
            (run.path / runs.REQUEST).unlink(missing_ok=True)
        yield runs.read(run.id)


def trial(config: Config) -> dict[str, Any]:
    """How a training would go here: `device`, `precision`, `parameters`, `seconds_per_epoch` and
    `seconds` for all epochs, from half a second of it in a process of its own.

    Raises RunError if it can't be trained here, say for want of the device.
    """
    words = [sys.executable, "-m", "aemodels", "trial", *config.options(), "--json"]
    try:
        done = subprocess.run(
            words, cwd=runs.ROOT, capture_output=True, text=True, timeout=TRIAL_TIMEOUT_SECONDS
        )
        result: dict[str, Any] = json.loads(done.stdout)
    except subprocess.TimeoutExpired:
        raise RunError(f"the trial took longer than {TRIAL_TIMEOUT_SECONDS} seconds") from None
    except ValueError:
        last = (done.stderr.strip().splitlines() or ["the trial gave no answer"])[-1]
        raise RunError(last.removeprefix("aemodels trial: ")) from None
    return result


def _refuse_start(run: Run, resume: bool, epochs: int | None) -> None:
    if run.damaged:
        raise RunError(f"{run.id}: {run.message}")
    if run.alive:
        raise RunError(f"{run.id} is being trained already")
    if run.state == "loaded":
        raise RunError(f"{run.id} was loaded as a finished model; train a new one")
    if not resume:
        if (run.path / runs.STATUS).exists():
            raise RunError(f"{run.id} has begun before; resume it")
        return
    closed = run.config.family.closed_form
    if epochs is None:
        if run.state == "finished":
            raise RunError(f"{run.id} is finished; train it further with more epochs")
        return
    if closed:
        raise RunError(f"{run.id} is a {run.config.family}, which has no epochs")
    if phases.stage_missing(run, len(run.records())):
        raise RunError(f"{run.id} has layers that it has not begun to train; resume it first")
    try:
        run.config.with_(epochs=epochs)
    except SettingError as error:
        raise RunError(str(error)) from None


def _last_line(path: Path) -> str:
    """What a process that could not even begin left in its log."""
    lines = (path / runs.LOG).read_text("utf-8", "replace").strip().splitlines()
    return lines[-1][-300:] if lines else "its process ended at once"
