"""The processes that train runs and readers, import models, and estimate training time.
Loads no PyTorch.

run = runs.create(Config(epochs=20), name="first try")
process.start(run)                  # outlives this process
"""

import json
import re
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from functools import partial
from importlib.util import find_spec
from pathlib import Path, PurePosixPath
from time import monotonic, sleep

from aemodels import importing, paths
from aemodels.bundles.checks import shown
from aemodels.config import Config, Loop
from aemodels.runs import engines, jobs, request
from aemodels.runs.child import Child, Step
from aemodels.runs.engine_queue import dispatch
from aemodels.runs.engines.command_line import here_environment
from aemodels.runs.folder import LONGEST_NAME, RunError
from aemodels.runs.last_words import last_words
from aemodels.runs.lock import Lost, is_locked, lock
from aemodels.runs.run import Run, read
from aemodels.runs.status import (
    STARTING_SECONDS,
    RunState,
    RunStatus,
    read_status,
    write_status,
)
from aemodels.runs.transitions import Action, check
from aemodels.setting import SettingError
from aemodels.training.estimate import Estimate

ESTIMATE_TIMEOUT_SECONDS, IMPORT_TIMEOUT_SECONDS, READER_TIMEOUT_SECONDS = 120, 900, 7200


def start(run: Run, epochs: int | None = None) -> None:
    """Train the rest of the run in a process that outlives this one and writes to log.txt; with
    `epochs`, that many more than were planned.

    On this computer, returns when the process has taken the run's lock or has given up; with
    another engine, once the run is in line. Raises RunError if the run is being trained already, or
    can't be trained further.
    """
    _check(read(run.id), epochs)
    words = ["resume", run.id] + ([] if epochs is None else ["--epochs", str(epochs)])
    _spawn(run, words, lambda found: _check(found, epochs), RunState.WAITING, RunState.FAILED)


def measure(run: Run) -> None:
    """Measure a model that was loaded from a file, in a separate process.

    Returns as `start` does. Raises RunError if the run is no such model or was measured here.
    """
    check(read(run.id), Action.MEASURE)
    words = ["measure", run.id]
    accept = partial(check, action=Action.MEASURE)
    _spawn(run, words, accept, RunState.MEASURING, RunState.LOADED)


def can_train() -> bool:
    """Whether PyTorch is there, which training and measuring need: installed, or on a cluster."""
    try:
        return engines.current().queues or has_torch()
    except RunError:
        # Which is said once it is tried.
        return True


def trains_here() -> bool:
    """Whether this computer trains what is started here, so that its speed tells the time."""
    try:
        return not engines.current().queues
    except RunError:
        return True


def has_torch() -> bool:
    """Whether PyTorch is installed here, which time estimates and imports need too."""
    return find_spec("torch") is not None


def _spawn(
    run: Run,
    words: list[str],
    accept: Callable[[Run], None],
    starting: RunState,
    failed: RunState,
) -> None:
    """Start a command that works on the run, in the state `starting`; `failed` if it ends at once.

    `accept` raises RunError if the run isn't ready for it.
    """
    engine = engines.current()
    # This computer is asked for no part of it.
    needs = engines.needs_of(run.config) if engine.queues else engines.Needs()
    try:
        # Under the lock, so that of two programs only one marks the run as starting.
        with lock(run.path):
            accept(read(run.id, _is_free))
            request.forget(run.path)
            job = jobs.order(run.path, engine.address, words)
            before = read_status(run.path) or RunStatus(starting)
            write_status(
                run.path, replace(before, state=starting, message="Starting.", starting=True)
            )
            if not engine.queues:
                handle = engine.start(run, job.command, needs)
    except Lost:
        raise RunError(f"{run.id} is being changed by another program; try again") from None
    except OSError as error:
        raise RunError(f"{run.id} can't be started: {error.strerror or error}") from None
    if engine.queues:
        dispatch.wake()
        return
    end = monotonic() + STARTING_SECONDS
    while not (over := _is_over(engine, run, handle)) and monotonic() < end:
        if is_locked(run.path):
            break
        sleep(0.01)
    status = read_status(run.path)
    if over and status and status.starting:
        with suppress(OSError):
            message = last_words(run.path, job.logged)
            write_status(run.path, RunStatus(failed, message, ending=status.ending))


def _is_over(engine: engines.Engine, run: Run, handle: str) -> bool:
    return engine.state(run.id, handle).state is engines.JobState.GONE


