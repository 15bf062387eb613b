"""A queue of trials, trained by a few processes on one thread each; histories are kept up to date.

Loads no PyTorch; the processes do.
"""

from __future__ import annotations

import multiprocessing
import os
import sys
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from pathlib import Path

from aemodels.data import DataError
from aemodels.setting import SettingError
from reproduction.choices import history, rule
from reproduction.choices.choice import Choice, Settings
from reproduction.choices.history import Trial


def run(choices: Sequence[Choice], folder: Path, jobs: int = 1, quick: bool = False) -> int:
    """Try what the histories in `folder` lack and add it to them; returns how many trials failed.

    In quick mode everything is tried, in small, and nothing written. Raises HistoryError, OSError.
    """
    queue = [
        (choice, candidate, seed)
        for choice in choices
        for candidate, seed in _lacking(choice, folder, quick)
    ]
    # Read by the processes when they load PyTorch.
    os.environ["OMP_NUM_THREADS"] = "1"
    failed = 0
    context = multiprocessing.get_context("spawn")
    executor = ProcessPoolExecutor(jobs, mp_context=context)
    try:
        running = {
            executor.submit(_attempt, choice.name, candidate, seed, quick): (choice, candidate)
            for choice, candidate, seed in queue
        }
        for done, future in enumerate(as_completed(running), 1):
            choice, candidate = running[future]
            head = f"{done} of {len(queue)}: {choice.name}, {words(candidate)}"
            try:
                trial = future.result()
            except (DataError, SettingError, RuntimeError, ValueError) as error:
                # Those after it can have hours of training to save.
                print(f"{head}: {type(error).__name__}: {error}", file=sys.stderr, flush=True)
                failed += 1
                continue
            if not quick:
                history.add(choice, trial, folder)
            figures = ", ".join(f"{name} {value:g}" for name, value in trial.figures.items())
            result = trial.failure or figures
            print(f"{head}, seed {trial.seed}, {trial.seconds:g} s: {result}", flush=True)
    finally:
        executor.shutdown(cancel_futures=True)
    return failed


def _lacking(choice: Choice, folder: Path, quick: bool) -> list[tuple[Settings, int]]:
    if quick:
        return list(choice.trials())
    return list(rule.missing(choice, history.read(choice.name, folder)))


def _attempt(name: str, candidate: Settings, seed: int, quick: bool) -> Trial:
    """In a process of its own, since this one needs no PyTorch."""
    from reproduction.choices.trying import attempt

    return attempt(name, candidate, seed, quick)


def words(candidate: Settings) -> str:
    """A candidate in words."""
    return " ".join(f"{name}={value}" for name, value in candidate.items())
