"""One round of handing runs over: what the engine is asked, told and given.

The program that does it holds the line's lock (`dispatch`).
"""

from contextlib import suppress
from dataclasses import replace
from time import monotonic

from aemodels import paths
from aemodels.runs import engines, jobs, last_words
from aemodels.runs.engine_queue import line
from aemodels.runs.engine_queue.line import Handed, Line
from aemodels.runs.engine_queue.slots import SLOW, Slots, is_slow
from aemodels.runs.engines import Engine, EngineError, JobHint, JobState, UnreachableError
from aemodels.runs.fairness import in_turn
from aemodels.runs.folder import RunError, bundle_in
from aemodels.runs.jobs import Job
from aemodels.runs.lock import Lost, lock
from aemodels.runs.run import Run, list_runs
from aemodels.runs.status import RunState, read_status, write_status

# An engine may not know a job at once that it has just been given, nor what another host has seen.
DOUBT_SECONDS = 5.0
# A job that was refused is handed over again after this time.
REFUSED_SECONDS = 60.0


class Round:
    """One look at the folders and at the engine, by the one program that holds the line."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.before = line.read()
        self.handed = dict(self.before.handed)
        # Where runs can't be listed, none are, and all jobs would be taken for cancelled ones.
        next(paths.runs().iterdir(), None)
        found = list_runs()
        self.jobs = {run.id: job for run in found if (job := queued(run))}
        self.waiting = [run for run in found if run.id in self.jobs]
        self.others = [run for run in found if run.id not in self.jobs]
        self.there = Slots(self.jobs)
        self.starting: list[Run] = []
        self.trouble = ""
        self.refused: dict[str, str] = {}

    def done(self) -> bool:
        """Do it all; what fails because of the engine is left for the next round."""
        try:
            self._cancel()
            for run in self._in_turn(self._ask()):
                if self.there.is_free(run):
                    self._start(run)
        except RunError as error:
            self.trouble = f"{error}."
        self._write()
        return bool(self.waiting or self.handed)

    def _in_turn(self, runs: list[Run]) -> list[Run]:
        return in_turn(runs, self.others + self.there.held + self.starting)

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
                self.there.hold(run)
            else:
                del self.handed[run.id]
                if hint.state is JobState.GONE:
                    give_up(run, job.token, hint.message)
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
        with suppress(RunError, Lost), lock(run.path):
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
        self.there.hold(run)
        # At once: whoever goes on after a crash finds it.
        self._write()

    def _write(self) -> None:
        place = {run_id: number for number, run_id in enumerate(self.handed)}
        first = sorted(self.there.held, key=lambda run: place.get(run.id, 0))
        known = {run.id for run in (*first, *self.starting)}
        rest = [run for run in self.waiting if run.id not in known]
        slow = {run.id: SLOW for run in first if is_slow(run)}
        found = Line(
            self.handed,
            tuple(run.id for run in (*first, *self._in_turn(rest))),
            tuple(run.id for run in self.starting),
            self.trouble,
            slow | self.refused,
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


def queued(run: Run) -> Job | None:
    """The job of a run that waits for an engine."""
    if not run.status.starting or run.state is not RunState.WAITING:
        return None
    job = jobs.pending(run.path)
    return job if job and job.queued else None


def give_up(run: Run, token: str, reason: str) -> None:
    """The job ended before it began: a person decides whether to start it again."""
    with suppress(RunError, Lost), lock(run.path):
        job, status = jobs.pending(run.path), read_status(run.path)
        if job is None or job.token != token or status is None:
            return
        resumed = status.epoch or bundle_in(run.path)
        said = last_words.of_job(run.path, job.logged) or _last_line(reason)
        message = (
            f"It has not {'continued' if resumed else 'started'}: "
            f"the engine ended its job before it began{f' ({said})' if said else ''}."
        )
        measured = RunState.LOADED in (status.state, status.ending)
        state = RunState.LOADED if measured else RunState.INTERRUPTED
        write_status(run.path, replace(status, state=state, message=message, starting=False))
        jobs.drop(run.path)


def _last_line(text: str) -> str:
    lines = text.strip().splitlines()
    return lines[-1].strip()[-200:].rstrip(".") if lines else ""
