"""Hands runs over to an engine that lets jobs wait: in fair order, a few at a time, once each.

    dispatch.serve()                    # a thread of the app, which talks to the engine

Of all programs that share the runs, one at a time does a round. All that it knows is in the
folders: a run waits as long as its job is there, and a program that is started anew goes on. No
page and no command talks to an engine, so none waits for one.
"""

import atexit
import os
import sys
import threading
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from time import monotonic

from aemodels import paths
from aemodels.runs import engines, jobs, line
from aemodels.runs.engines import Engine, EngineError, JobHint, JobState, UnreachableError
from aemodels.runs.fairness import in_turn
from aemodels.runs.folder import ID, RunError
from aemodels.runs.jobs import Job
from aemodels.runs.line import Handed, Line
from aemodels.runs.lock import lock
from aemodels.runs.run import Run, list_runs, read
from aemodels.runs.status import RunState, cancelled, read_status, write_status

# Jobs that an engine holds and that haven't begun: the rest waits in the folder, in fair order.
MOST, MOST_VARIABLE = 4, "LATENT_LAB_ENGINE_QUEUE"
ROUND_SECONDS, IDLE_SECONDS = 1.0, 5.0
# An engine may not know a job at once that it has just been given, nor what another host has seen.
DOUBT_SECONDS = 5.0
EXIT_SECONDS = 5.0
# A job that was refused is handed over again after this time.
REFUSED_SECONDS = 60.0


def most() -> int:
    """How many jobs may wait in an engine. Raises RunError if the variable is no such number."""
    text = os.environ.get(MOST_VARIABLE, "")
    if text and not (text.isdecimal() and 1 <= int(text) <= 10_000):
        raise RunError(f"{MOST_VARIABLE}={text[:40]}: must be a whole number from 1 to 10000")
    return int(text or MOST)


def cancel(run: Run) -> bool:
    """Take a run out of the line; False if it isn't there, or not any more.

    The engine is told later; a job of it that begins until then is refused. Raises OSError.
    """
    with suppress(RunError), lock(run.path):
        job, status = jobs.pending(run.path), read_status(run.path)
        if job and job.queued and status and status.starting:
            write_status(run.path, cancelled(run.path, status, sum(run.phases)))
            jobs.drop(run.path)
            wake()
            return True
    return False


def hand_over(engine: Engine) -> bool:
    """Do one round; returns whether any run waits. Raises RunError if another program does one."""
    if not line.read().handed and not any(_queued(run) for run in _live()):
        return False
    line.home().mkdir(parents=True, exist_ok=True)
    with lock(line.home()):
        return _Round(engine).done()


