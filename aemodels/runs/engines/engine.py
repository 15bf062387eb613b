"""What an engine is: something that starts the command of a run, now or when there is room.

The run's folder says what is true; an engine is asked only about jobs that haven't begun.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from aemodels.runs.engines.needs import Needs
from aemodels.runs.folder import RunError
from aemodels.runs.run import Run


class EngineError(RunError):
    """An engine can't be reached, or refuses; the message is one sentence with a remedy."""


class UnreachableError(EngineError):
    """An engine gives no answer, so it has none about any job; others concern one job alone."""


class JobState(StrEnum):
    """What an engine knows of a job.

    Of one that is GONE it knows that it ended; of one that is UNKNOWN it knows nothing, or that it
    gave up before the job began, so the job can be handed over again.
    """

    QUEUED = "queued"
    BEGUN = "begun"
    GONE = "gone"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class JobHint:
    """The state of a job, with the engine's own words on why, where it has any."""

    state: JobState
    message: str = ""


class Engine(Protocol):
    """Starts, looks up and cancels jobs. Each method raises EngineError if the engine doesn't
    answer, and returns within some seconds.
    """

    @property
    def address(self) -> str:
        """The value of LATENT_LAB_ENGINE that names it."""

    @property
    def queues(self) -> bool:
        """Whether jobs may wait there; else `start` starts a process on this machine."""

    def start(self, run: Run, words: Sequence[str], needs: Needs) -> str:
        """Hand over `python -m aemodels` with these words; returns the job's handle.

        The last word is the job's token. Handed over twice, the job begins once at most.
        """

    def state(self, run_id: str, handle: str) -> JobHint:
        """What the engine knows of the job. An answer may be two seconds old."""

    def cancel(self, run_id: str, handle: str) -> None:
        """Take it out of the queue. Nothing happens if it has ended or isn't known."""
