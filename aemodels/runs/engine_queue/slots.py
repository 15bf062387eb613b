"""How many jobs an engine holds that haven't begun, and which runs they hold up.

A job may never begin: it asks for a GPU where there is none, or an administrator holds it. So a job
counts only against runs that need as much, and once the engine has held it for two minutes, only
against runs of the same person.
"""

import os
from collections.abc import Collection
from math import ceil
from time import monotonic

from aemodels.runs.engines import Needs, needs_of
from aemodels.runs.folder import RunError
from aemodels.runs.run import Run

MOST, VARIABLE = 4, "LATENT_LAB_ENGINE_QUEUE"
HELD_SECONDS = 120.0
SLOW = "The engine hasn't begun it for two minutes, so other people's runs may begin before it."
GB = 1 << 30


def most() -> int:
    """How many jobs may wait in an engine. Raises RunError if the variable is no such number."""
    text = os.environ.get(VARIABLE, "")
    if text and not (text.isascii() and text.isdecimal() and 1 <= int(text) <= 10_000):
        raise RunError(f"{VARIABLE}={text[:40]}: must be a whole number from 1 to 10000")
    return int(text or MOST)


def complaints() -> list[str]:
    """A sentence if the variable is no such number."""
    try:
        most()
    except RunError as error:
        return [f"{error}."]
    return []


# For each run, by its id, since when an engine has held it; a new token doesn't change that.
_since: dict[str, float] = {}


class Slots:
    """The jobs that an engine holds and hasn't begun."""

    def __init__(self, waiting: Collection[str]) -> None:
        """`waiting` are the ids of all runs that wait, held by the engine or not."""
        for run_id in _since.keys() - set(waiting):
            del _since[run_id]
        self.held: list[Run] = []

    def hold(self, run: Run) -> None:
        """The engine has it."""
        _since.setdefault(run.id, monotonic())
        self.held.append(run)

    def is_free(self, run: Run) -> bool:
        """Whether the engine may have this one too. Raises RunError if a variable is no number."""
        needs = needs_of(run.config)
        count = sum(
            _asks_no_more(needs_of(other.config), needs)
            and (other.owner == run.owner or not is_slow(other))
            for other in self.held
        )
        return count < most()


def is_slow(run: Run) -> bool:
    """Whether the engine has held it for so long that it may never begin."""
    return monotonic() - _since.get(run.id, monotonic()) >= HELD_SECONDS


def _asks_no_more(needs: Needs, than: Needs) -> bool:
    """Whether a job that waits shows that a run with the other needs would wait as well.

    Memory counts in whole GB, so that a run isn't let through because it is a trifle smaller.
    """
    return (
        needs.cpus <= than.cpus
        and needs.gpus <= than.gpus
        and ceil(needs.memory / GB) <= ceil(than.memory / GB)
    )
