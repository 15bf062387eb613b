"""The job that an engine has been asked to do for a run: which command, and its token.

    job = jobs.order(path, "local", ["resume", run.id])     # before an engine gets it
    jobs.take(path, job.token)                              # by the process that it becomes

`job.json` lies in the run's folder from the order until the job begins, and `begun.json` is what it
was then. So a token is good for one beginning: a job that was superseded, cancelled, or that an
engine starts a second time, is refused. Both are changed only by whoever holds the run's lock.
"""

import json
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

from aemodels.bundles import atomic, fence
from aemodels.runs import folder
from aemodels.runs.folder import RunError

LOCAL = "local"


@dataclass(frozen=True)
class Job:
    """One attempt to work on a run.

    `engine` is its address, `words` those of the command behind `python -m aemodels`, `submitted`
    the time in ISO format, and `logged` the size of the run's log then, in bytes. A job that waits
    for its turn there is `queued` by that engine.
    """

    token: str
    engine: str
    words: tuple[str, ...]
    submitted: str
    logged: int = 0

    @property
    def queued(self) -> bool:
        """Whether its engine may let it wait; a process on this machine starts at once."""
        return self.engine != LOCAL

    @property
    def command(self) -> list[str]:
        """The words of the command, which tell the token."""
        return [*self.words, "--job", self.token]


def order(path: Path, engine: str, words: Sequence[str]) -> Job:
    """Write the job of the run in `path`, in the place of any other. Raises OSError.

    It counts once the run's status says that it is starting.
    """
    now = datetime.now(UTC).isoformat(timespec="milliseconds")
    try:
        logged = (path / folder.LOG).stat().st_size
    except FileNotFoundError:
        logged = 0
    job = Job(uuid4().hex, engine, tuple(words), now, logged)
    folder.write_json(path / folder.JOB, asdict(job))
    return job


def pending(path: Path) -> Job | None:
    """The job of the run in `path` that hasn't begun; None if there is none."""
    return _read(path / folder.JOB)


def begun(path: Path) -> Job | None:
    """The job that last began to work on the run in `path`; None if that was no job."""
    return _read(path / folder.BEGUN)


def given(path: Path) -> bool:
    """Whether an engine has given the run in `path` its part of a machine, so that it needn't wait
    for the others there.
    """
    job = begun(path)
    return job is not None and job.queued


def is_of_engine(path: Path) -> bool:
    """Whether the run in `path` waits for an engine, or has got its part of a machine from one: it
    takes no turn in the queue of a host.
    """
    job = pending(path) or begun(path)
    return job is not None and job.queued


def take(path: Path, token: str) -> None:
    """Let the job with that token begin. Raises RunError if it isn't the run's, or OSError."""
    job = pending(path)
    if job is None or job.token != token:
        raise superseded(path)
    fence.check()
    atomic.patiently(lambda: (path / folder.JOB).replace(path / folder.BEGUN))


def superseded(path: Path) -> RunError:
    """The error of a job that the run in `path` doesn't wait for."""
    return RunError(f"{path.name} no longer waits for this job: it was cancelled or replaced")


def drop(path: Path) -> None:
    """Forget the job that hasn't begun: it will be refused. Raises OSError."""
    fence.check()
    atomic.patiently(lambda: (path / folder.JOB).unlink(missing_ok=True))


def drop_all(path: Path) -> None:
    """Forget all jobs, for a process that was started by hand. Raises OSError."""
    drop(path)
    atomic.patiently(lambda: (path / folder.BEGUN).unlink(missing_ok=True))


def is_waited_for(path: Path, token: str) -> bool:
    """Whether the run in `path` waits for the job with that token, or it has begun. Raises OSError
    if that can't be read now, which says nothing.
    """
    for file in (path / folder.JOB, path / folder.BEGUN):
        # A file that isn't there is an answer; one that can't be read is none.
        with suppress(FileNotFoundError):
            file.read_bytes()
        job = _read(file)
        if job and job.token == token:
            return True
    return False


def _read(path: Path) -> Job | None:
    try:
        facts = json.loads(path.read_bytes())
        words = tuple(str(word) for word in facts["words"])
        # Not told by version 1.7.
        logged = facts.get("logged")
        return Job(
            str(facts["token"]),
            str(facts["engine"]),
            words,
            str(facts["submitted"]),
            logged if isinstance(logged, int) else 0,
        )
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return None
