"""An engine that only notes what it is told, and runs that wait for it."""

from collections.abc import Sequence

from aemodels import runs
from aemodels.config import Config
from aemodels.runs import process
from aemodels.runs.engines import EngineError, JobHint, JobState, Needs, UnreachableError


class Noted:
    """An engine that only notes what it is told."""

    queues = True

    def __init__(self, address: str = "noted") -> None:
        self.address = address
        self.jobs: dict[str, JobHint] = {}
        self.started: list[tuple[str, str]] = []
        self.cancelled: list[str] = []
        self.reachable = True
        self.refuses: set[str] = set()

    def start(self, run: runs.Run, words: Sequence[str], needs: Needs) -> str:
        self._answer()
        if run.id in self.refuses:
            raise EngineError("no node has so much memory")
        self.started.append((run.id, words[-1]))
        handle = f"job {len(self.started)}"
        self.jobs[handle] = JobHint(JobState.QUEUED)
        return handle

    def state(self, run_id: str, handle: str) -> JobHint:
        self._answer()
        return self.jobs.get(handle, JobHint(JobState.UNKNOWN))

    def cancel(self, run_id: str, handle: str) -> None:
        self._answer()
        if handle in self.refuses:
            raise EngineError("not now")
        self.cancelled.append(handle)

    def _answer(self) -> None:
        if not self.reachable:
            raise UnreachableError("it can't be reached")


def started(name: str, owner: str = "") -> runs.Run:
    run = runs.create(Config(), id=name, owner=owner)
    process.start(run)
    return run


def messages(*names: str) -> list[str]:
    found = [runs.read(name) for name in names]
    assert all(run.state == "waiting" for run in found)
    return [run.message for run in found]
