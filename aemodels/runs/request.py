"""A request to the process of a run: to pause, to continue or to stop.

It is one word in a file of the run's folder, which the process reads between steps, so every
program that can write there can send one. A run that still waits for an engine is stopped at once.
"""

from pathlib import Path

from aemodels.bundles import atomic, fence
from aemodels.runs.engine_queue import dispatch
from aemodels.runs.folder import REQUEST, RunError
from aemodels.runs.run import Run, read
from aemodels.runs.transitions import Action, check

REQUESTS = (Action.PAUSE, Action.CONTINUE, Action.STOP)
TRIES = 3


def send(run: Run, action: Action) -> None:
    """Send a request to the run's process. Raises RunError if there is none, or it is too late."""
    if action not in REQUESTS:
        raise RunError(f"{action}: must be {', '.join(REQUESTS[:-1])} or {REQUESTS[-1]}")
    found = read(run.id)
    check(found, action)
    try:
        if action is Action.STOP and dispatch.cancel(found):
            return
    except OSError as error:
        raise RunError(f"{run.id} can't be cancelled: {error.strerror}") from None
    for last in (False,) * (TRIES - 1) + (True,):
        try:
            atomic.replace(run.path / REQUEST, action.encode(), flush=False)
            return
        except OSError as error:
            # Another program sending a request at the same moment may have moved the file away.
            if last or not isinstance(error, FileNotFoundError):
                raise RunError(f"{run.id} can't be asked: {error.strerror}") from None


def received(path: Path) -> Action | None:
    """The last request to the process of the run in `path`, if there is one."""
    try:
        return Action((path / REQUEST).read_text("utf-8").strip())
    except (OSError, ValueError):
        return None


def forget(path: Path) -> None:
    """Clear the request. Raises OSError."""
    fence.check()
    (path / REQUEST).unlink(missing_ok=True)