@contextmanager
def claim_to_measure(run: Run, job: str | None = None) -> Iterator[Run]:
    """Make this process the one that measures the run. Raises RunError as `claim` does."""
    with lock(run.path):
        _take(run, job, partial(check, action=Action.MEASURE))
        yield read(run.id, _is_free)


@contextmanager
def claim(run: Run, epochs: int | None = None, job: str | None = None) -> Iterator[Run]:
    """Make this process the one that trains the run: started by `start`, as the job with that
    token, or by a shell.

    Raises RunError if the run no longer waits for the job, and without a job as `start` does.
    """
    with lock(run.path):
        _take(run, job, lambda found: _check(found, epochs))
        yield read(run.id)


def _take(run: Run, job: str | None, accept: Callable[[Run], None]) -> None:
    """Under the run's lock: begin the job, or what a shell asks for. Raises RunError."""
    status = read_status(run.path)
    try:
        if job is None:
            accept(read(run.id, _is_free))
            request.forget(run.path)
            jobs.drop_all(run.path)
        elif status and status.starting:
            jobs.take(run.path, job)
        else:
            raise jobs.superseded(run.path)
    except OSError as error:
        raise RunError(f"{run.id} can't begin: {error.strerror or error}") from None


def estimate(config: Config) -> Estimate:
    """An estimate of training on this machine, from half a second of it in a separate process.

    Raises SettingError if the machine lacks what a setting needs, else RunError.
    """
    if not has_torch():
        raise RunError(
            "no time estimate: PyTorch, which measures it, isn't installed on this computer"
        )
    words = [sys.executable, "-m", "aemodels", "estimate", *config.options(), "--json"]
    try:
        done = subprocess.run(
            words,
            cwd=paths.AROUND,
            env=here_environment(),
            capture_output=True,
            encoding="utf-8",
            errors="replace",
            timeout=ESTIMATE_TIMEOUT_SECONDS,
        )
        facts = json.loads(done.stdout)
    except subprocess.TimeoutExpired:
        raise RunError(
            f"the time estimate took longer than {ESTIMATE_TIMEOUT_SECONDS} seconds"
        ) from None
    except ValueError:
        last = (done.stderr.strip().splitlines() or ["the time estimate gave no answer"])[-1]
        raise RunError(last.removeprefix("aemodels estimate: ")) from None
    if "error" in facts:
        raise SettingError(*facts["error"])
    return Estimate(**facts)


def import_model(
    content: bytes,
    filename: str,
    *,
    owner: str = "",
    group: str = "",
    on_step: Callable[[Step], object] = lambda step: None,
) -> Run:
    """Import the weights in a safetensors file of a known layout as a run, in a separate process
    that measures it; returns when it has, after some ten seconds.

    `owner` and `group` are as in `Run`; `on_step` is called with each step that begins, which has
    its name as `step`, its `number` from 1, and how many there are `of`. Raises RunError if the
    file can't be imported, or the process fails.
    """
    # A browser may send the whole path of the file.
    name = shown(PurePosixPath(filename.replace("\\", "/")).name, LONGEST_NAME)
    try:
        # Refused without a process, and without PyTorch.
        importing.parse_safetensors(content, name)
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / (re.sub(r"[^\w .,()-]", "-", name) or "model.safetensors")
            path.write_bytes(content)
            words = ["import", "--steps", f"--owner={owner}", f"--group={group}", str(path)]
            said = Child(words, IMPORT_TIMEOUT_SECONDS, "the import").run(on_step)
    except importing.ForeignError as error:
        raise RunError(str(error)) from None
    except OSError as error:
        raise RunError(f"{name} can't be imported: {error.strerror or error}") from None
    return read(said.partition(":")[0])


def reader_training(dataset: str) -> Child:
    """The process that trains the reader of a data set of one's own, whose steps have `done` and
    `total`: `Child.run` returns once the reader is kept with the data set. Stopped, it keeps none.
    """
    words = ["train-reader", f"--dataset={dataset}", "--overwrite", "--steps"]
    return Child(words, READER_TIMEOUT_SECONDS, "the training")


def _check(run: Run, epochs: int | None) -> None:
    check(run, Action.TRAIN if epochs is None else Action.TRAIN_LONGER)
    if epochs is not None:
        try:
            Loop.table()["epochs"].check(epochs)
        except SettingError as error:
            raise RunError(str(error)) from None


def _is_free(path: Path) -> bool:
    """Always False, for a caller that holds the lock itself: no other process does."""
    return False
