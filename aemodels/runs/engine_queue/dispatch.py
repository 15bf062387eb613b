"""Hands runs over to an engine that lets jobs wait: in fair order, a few at a time, once each.

    dispatch.serve()                    # a thread of the app, which talks to the engine

Of all programs that share the runs, one at a time does a round. All that it knows is in the
folders: a run waits as long as its job is there, and a program that is started anew goes on. No
page and no command talks to an engine, so none waits for one.
"""

import atexit
import sys
import threading
from collections.abc import Iterator
from contextlib import suppress

from aemodels import paths
from aemodels.runs import engines, jobs
from aemodels.runs.engine_queue import line
from aemodels.runs.engine_queue.handover import Round, queued
from aemodels.runs.engines import Engine, EngineError
from aemodels.runs.folder import ID, RunError
from aemodels.runs.lock import Lost, lock
from aemodels.runs.run import Run, read
from aemodels.runs.status import cancelled, read_status, write_status

ROUND_SECONDS, IDLE_SECONDS = 1.0, 5.0
EXIT_SECONDS = 5.0


def cancel(run: Run) -> bool:
    """Take a run out of the line; False if it isn't there, or not any more.

    The engine is told later; a job of it that begins until then is refused. Raises RunError if
    another program takes the run over at this moment, and OSError.
    """
    # Most runs have none: whoever stops one that trains needn't wait for its lock.
    if not (job := jobs.pending(run.path)) or not job.queued:
        return False
    lost = False
    with suppress(RunError), lock(run.path):
        job, status = jobs.pending(run.path), read_status(run.path)
        if job and job.queued and status and status.starting:
            try:
                write_status(run.path, cancelled(run.path, status, sum(run.phases)))
                jobs.drop(run.path)
            except Lost:
                lost = True
            else:
                wake()
                return True
    if lost:
        raise RunError(f"{run.id} is being changed by another program; try again")
    return False


def hand_over(engine: Engine) -> bool:
    """Do one round; returns whether any run waits. Raises RunError if another program does one."""
    if not line.read().handed and not any(queued(run) for run in _live()):
        return False
    line.home().mkdir(parents=True, exist_ok=True)
    with lock(line.home()):
        line.sweep()
        return Round(engine).done()


def _live() -> Iterator[Run]:
    """The runs that are being worked on, or wait. Of all others, only the status is read."""
    try:
        names = [entry.name for entry in paths.runs().iterdir() if ID.fullmatch(entry.name)]
    except OSError:
        return
    for name in names:
        status = read_status(paths.runs() / name)
        if status and status.state.alive:
            with suppress(RunError):  # Deleted since.
                run = read(name)
                if run.alive:
                    yield run


_guard = threading.Lock()
_serving = False
_asked, _rested = threading.Event(), threading.Event()
_rested.set()


def serve() -> None:
    """Hand runs over in a thread of this process, until it ends or the engine is this computer."""
    global _serving
    with _guard:
        if not _serving and _queues():
            _serving = True
            threading.Thread(target=_serve, name="dispatch", daemon=True).start()


def wake() -> None:
    """Do a round now, since something has changed."""
    _rested.clear()
    _asked.set()
    serve()


def _serve() -> None:
    global _serving
    while True:
        _asked.clear()
        busy = True
        try:
            busy = hand_over(engines.current())
        except (RunError, Lost, OSError):
            # Another program's turn, or a folder out of reach: the next round may do better.
            pass
        except Exception as error:
            # Whatever it is, the line goes on.
            print(f"Handing runs over: {error!r}; it is tried again.", file=sys.stderr, flush=True)
        if not _asked.is_set():
            _rested.set()
        _asked.wait(ROUND_SECONDS if busy else IDLE_SECONDS)
        with _guard:
            if not _queues():
                _serving = False
                _rested.set()
                return


def _queues() -> bool:
    try:
        return engines.current().queues
    except EngineError:
        return False


@atexit.register
def _finish() -> None:
    """A script that starts a run and ends has handed it over."""
    if _serving:
        _rested.wait(EXIT_SECONDS)
