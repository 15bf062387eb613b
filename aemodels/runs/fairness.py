"""Whose turn it is: one person's twenty runs don't stand before another's first."""

from collections import Counter
from collections.abc import Iterable

from aemodels.runs.run import Run


def in_turn(waiting: Iterable[Run], others: Iterable[Run]) -> list[Run]:
    """The waiting runs in the order in which they come to be trained.

    `others` are those that are being trained, and those that were. First come those of whom fewest
    others of the same owner are being trained or are older; among them, those whose owner was
    served longest ago or never; then the oldest. Where nobody is told apart, that is their age.
    """
    waiting = sorted(waiting, key=lambda run: (run.created, run.id))
    others = list(others)
    ahead = Counter(run.owner for run in others if run.alive)
    # Without it, who has just been served would come first again: with the older run.
    served: dict[str, float] = {}
    for run in (*others, *waiting):
        served[run.owner] = max(served.get(run.owner, 0.0), run.status.begun)
    places = {}
    for run in waiting:
        places[run.id] = ahead[run.owner], served[run.owner]
        ahead[run.owner] += 1
    return sorted(waiting, key=lambda run: places[run.id])