class _Round:
    """One look at the folders and at the engine, by the one program that holds the line."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.before = line.read()
        self.handed = dict(self.before.handed)
        # Where runs can't be listed, none are, and all jobs would be taken for cancelled ones.
        next(paths.runs().iterdir(), None)
        found = list_runs()
        self.jobs = {run.id: job for run in found if (job := _queued(run))}
        self.waiting = [run for run in found if run.id in self.jobs]
        self.others = [run for run in found if run.id not in self.jobs]
        self.there: list[Run] = []
        self.starting: list[Run] = []
        self.trouble = ""
        self.refused: dict[str, str] = {}

    def done(self) -> bool:
        """Do it all; what fails because of the engine is left for the next round."""
        try:
            self._cancel()
            for run in in_turn(self._ask(), self.others + self.there + self.starting):
                if len(self.there) >= most():
                    break
                self._start(run)
        except RunError as error:
            self.trouble = f"{error}."
        self._write()
        return bool(self.waiting or self.handed)

    def _cancel(self) -> None:
        """Tell the engine of the jobs that it holds and that no run waits for."""
        for run_id, job in list(self.handed.items()):
            if run_id in self.jobs and self.jobs[run_id].token == job.token:
                continue
            path = paths.runs() / run_id
            try:
                begun = jobs.begun(path)
                waited_for = jobs.is_waited_for(path, job.token)
                if waited_for and (begun is None or begun.token != job.token):
                    # Its settings couldn't be read just now.
                    continue
                if job.engine == self.engine.address and not waited_for:
                    self.engine.cancel(run_id, job.handle)
            except UnreachableError:
                raise
            except (OSError, EngineError):
                # It is tried again, and the others go on.
                continue
            del self.handed[run_id]

    def _ask(self) -> list[Run]:
        """Ask the engine about what it holds; returns the runs that it doesn't."""
        held = []
        for run in self.waiting:
            job = self.handed.get(run.id)
            if job is None:
                held.append(run)
                continue
            hint = JobHint(JobState.UNKNOWN)
            if job.engine == self.engine.address:
                hint = self._state(run, job)
            if hint.state is JobState.BEGUN:
                self.starting.append(run)
            elif hint.state is JobState.QUEUED:
                self.there.append(run)
            else:
                del self.handed[run.id]
                if hint.state is JobState.GONE:
                    _give_up(run, job.token, hint.message)
                elif self._renew(run, job.token):
                    held.append(run)
        return held

    def _state(self, run: Run, job: Handed) -> JobHint:
        try:
            return _believed(self.engine.state(run.id, job.handle), job.token)
        except UnreachableError:
            raise
        except EngineError as error:
            self.refused[run.id] = f"{error}."
            return JobHint(JobState.QUEUED)

    def _renew(self, run: Run, token: str) -> bool:
        """Give it a new job, so that the old one is refused if it begins after all."""
        with suppress(RunError), lock(run.path):
            job = jobs.pending(run.path)
            if job and job.token == token:
                self.jobs[run.id] = jobs.order(run.path, self.engine.address, job.words)
                return True
        return False

    def _start(self, run: Run) -> None:
        needs = engines.needs_of(run.config)
        job = self.jobs[run.id]
        when, why = _refusals.get(job.token, (-REFUSED_SECONDS, ""))
        if monotonic() - when < REFUSED_SECONDS:
            self.refused[run.id] = why
            return
        if job.engine != self.engine.address:
            if not self._renew(run, job.token):
                return
            job = self.jobs[run.id]
        try:
            handle = self.engine.start(run, job.command, needs)
        except UnreachableError:
            raise
        except EngineError as error:
            # It may be this run alone that can't be had; who comes behind it needn't wait for that.
            self.refused[run.id] = f"{error}."
            _refusals[job.token] = monotonic(), self.refused[run.id]
            return
        self.handed[run.id] = Handed(job.token, self.engine.address, handle)
        self.there.append(run)
        # At once: whoever goes on after a crash finds it.
        self._write()

    def _write(self) -> None:
        place = {run_id: number for number, run_id in enumerate(self.handed)}
        first = sorted(self.there, key=lambda run: place.get(run.id, 0))
        known = {run.id for run in (*self.there, *self.starting)}
        rest = [run for run in self.waiting if run.id not in known]
        held = in_turn(rest, self.others + self.there + self.starting)
        found = Line(
            self.handed,
            tuple(run.id for run in (*first, *held)),
            tuple(run.id for run in self.starting),
            self.trouble,
            self.refused,
        )
        if found != self.before:
            line.write(found)
            self.before = replace(found, handed=dict(self.handed))


_since: dict[str, float] = {}
# When and why an engine last refused the job with a token.
_refusals: dict[str, tuple[float, str]] = {}


def _believed(hint: JobHint, token: str) -> JobHint:
    """What an engine says of the job with that token; QUEUED if it may not know better yet."""
    if hint.state in (JobState.QUEUED, JobState.BEGUN):
        _since.pop(token, None)
        return hint
    start = _since.setdefault(token, monotonic())
    if monotonic() - start < DOUBT_SECONDS:
        return JobHint(JobState.QUEUED)
    del _since[token]
    return hint


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


def _queued(run: Run) -> Job | None:
    """The job of a run that waits for an engine."""
    if not run.status.starting or run.state is not RunState.WAITING:
        return None
    job = jobs.pending(run.path)
    return job if job and job.queued else None


def _give_up(run: Run, token: str, reason: str) -> None:
    """The job ended before it began: a person decides whether to start it again."""
    with suppress(RunError), lock(run.path):
        job, status = jobs.pending(run.path), read_status(run.path)
        if job is None or job.token != token or status is None:
            return
        lines = reason.strip().splitlines()
        said = f" ({lines[-1].strip()[-200:]})" if lines else ""
        message = f"It has not started: the engine ended its job before it began{said}."
        measured = RunState.LOADED in (status.state, status.ending)
        state = RunState.LOADED if measured else RunState.INTERRUPTED
        write_status(run.path, replace(status, state=state, message=message, starting=False))
        jobs.drop(run.path)


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
        except (RunError, OSError):
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
