"""The rule: the first candidate whose mean criterion is within the tolerance of the best one's, or,
where the choice says so, at least as good as that of one of them.

Excluded candidates are left out.
"""

from __future__ import annotations

from collections.abc import Sequence
from statistics import fmean
from typing import Any

from reproduction.choices.choice import Choice
from reproduction.choices.history import HistoryError, Trial


def missing(choice: Choice, trials: Sequence[Trial]) -> list[tuple[dict[str, Any], int]]:
    """The candidates and seeds that the history lacks."""
    had = [(choice.normal(trial.settings), trial.seed) for trial in trials]
    return [
        (dict(candidate), seed)
        for candidate, seed in choice.trials()
        if (choice.settings(candidate), seed) not in had
    ]


def means(choice: Choice, trials: Sequence[Trial]) -> list[float]:
    """The mean criterion of each candidate, in their order; infinitely bad if a seed diverged.

    Raises HistoryError if a candidate has not been tried with every seed, a trial is of none, or
    one lacks the criterion.
    """
    lacking = missing(choice, trials)
    if lacking:
        raise HistoryError(f"{choice.name}: {len(lacking)} trials are missing")
    found: list[list[float]] = [[] for _ in choice.candidates]
    tried = choice.tried()
    for trial in trials:
        settings = choice.normal(trial.settings)
        if settings not in tried or trial.seed not in choice.seeds:
            raise HistoryError(f"{choice.name}: a trial in the history is of no candidate")
        if not trial.failure and choice.criterion not in trial.figures:
            raise HistoryError(f"{choice.name}: a trial has no figure {choice.criterion}")
        worst = float("inf") if choice.better == "lower" else float("-inf")
        value = worst if trial.failure else trial.figures[choice.criterion]
        found[tried.index(settings)].append(value)
    return [fmean(values) for values in found]


def chosen(choice: Choice, trials: Sequence[Trial]) -> dict[str, Any]:
    """All settings of the candidate that the rule chooses. Raises HistoryError as `means` does."""
    sign = 1 if choice.better == "lower" else -1
    found = [
        sign * float("inf") if place in choice.excluded else value
        for place, value in enumerate(means(choice, trials))
    ]
    best = min(sign * value for value in found)
    if best == float("inf"):
        raise HistoryError(f"{choice.name}: every candidate diverged or is excluded")
    limit = best + choice.tolerance * abs(best)
    if choice.as_good_as is not None:
        limit = sign * found[choice.tried().index(choice.settings(choice.as_good_as))]
    if limit == float("inf"):
        raise HistoryError(f"{choice.name}: what to be as good as diverged or is excluded")
    place = next(k for k, value in enumerate(found) if sign * value <= limit)
    return choice.tried()[place]
