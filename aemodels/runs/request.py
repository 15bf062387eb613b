"""A request to the process of a run: to pause, to continue or to stop.

It is one word in a file of the run's folder, which the process reads between two steps, so whoever
can write there can ask.
"""

from pathlib import Path

from aemodels.bundles import atomic
from aemodels.runs.folder import REQUEST, RunError
from aemodels.runs.run import Run, read
from aemodels.runs.transitions import Action, check

REQUESTS = (Action.PAUSE, Action.CONTINUE, Action.STOP)
TRIES = 3


def send(run: Run, action: Action) -> None:
    """Ask the process of the run. Raises RunError if it has none, or one that is past that."""
    if action not in REQUESTS:
        raise RunError(f"{action}: must be {', '.join(REQUESTS[:-1])} or {REQUESTS[-1]}")
    check(read(run.id), action)
    for last in (False,) * (TRIES - 1) + (True,):
        try:
            atomic.replace(run.path / REQUEST, action.encode(), flush=False)
            return
        except OSError as error:
            # Somebody else who asks at the same moment may have moved the file away.
            if last or not isinstance(error, FileNotFoundError):
                raise RunError(f"{run.id} can't be asked: {error.strerror}") from None


def received(path: Path) -> Action | None:
    """What the process of the run in `path` was last asked to do, if anything."""
    try:
        return Action((path / REQUEST).read_text("utf-8").strip())
    except (OSError, ValueError):
        return None


def forget(path: Path) -> None:
    """Make as if nothing had been asked. Raises OSError."""
    (path / REQUEST).unlink(missing_ok=True)
